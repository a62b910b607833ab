/// Which of the keys that are held have which tags, so that those with a tag can be dropped at once.
///
/// Where ``InvalidationMarks`` tell on each read whether a tag was invalidated since, nobody needs it to be safe: it frees
/// the room of what would only be found stale later, and tells how many that are. A cache that does not ask on each read
/// must not keep what could not be noted here.
public struct KeysByTag<Key: CacheKey, Tag: CacheKey>: Sendable {
    @usableFromInline var relation: Relation<Key, Tag>

    /// No keys.
    /// - Parameter capacity: how many pairs of a key and a tag are kept; fewer than 0 count as 0.
    @inlinable
    public init(capacity: Int) {
        relation = Relation(capacity: capacity)
    }

    /// How many pairs are kept.
    @inlinable
    public var count: Int { relation.count }

    /// A key's value has these tags, and no others.
    /// - Returns: whether that could be noted. If not, the key is found by none.
    @discardableResult
    @inlinable
    public mutating func set(_ key: Key, tags: [Tag]) -> Bool {
        relation.set(key, tags)
    }

    /// A key's value is not held any more.
    @inlinable
    public mutating func remove(_ key: Key) {
        relation.remove(key)
    }

    /// The tags of a key.
    @inlinable
    public func tags(of key: Key) -> [Tag] {
        relation.groups(of: key)
    }

    /// The keys with a tag, the latest first.
    @inlinable
    public func keys(with tag: Tag) -> [Key] {
        Array(relation.members(of: tag))
    }
}
