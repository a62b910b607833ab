import Caching
import Resilience
import Timeline

/// The chapter of the caches in front of services. A value is the version of its key that was read for it.
struct CacheHost: Sendable {
    private var tiers: [CacheTier] = []
    /// Where each service's cache stands in `tiers`; -1 for none.
    private var places: [Int] = []
    /// Messages between the replicas of a service, on their way.
    var deliveries = Slots<Delivery>()
    /// Batches of writes on their way to a store.
    var flushes = Slots<Flush>()

    /// A message between the replicas of a service.
    struct Delivery: Sendable {
        var service: Int
        var delivery: InvalidationDelivery<UInt64>
        var publishedAt: Instant
    }

    /// A batch of writes that a replica of a service has sent.
    struct Flush: Sendable {
        var service: Int
        var node: Int
        var batch: UInt64
        /// Whether the replica has gone down since: what comes of the batch nobody hears.
        var isLost = false
    }

    init(plan: Plan) {
        for (index, service) in plan.services.enumerated() {
            places.append(service.cache == nil ? -1 : tiers.count)
            guard let cache = service.cache else { continue }
            tiers.append(CacheTier(cache, of: index, in: plan))
        }
    }

    /// Takes over changed sizes, lives and latencies.
    mutating func change(to plan: Plan) {
        for (service, place) in zip(plan.services, places) {
            if place >= 0, let cache = service.cache { tiers[place].change(to: cache) }
        }
    }

    /// What a replica has sent and not heard of yet, nobody will hear of.
    mutating func loseFlushes(ofNode node: Int, of service: Int) {
        flushes.forEachSlot { flush in
            if flush.service == service, flush.node == node { flush.isLost = true }
        }
    }

    func exists(_ service: Int) -> Bool { places[service] >= 0 }

    /// A service's cache, which it must have.
    subscript(service: Int) -> CacheTier {
        get { tiers[places[service]] }
        _modify { yield &tiers[places[service]] }
    }

    /// A service's cache, if it has one.
    func tier(_ service: Int) -> CacheTier? {
        exists(service) ? tiers[places[service]] : nil
    }

    /// Whether every write that was answered is in its store, or lost.
    var areWritten: Bool { tiers.allSatisfy { $0.queues.allSatisfy { $0.isDrained } } }

    /// How many entries all levels hold.
    var entries: Int {
        tiers.reduce(0) { sum, tier in sum + (0..<tier.levels.count).reduce(0) { $0 + tier.levels.held(in: $1) } }
    }
}

extension CacheHost {
    func mix(into digest: inout Digest) {
        deliveries.mix(into: &digest)
        flushes.mix(into: &digest)
        for tier in tiers { tier.mix(into: &digest) }
    }
}

extension CacheTier {
    /// What it holds by how much that is, what it has done by its counts, and what it will draw by the next draws.
    fileprivate func mix(into digest: inout Digest) {
        mixReads(into: &digest)
        mixWrites(into: &digest)
        var (next, nextOnBus) = (draws, busDraws)
        digest.mix(next.next(), nextOnBus.next())
    }

    private func mixReads(into digest: inout Digest) {
        digest.mix(UInt64(counts.hits), UInt64(counts.lookups))
        digest.mix(UInt64(counts.staleReads), UInt64(counts.overtakenLoads))
        digest.mix(UInt64(loads.count), UInt64(seats.count))
        for path in paths {
            digest.mix(UInt64(path.loading), UInt64(path.waiting))
            digest.mix(UInt64(path.counts.loads), UInt64(path.counts.failures))
        }
        for level in 0..<levels.count {
            digest.mix(UInt64(levels.held(in: level)), UInt64(levels.statistics(of: level).hits))
        }
        for warmer in warmers { digest.mix(UInt64(warmer.inFlight), UInt64(clamping: warmer.report.unfinished)) }
        for breaker in breakers {
            digest.mix(UInt64(breaker.generation), UInt64(breaker.state.rawValue))
            digest.mix(UInt64(breaker.totals.permitted), UInt64(breaker.totals.failed))
        }
    }

    private func mixWrites(into digest: inout Digest) {
        digest.mix(UInt64(latest.count), UInt64(latestOfTag.count))
        digest.mix(origin, UInt64(counts.lostWrites))
        digest.mix(UInt64(stored.count), UInt64(queues.count))
        for queue in queues {
            let statistics = queue.statistics
            digest.mix(UInt64(queue.depth), UInt64(queue.batchesInFlight))
            digest.mix(UInt64(statistics.accepted), UInt64(statistics.written))
        }
        guard let bus else { return }
        digest.mix(UInt64(bus.totals.published), UInt64(bus.totals.sent))
        digest.mix(UInt64(bus.totals.lost), UInt64(counts.invalidations))
        for node in 0..<levels.nodes { digest.mix(UInt64(bus.waiting(for: node))) }
    }
}
