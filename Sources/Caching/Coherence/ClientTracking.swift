import Timeline

/// Which clients may hold copies of which keys: the server's side of Redis' client-side caching.
///
/// A client that reads a key is told once that it has changed, and not again until it reads it again. The table is
/// bounded: where there is no room, the key that was read longest ago leaves, and its clients are told that it has
/// changed though it has not. A client that loses its connection has to drop all its copies.
public struct ClientTracking<Key: CacheKey>: Sendable {
    /// Who is to drop a copy.
    public struct Invalidation: Hashable, Sendable {
        /// Of what.
        public var key: Key
        /// Who.
        public var clients: NodeSet
    }

    /// Invalidations of keys that had not changed.
    public private(set) var falseInvalidations = 0
    private var table: LRUCache<Key, NodeSet>

    /// An empty table.
    /// - Parameter capacity: how many keys are tracked; fewer than 0 count as 0.
    public init(capacity: Int) {
        table = LRUCache(capacity: capacity)
    }

    /// How many keys are tracked.
    public var count: Int { table.count }

    /// Who is told when a key changes.
    public func clients(of key: Key) -> NodeSet {
        table.entry(for: key)?.value ?? NodeSet()
    }

    /// A client reads a key, and may keep a copy from now on.
    /// - Parameter client: 0 to 63.
    /// - Returns: who has to be told, for want of room, that a key has changed.
    public mutating func read(_ key: Key, by client: Int) -> Invalidation? {
        var clients = clients(of: key)
        clients.insert(client)
        guard table.capacity > 0 else {
            falseInvalidations += 1
            return Invalidation(key: key, clients: clients)
        }
        let gone = table.insert(key, clients, at: .zero)
        guard let left = gone.first(where: { $0.cause == .capacity }) else { return nil }
        falseInvalidations += 1
        return Invalidation(key: left.key, clients: left.value)
    }

    /// A key was written, has expired or was evicted: who has to be told, once.
    /// - Parameter writer: a client that is not told, since it has written the key itself and keeps no copy (`NOLOOP`).
    public mutating func changed(_ key: Key, sparing writer: Int? = nil) -> NodeSet {
        var clients = table.remove(key) ?? NodeSet()
        if let writer { clients.remove(writer) }
        return clients
    }

    /// Everything was dropped: who has to drop all copies.
    public mutating func removeAll() -> NodeSet {
        let clients = table.entriesByRecency.reduce(NodeSet()) { $0.union($1.value) }
        table.removeAll()
        return clients
    }
}
