import CQRS
import EventSourcing
import Timeline

/// What one version of a projection keeps: a row for each aggregate, its checkpoints, and what is set aside.
struct ProjectionTable: Sendable {
    /// What a table says of one aggregate.
    struct Row: Hashable, Sendable {
        /// How many of its events have been taken in.
        var events: UInt32 = 0
        /// The last of them, by its number in the store; 0 for none.
        var entry: UInt32 = 0
    }

    /// An event that is set aside.
    struct Letter: Hashable, Sendable {
        let sequence: SequenceKey
        let position: Position
        let entry: UInt32
    }

    /// By the numbers of the streams.
    private var rows: [Row] = []
    /// That of each lane; nil if it has never moved.
    private(set) var checkpoints: [Position?]
    /// In the order in which they were set aside.
    private(set) var letters: [Letter] = []
    /// Which events have been taken in.
    private var taken = EntrySet()
    /// How many events have been taken in.
    private(set) var projected: UInt64 = 0
    /// Times that one was taken in that had been before.
    private(set) var again: UInt64 = 0
    /// Times that one was taken in behind a later one of its stream.
    private(set) var outOfOrder: UInt64 = 0
    /// How many were left out for good.
    private(set) var leftOut: UInt64 = 0

    init(lanes: Int) {
        checkpoints = Array(repeating: nil, count: lanes)
    }

    /// The row of a stream.
    func row(of stream: UInt32) -> Row { Int(stream) < rows.count ? rows[Int(stream)] : Row() }

    /// Takes an event in; false if it had been taken in before.
    mutating func take(_ entry: UInt32, of stream: UInt32) -> Bool {
        while rows.count <= Int(stream) { rows.append(Row()) }
        guard taken.insert(entry) else {
            again += 1
            return false
        }
        projected += 1
        if entry < rows[Int(stream)].entry { outOfOrder += 1 }
        rows[Int(stream)].entry = max(rows[Int(stream)].entry, entry)
        rows[Int(stream)].events += 1
        return true
    }

    mutating func setAside(_ entry: UInt32, _ sequence: SequenceKey, at position: Position) {
        letters.append(Letter(sequence: sequence, position: position, entry: entry))
    }

    mutating func leaveOut() { leftOut += 1 }

    mutating func move(lane: Int, to position: Position) { checkpoints[lane] = position }

    /// What a run has to know of what is set aside in its segment.
    func quarantined(in segment: Segment) -> [QuarantinedSequence] {
        var sequences: [SequenceKey] = []
        for letter in letters where segment.contains(letter.sequence) && !sequences.contains(letter.sequence) {
            sequences.append(letter.sequence)
        }
        return sequences.map { sequence in
            let own = letters.filter { $0.sequence == sequence }
            return QuarantinedSequence(sequence: sequence, head: own[0].position, letters: own.count)
        }
    }

    /// The first events of a sequence that are set aside, so many at most.
    func first(_ count: Int, of sequence: SequenceKey) -> [Letter] {
        Array(letters.lazy.filter { $0.sequence == sequence }.prefix(count))
    }

    /// Takes the first events of a sequence out of what is set aside; returns where the next one stands.
    mutating func removeFirst(_ count: Int, of sequence: SequenceKey) -> Position? {
        var left = count
        letters.removeAll { letter in
            guard letter.sequence == sequence, left > 0 else { return false }
            left -= 1
            return true
        }
        return letters.first { $0.sequence == sequence }?.position
    }

    func mix(into digest: inout Digest) {
        digest.mix(projected, again)
        digest.mix(leftOut, UInt64(letters.count))
        for row in rows where row.events > 0 { digest.mix(UInt64(row.events), UInt64(row.entry)) }
        for checkpoint in checkpoints { digest.mix(UInt64(bitPattern: checkpoint?.number ?? -1)) }
    }

    /// About how many bytes a copy takes once the original goes on.
    var footprint: Int { rows.count * MemoryLayout<Row>.stride + (16 << 10) }
}

/// A set of a store's entries, a bit for each.
struct EntrySet: Sendable {
    private var words = SegmentedArray<UInt64>(segment: 256)

    /// Adds an entry; false if it is there already.
    mutating func insert(_ entry: UInt32) -> Bool {
        let (word, bit) = (Int(entry) / 64, UInt64(1) << (entry % 64))
        while words.count <= word { words.append(0) }
        guard words[word] & bit == 0 else { return false }
        words[word] |= bit
        return true
    }
}
