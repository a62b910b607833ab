/// What the two levels of a cache have done, and the two shares that a "hit ratio of level 2" can mean.
///
/// The second level sees only what the first missed. Its *conditional* ratio is the share of those that it
/// answered; it falls when the first level grows, although the cache as a whole does better. Its *share of
/// all* is what it adds to the whole: the shares of both levels add up to ``hitRatio``, and
/// `hitRatio = conditional(l1) + (1 - conditional(l1)) * conditional(l2)`.
public struct TwoLevelCacheStatistics: Hashable, Sendable {
    /// The first level; each promotion is one of its insertions.
    public let l1: CacheStatistics
    /// The second level; its lookups are the first level's misses and expiries.
    public let l2: CacheStatistics
    /// Values copied from the second level into the first after a hit there.
    public let promotions: Int

    @usableFromInline
    init(l1: CacheStatistics, l2: CacheStatistics, promotions: Int) {
        self.l1 = l1
        self.l2 = l2
        self.promotions = promotions
    }

    /// One level's own counters.
    public subscript(level: CacheLevel) -> CacheStatistics {
        switch level {
        case .l1: l1
        case .l2: l2
        }
    }

    /// All lookups of the cache.
    public var lookups: Int { l1.lookups }

    /// Lookups that either level answered.
    public var hits: Int { l1.hits + l2.hits }

    /// Lookups that neither level answered: what the loader had to do.
    public var misses: Int { lookups - hits }

    /// The share of all lookups that either level answered, from 0 to 1; nil before the first lookup.
    public var hitRatio: Double? { share(of: hits) }

    /// The share of all lookups that this level answered, from 0 to 1; nil before the first lookup.
    public func shareOfAll(_ level: CacheLevel) -> Double? { share(of: self[level].hits) }

    /// The share of the lookups that reached this level and that it answered; nil if none reached it.
    public func conditionalHitRatio(_ level: CacheLevel) -> Double? { self[level].hitRatio }

    private func share(of hits: Int) -> Double? {
        lookups == 0 ? nil : Double(hits) / Double(lookups)
    }
}
