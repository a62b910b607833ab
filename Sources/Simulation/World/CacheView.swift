public import Caching

/// A service's cache, as panes and reports see it.
public struct CacheView: Sendable {
    let tier: CacheHost.Tier

    init(_ tier: CacheHost.Tier) { self.tier = tier }

    /// How it is set.
    public var plan: CachePlan { tier.plan }

    /// What it has done as a whole.
    public var counts: CacheCounts { tier.counts }

    /// What its loads came to.
    public var reads: ReadCounts { tier.path.counts }

    /// Loads under way.
    public var loading: Int { tier.path.loading }

    /// Calls that wait for a load.
    public var waiting: Int { tier.path.waiting }

    /// What a level has done, over all replicas.
    public func statistics(ofLevel level: Int) -> LevelStatistics { tier.levels.statistics(of: level) }

    /// How many entries a level holds, over all replicas.
    public func entries(inLevel level: Int) -> Int { tier.levels.held(in: level) }

    /// How many entries a level has room for, over all replicas.
    public func capacity(ofLevel level: Int) -> Int {
        tier.levels.capacity(of: level) * (plan.levels[level].isShared ? 1 : tier.levels.nodes)
    }

    /// The share of all lookups that any level answered, from 0 to 1; nil before the first lookup.
    public var hitRatio: Double? { share(counts.hits) }

    /// The share of all lookups that this level answered, from 0 to 1; nil before the first lookup.
    public func shareOfAll(_ level: Int) -> Double? { share(statistics(ofLevel: level).hits) }

    private func share(_ hits: Int) -> Double? {
        counts.lookups == 0 ? nil : Double(hits) / Double(counts.lookups)
    }
}
