extension TwoLevelCache {
    /// The settings in force.
    @inlinable
    public var settings: TwoLevelCacheSettings { current }

    /// One level on its own, for its count, its contents and its order of recency.
    @inlinable
    public subscript(level: CacheLevel) -> LRUCache<Key, Value> {
        switch level {
        case .l1: upper
        case .l2: lower
        }
    }

    /// What both levels have done so far.
    @inlinable
    public var statistics: TwoLevelCacheStatistics {
        TwoLevelCacheStatistics(l1: upper.statistics, l2: lower.statistics, promotions: promoted)
    }
}
