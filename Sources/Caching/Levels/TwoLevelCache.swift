public import Timeline

/// One level of a cache: the lower the number, the nearer and faster.
public enum CacheLevel: Hashable, Sendable, CaseIterable {
    /// The small, fast one in memory.
    case l1
    /// The larger, slower one behind it.
    case l2
}

/// A small fast cache over a larger slow one, both of them LRU.
///
/// - A lookup asks the first level, and only after a miss there the second. A hit in the second is promoted
///   into the first with its age and what is left of its time to live, never with a new life.
/// - A value that was loaded goes into both levels, so what the first level evicts is normally still in the
///   second: the levels are inclusive.
/// - They are not strictly so: a hit in the first level does not refresh the second, which may drop an entry
///   that the first still holds. Nothing is invalidated upwards then, so the first level hits exactly as
///   often as it would alone.
/// - Values enter the second level only together with the first, so the first never holds the older one.
///
/// A flush or a failure of one level leaves the other as it is.
public struct TwoLevelCache<Key: CacheKey, Value: Sendable>: Sendable {
    /// What a lookup found.
    public enum Answer: Sendable {
        /// This level had a live value.
        case hit(level: CacheLevel, value: Value)
        /// Neither had: load the value, then ``TwoLevelCache/fill(_:_:at:)``.
        case miss
    }

    /// The entries that had to leave while a value was taken in.
    public struct Displaced: Sendable {
        /// What the first level dropped for it.
        public var fromL1: Evictions<Key, Value>
        /// What the second level dropped for it.
        public var fromL2: Evictions<Key, Value>

        @inlinable
        init(fromL1: Evictions<Key, Value>, fromL2: Evictions<Key, Value>) {
            self.fromL1 = fromL1
            self.fromL2 = fromL2
        }
    }

    @usableFromInline var current: TwoLevelCacheSettings
    @usableFromInline var upper: LRUCache<Key, Value>
    @usableFromInline var lower: LRUCache<Key, Value>
    @usableFromInline var promoted = 0

    /// An empty cache.
    @inlinable
    public init(_ settings: TwoLevelCacheSettings) {
        current = settings
        upper = LRUCache(capacity: settings.l1Capacity, lifetime: settings.lifetime)
        lower = LRUCache(capacity: settings.l2Capacity, lifetime: settings.lifetime)
    }

    /// Looks a key up, level by level.
    @inlinable
    public mutating func get(_ key: Key, at now: Instant) -> Answer {
        if case .hit(let value, _) = upper.get(key, at: now) { return .hit(level: .l1, value: value) }
        guard case .hit(let value, _) = lower.get(key, at: now) else { return .miss }
        if upper.capacity > 0, let found = lower.entry(for: key) {
            promoted += 1
            upper.insert(key, value, loadedAt: found.loadedAt, expiresAt: found.expiresAt, at: now)
        }
        return .hit(level: .l2, value: value)
    }

    /// Takes in a value that was loaded just now; returns what had to leave either level for it.
    @inlinable @discardableResult
    public mutating func fill(_ key: Key, _ value: Value, at now: Instant) -> Displaced {
        Displaced(fromL1: upper.insert(key, value, at: now), fromL2: lower.insert(key, value, at: now))
    }

    /// Drops a key from both levels; returns whether either held it.
    @inlinable @discardableResult
    public mutating func invalidate(_ key: Key) -> Bool {
        let wasUpper = upper.remove(key) != nil
        let wasLower = lower.remove(key) != nil
        return wasUpper || wasLower
    }

    /// Empties one level, or both for nil; returns how many entries were dropped.
    @inlinable @discardableResult
    public mutating func flush(_ level: CacheLevel? = nil) -> Int {
        switch level {
        case .l1: upper.removeAll()
        case .l2: lower.removeAll()
        case nil: upper.removeAll() + lower.removeAll()
        }
    }

    /// Changes the settings; entries over a smaller capacity leave at once, the least recently used first.
    ///
    /// A new time to live concerns values that are loaded from now on; what is held keeps the one that it was
    /// loaded with.
    @inlinable
    public mutating func changeSettings(_ settings: TwoLevelCacheSettings) {
        current = settings
        upper.resize(to: settings.l1Capacity)
        lower.resize(to: settings.l2Capacity)
        upper.lifetime = settings.lifetime
        lower.lifetime = settings.lifetime
    }
}

extension TwoLevelCache.Answer: Equatable where Value: Equatable {}
