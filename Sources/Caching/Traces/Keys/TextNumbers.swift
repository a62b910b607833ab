import Timeline

/// Numbers of texts. Texts are the same if their bytes are; what Unicode holds to be equal may be different.
///
/// The texts stand one after the other in one array, so a lookup makes no string and takes no memory.
struct TextNumbers: Sendable {
    /// A text's place among all.
    private struct Entry {
        var start: Int
        var count: Int
        var number: UInt32
    }

    private var letters: [UInt8] = []
    private var entries: [Entry] = []
    /// Leads from a text's hash to its entry. Of texts with the same hash, a later one has the next free hash.
    private var table = NumberTable()

    /// What is known of a text.
    enum Finding {
        case known(number: UInt32)
        /// It is new, and would be here in the table.
        case absent(hash: UInt64, place: Int)
    }

    /// Looks a text up.
    func find(_ text: Span<UInt8>) -> Finding {
        var hash = Self.hash(text)
        while true {
            let place = table.place(of: hash)
            let found = table[place]
            guard found != NumberTable.absent else { return .absent(hash: hash, place: place) }
            let entry = entries[Int(found)]
            if isEqual(entry, text) { return .known(number: entry.number) }
            hash &+= 1
        }
    }

    /// Adds a text that has just been found to be absent.
    mutating func insert(_ text: Span<UInt8>, _ number: UInt32, hash: UInt64, at place: Int) {
        table.insert(hash, UInt32(truncatingIfNeeded: entries.count), at: place)
        entries.append(Entry(start: letters.count, count: text.count, number: number))
        for place in text.indices { letters.append(text[place]) }
    }

    private func isEqual(_ entry: Entry, _ text: Span<UInt8>) -> Bool {
        guard entry.count == text.count else { return false }
        let letters = letters.span.extracting(entry.start..<entry.start + entry.count)
        for place in text.indices where letters[place] != text[place] { return false }
        return true
    }

    private static func hash(_ text: Span<UInt8>) -> UInt64 {
        var hash = UInt64(text.count)
        var position = 0
        while text.count - position >= 8 {
            let word = text.bytes.unsafeLoadUnaligned(fromByteOffset: position, as: UInt64.self)
            hash = RandomStream.scramble(hash ^ UInt64(littleEndian: word))
            position += 8
        }
        var rest: UInt64 = 0
        while position < text.count {
            rest = rest << 8 | UInt64(text[position])
            position += 1
        }
        return RandomStream.scramble(hash ^ rest)
    }
}
