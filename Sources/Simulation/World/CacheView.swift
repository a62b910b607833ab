public import Caching
public import Resilience
public import Timeline

/// A service's cache, as panes and reports see it.
public struct CacheView: Sendable {
    let tier: CacheTier

    init(_ tier: CacheTier) { self.tier = tier }

    /// How it is set.
    public var plan: CachePlan { tier.plan }

    /// What it has done as a whole.
    public var counts: CacheCounts { tier.counts }

    /// What its loads came to.
    public var reads: ReadCounts { tier.paths.reduce(into: ReadCounts()) { $0 += $1.counts } }

    /// Loads under way.
    public var loading: Int { tier.paths.reduce(0) { $0 + $1.loading } }

    /// Calls that wait for a load.
    public var waiting: Int { tier.paths.reduce(0) { $0 + $1.waiting } }

    /// Writes that wait for their store, batches on their way included, over all replicas.
    public var unwritten: Int { tier.queues.reduce(0) { $0 + $1.depth } }

    /// Since when the oldest of them waits; nil if none does.
    public var oldestUnwritten: Instant? { tier.queues.compactMap(\.oldest).min() }

    /// What the queue of writes of a replica has done; nil if writes do not wait.
    public func writes(ofReplica replica: Int) -> WriteBehindStatistics? {
        tier.queues.indices.contains(replica) ? tier.queues[replica].statistics : nil
    }

    /// What has become of the keys that each replica warmed last, or warms now; empty if nothing is warmed.
    public var warmings: [WarmingReport<UInt64>] { tier.warmers.map(\.report) }

    /// How much room the value of a key takes, in the unit of the levels.
    public func weight(of key: UInt64) -> Int { plan.sizes == nil ? 1 : tier.kilobytes(of: key) }

    /// What the messages between the replicas came to; nil if there are none.
    public var invalidations: InvalidationBusTotals? { tier.bus?.totals }

    /// What a level has done, over all replicas.
    public func statistics(ofLevel level: Int) -> LevelStatistics { tier.levels.statistics(of: level) }

    /// The breaker of a level.
    public func breaker(ofLevel level: Int) -> CircuitBreaker { tier.breakers[level] }

    /// How many entries a level holds, over all replicas.
    public func entries(inLevel level: Int) -> Int { tier.levels.held(in: level) }

    /// How much a level holds, over all replicas: in entries, or in kilobytes where values have sizes.
    public func held(inLevel level: Int) -> Int {
        plan.sizes == nil ? tier.levels.held(in: level) : tier.levels.weight(in: level)
    }

    /// How much a level has room for, over all replicas, in the same unit.
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
