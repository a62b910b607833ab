/// The latest entries, in a ring of fixed size. What has been overwritten comes back by replay.
public struct Journal: Sendable {
    /// How many entries it holds at most; a power of two.
    public let capacity: Int
    private var ring: [Entry] = []
    /// The number of an entry that stands, or would stand, in the first place of the ring.
    private var origin: UInt64 = 1
    /// The number that the next entry has.
    private var end: UInt64 = 1
    /// The number of the oldest entry held, if any is held.
    private var start: UInt64 = 1

    /// A journal for at least so many entries, rounded up to a power of two; 0 keeps none.
    public init(capacity: Int) {
        var rounded = capacity > 0 ? 1 : 0
        while rounded < capacity { rounded *= 2 }
        self.capacity = rounded
    }

    /// How many entries it holds.
    public var count: Int { Int(end - start) }

    /// The number of the oldest entry held.
    public var oldest: EntryID { EntryID(start) }

    /// The number that the next entry will have.
    public var next: EntryID { EntryID(end) }

    /// The entry with this number, if it is held.
    public subscript(id: EntryID) -> Entry? {
        guard id.number >= start, id.number < end else { return nil }
        return ring[place(id.number)]
    }

    /// The latest entries that meet a condition, newest first, at most so many.
    public func latest(_ count: Int, where condition: (Entry) -> Bool = { _ in true }) -> [Entry] {
        var found: [Entry] = []
        var number = end
        while number > start, found.count < count {
            number -= 1
            let entry = ring[place(number)]
            if condition(entry) { found.append(entry) }
        }
        return found
    }

    /// The entries from this number on that are held, oldest first.
    public func entries(from id: EntryID) -> [Entry] {
        let first = max(id.number, start)
        return first < end ? (first..<end).map { ring[place($0)] } : []
    }

    /// Takes new entries in; the first must have the number ``next``, unless nothing is held.
    mutating func append(_ entries: [Entry]) {
        guard capacity > 0, let first = entries.first else { return }
        if count == 0 { (origin, start, end) = (first.id.number, first.id.number, first.id.number) }
        var rest = entries[...]
        while !rest.isEmpty {
            let place = place(end)
            let next = rest.prefix((place < ring.count ? ring.count : capacity) - place)
            if place < ring.count {
                // As one block of memory, which an assignment to the range would not be.
                ring.withUnsafeMutableBufferPointer { ring in
                    _ = ring[place...].update(fromContentsOf: next)
                }
            } else {
                ring += next
            }
            end += UInt64(next.count)
            rest = rest.dropFirst(next.count)
        }
        if end - start > UInt64(capacity) { start = end - UInt64(capacity) }
    }

    private func place(_ number: UInt64) -> Int {
        Int(truncatingIfNeeded: number &- origin) & (capacity - 1)
    }

    /// Forgets the entries from this number on: time was turned back before them.
    mutating func truncate(to id: EntryID) {
        end = max(start, min(end, id.number))
        if end == start {
            start = id.number
            end = id.number
        }
    }
}
