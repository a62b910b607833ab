public import Timeline

/// A cache that makes room by dropping the entry that was used least recently.
///
/// A value lives from the moment it was loaded until ``timeToLive`` later, however often it is read, and
/// is gone at that very instant (expire after write). Expiry is lazy: an entry past its time still takes
/// up room until somebody asks for it or it comes up for eviction, but it is never handed out.
///
/// The entries stand densely in one array, linked by position in order of recency and in the chains of a hash
/// table, which is a second array: a copy of the cache is a copy of two flat arrays. Nothing that can be seen
/// depends on the order of the hash table. Every operation on one key takes constant time on average.
public struct LRUCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    /// How long a value lives from its loading; nil for ever. A change concerns later insertions only.
    public var timeToLive: Duration?

    @usableFromInline var limit: Int
    @usableFromInline var slots: [Slot] = []
    /// The first position of each chain; a power of two of them, or none while there are no entries.
    @usableFromInline var chains: [Int32] = []
    @usableFromInline var newest = Slot.none
    @usableFromInline var oldest = Slot.none
    @usableFromInline var counts = CacheStatistics()

    /// An empty cache for so many entries; fewer than 0 count as 0, and a cache for 0 holds nothing.
    @inlinable
    public init(capacity: Int, timeToLive: Duration? = nil) {
        self.limit = Self.clamped(capacity)
        self.timeToLive = timeToLive
    }

    /// The most entries that it holds.
    @inlinable
    public var capacity: Int { limit }

    /// The entries that it holds, those included that have expired unnoticed.
    @inlinable
    public var count: Int { slots.count }

    /// What it has done so far.
    @inlinable
    public var statistics: CacheStatistics { counts }

    /// Looks a key up; a hit makes the entry the most recently used one, an expired entry is dropped.
    @inlinable
    public mutating func get(_ key: Key, at now: Instant) -> Lookup<Value> {
        switch touch(key, hash: Self.hash(key), at: now) {
        case .live(let position): .hit(slots[position].value, age: now - slots[position].loadedAt)
        case .expired: .expired
        case .absent: .miss
        }
    }

    /// Takes in a value that was loaded just now, as the most recently used entry.
    ///
    /// Returns the entry that had to leave for it, if any. A cache for 0 entries drops the value and counts
    /// no insertion.
    @inlinable @discardableResult
    public mutating func insert(_ key: Key, _ value: Value, at now: Instant) -> Eviction<Key, Value>? {
        insert(loaded(key, value, at: now), at: now)
    }

    /// Drops a key; returns its value, expired or not, or nil if it was not held.
    @inlinable @discardableResult
    public mutating func remove(_ key: Key) -> Value? {
        guard let position = find(key, hash: Self.hash(key)) else { return nil }
        return drop(position, because: .removed).value
    }

    /// Drops everything; returns how many entries that were.
    @inlinable @discardableResult
    public mutating func removeAll() -> Int {
        let dropped = slots.count
        slots.removeAll(keepingCapacity: true)
        chains.removeAll(keepingCapacity: true)
        (newest, oldest) = (Slot.none, Slot.none)
        counts.evictions[.cleared] += dropped
        return dropped
    }

    /// Changes the capacity; returns how many of the least recently used entries had to leave.
    @inlinable @discardableResult
    public mutating func resize(to capacity: Int) -> Int {
        limit = Self.clamped(capacity)
        let surplus = max(0, slots.count - limit)
        for _ in 0..<surplus {
            _ = drop(Int(oldest), because: .capacity)
        }
        return surplus
    }

    /// The capacity within what the links can number.
    @inlinable
    static func clamped(_ capacity: Int) -> Int {
        min(max(0, capacity), Int(Int32.max))
    }
}
