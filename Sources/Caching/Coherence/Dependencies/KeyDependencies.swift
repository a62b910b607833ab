/// Which keys' values were made of which other keys' values: who invalidates one invalidates all that depend on it,
/// directly or by way of others.
///
/// It is bounded, and says so: what depends on more than there is room for must not be cached, since nobody would
/// invalidate it. A cycle does no harm.
public struct KeyDependencies<Key: CacheKey>: Sendable {
    /// How many dependents one invalidation lists at most.
    public let mostDependents: Int
    private var relation: Relation<Key, Key>

    /// What depends on a key.
    public struct Dependents: Hashable, Sendable {
        /// The keys, nearest first, without the one that was asked for.
        public var keys: [Key]
        /// Whether these are all. If not, the whole cache has to be dropped.
        public var isComplete: Bool
    }

    /// No dependencies.
    /// - Parameters:
    ///   - capacity: how many pairs of a key and one that it depends on are kept; fewer than 0 count as 0.
    ///   - mostDependents: how many keys one invalidation lists; fewer than 0 count as 0.
    public init(capacity: Int, mostDependents: Int = 10_000) {
        relation = Relation(capacity: capacity)
        self.mostDependents = max(0, mostDependents)
    }

    /// How many pairs are kept.
    public var count: Int { relation.count }

    /// A key's value was made of these keys' values, and of no others.
    /// - Returns: whether that could be noted. If not, the value must not be cached.
    @discardableResult
    public mutating func set(_ key: Key, dependsOn causes: [Key]) -> Bool {
        relation.set(key, causes)
    }

    /// A key's value is not held any more. What depends on it still does.
    public mutating func remove(_ key: Key) {
        relation.remove(key)
    }

    /// The keys that a key's value was made of.
    public func causes(of key: Key) -> [Key] {
        relation.groups(of: key)
    }

    /// All keys that depend on one, directly or by way of others.
    public func dependents(of key: Key) -> Dependents {
        var found: [Key] = []
        var seen: Set<Key> = [key]
        var next = 0
        var cause = key
        while true {
            for dependent in relation.members(of: cause) where seen.insert(dependent).inserted {
                guard found.count < mostDependents else { return Dependents(keys: found, isComplete: false) }
                found.append(dependent)
            }
            guard next < found.count else { return Dependents(keys: found, isComplete: true) }
            cause = found[next]
            next += 1
        }
    }
}
