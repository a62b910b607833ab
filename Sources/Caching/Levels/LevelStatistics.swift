/// What one level of a cache has done.
public struct LevelStatistics: Hashable, Sendable {
    /// Lookups that reached it, hits included; a level that is skipped is not reached.
    public var lookups = 0
    /// Lookups that it answered with a value that was still fresh.
    public var hits = 0
    /// Lookups in which it had nothing but a stale value.
    public var stale = 0
    /// Lookups that it could not answer since it had failed.
    public var failures = 0
    /// Values that came in from the level below, after a hit there.
    public var promotions = 0
    /// Values that came in from the level above, which had no more room for them.
    public var demotions = 0
    /// Values that came in after a load or a write.
    public var stores = 0
    /// Entries that left, by cause; what moved up out of an exclusive level counts as removed.
    public var evictions = EvictionCounts()

    /// Nothing done yet.
    public init() {}

    /// The share of the lookups that reached it and that it answered, from 0 to 1; nil if none reached it.
    ///
    /// It falls when a level above grows, although the cache as a whole does better: put the share of all lookups
    /// beside it.
    public var conditionalHitRatio: Double? { lookups == 0 ? nil : Double(hits) / Double(lookups) }
}
