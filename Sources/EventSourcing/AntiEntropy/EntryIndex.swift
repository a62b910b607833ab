/// Finds entries by a hash, in one flat array of four bytes a slot: open addressing, and nothing is ever taken out.
struct EntryIndex: Hashable, Sendable {
    private var slots: [UInt32] = []
    private var count = 0

    /// Stands in a slot without an entry, and is no entry's number.
    static let empty = UInt32.max

    /// The first entry under this hash that is the one that is looked for; nil if there is none.
    func first(_ hash: UInt64, where isWanted: (UInt32) -> Bool) -> UInt32? {
        guard !slots.isEmpty else { return nil }
        var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[slot] != Self.empty {
            if isWanted(slots[slot]) { return slots[slot] }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    /// Adds the last of these entries.
    /// - Parameters:
    ///   - entries: all that are in the index, by number, and the new one.
    ///   - hash: under which an entry is found.
    mutating func addLast(of entries: [ReplicatedEntry], by hash: (ReplicatedEntry) -> UInt64) {
        count += 1
        if count * 4 > slots.count * 3 {
            slots = Array(repeating: Self.empty, count: max(16, slots.count * 2))
            for number in entries.indices.dropLast() { put(number, hash(entries[number])) }
        }
        if let last = entries.indices.last { put(last, hash(entries[last])) }
    }

    private mutating func put(_ number: Int, _ hash: UInt64) {
        var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[slot] != Self.empty { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = UInt32(number)
    }
}
