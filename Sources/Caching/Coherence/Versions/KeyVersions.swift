import Timeline

/// The newest version of each key that somebody has heard of.
///
/// Versions are numbers of one sequence that the origin counts for all keys: each write takes the next, and a value has
/// the number up to which the origin had come when it was read. So a value includes a write if its number is not
/// smaller.
///
/// It remembers as many keys as it has room for. All others count as written by the newest write that it has forgotten:
/// a value may be refused without need, but never be taken for current wrongly; a value that is read from the origin
/// again is. What is known of a key never goes backwards.
public struct KeyVersions<Key: CacheKey>: Sendable {
    private var versions: LRUCache<Key, UInt64>
    /// The newest version that was forgotten.
    public private(set) var floor: UInt64 = 0

    /// How a version that was heard of stands to what was known.
    public enum Standing: Hashable, Sendable {
        /// It is newer than all that was known.
        case newer
        /// It was known.
        case known
        /// A newer one is known.
        case older
        /// Nothing is remembered of the key, and what was forgotten may have been newer: an invalidation should be
        /// obeyed, a value refused.
        case uncertain
    }

    /// Nothing known.
    /// - Parameter capacity: how many keys are remembered; fewer than 0 count as 0.
    public init(capacity: Int) {
        versions = LRUCache(capacity: capacity)
    }

    /// How many keys are remembered.
    public var count: Int { versions.count }

    /// The newest version that a key can have, as far as is known; 0 if nothing was ever heard.
    public func newest(of key: Key) -> UInt64 {
        remembered(key) ?? floor
    }

    /// Whether no newer version than this one is known of a key.
    public func isCurrent(_ key: Key, version: UInt64) -> Bool {
        version >= newest(of: key)
    }

    /// Hears of a version of a key: compares first, and keeps it only if it is newer.
    public mutating func hear(of key: Key, version: UInt64) -> Standing {
        let known = remembered(key)
        guard version > known ?? floor else {
            guard let known else { return .uncertain }
            return version == known ? .known : .older
        }
        if let forgotten = versions.remember(key, version) { floor = max(floor, forgotten) }
        return .newer
    }

    private func remembered(_ key: Key) -> UInt64? {
        versions.entry(for: key)?.value
    }
}
