/// Goes through entries of one stream in the order of all nodes: what an entry is made upon comes before it.
public struct EntryWalk: Sequence, IteratorProtocol, Sendable {
    private let arena: EntryArena
    private let stream: UInt32
    private let end: VersionVector
    private var passed: VersionVector
    /// The next entry of each origin.
    private var heads: [8 of UInt32]

    init(stream: UInt32, from known: VersionVector, through end: VersionVector, in arena: EntryArena) {
        self.arena = arena
        self.stream = stream
        self.end = end
        passed = known
        heads = InlineArray(repeating: EntryIndex.empty)
        for origin in 0..<VersionVector.nodeLimit { findHead(of: origin) }
    }

    /// The next entry; nil at the end.
    public mutating func next() -> UInt32? {
        var first: (origin: Int, entry: ReplicatedEntry)?
        for origin in 0..<VersionVector.nodeLimit {
            guard let entry = arena[heads[origin]] else { continue }
            if first.map({ entry.precedes($0.entry) }) ?? true { first = (origin, entry) }
        }
        guard let first else { return nil }
        let number = heads[first.origin]
        passed.increment(first.origin)
        findHead(of: first.origin)
        return number
    }

    private mutating func findHead(of origin: Int) {
        let isMore = passed[origin] < end[origin]
        heads[origin] =
            isMore
            ? arena.number(of: stream, UInt8(origin), passed[origin] + 1) ?? EntryIndex.empty : EntryIndex.empty
    }
}
