/// What had to leave a cache for a value to come in: mostly nothing, or one entry.
public struct Evictions<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    @usableFromInline var only: Eviction<Key, Value>?
    @usableFromInline var more: [Eviction<Key, Value>] = []

    @inlinable
    init() {}

    @inlinable
    mutating func append(_ eviction: Eviction<Key, Value>) {
        if only == nil { only = eviction } else { more.append(eviction) }
    }

    /// The one that left first; nil if none did.
    @inlinable
    public var first: Eviction<Key, Value>? { only }

    /// How many left.
    @inlinable
    public var count: Int { only == nil ? 0 : 1 + more.count }

    /// Whether none left.
    @inlinable
    public var isEmpty: Bool { only == nil }
}

extension Evictions: Sequence {
    /// In the order in which they left.
    @inlinable
    public func makeIterator() -> IndexingIterator<[Eviction<Key, Value>]> {
        (only.map { [$0] + more } ?? []).makeIterator()
    }
}
