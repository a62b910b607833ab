import Caching
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
            let readers = plan.operations.indices.filter {
                plan.operations[$0].service == index && plan.operations[$0].usesCache
            }
            let names = readers.map { String(plan.operations[$0].name.dropFirst(service.name.count + 1)) }
            tiers.append(
                CacheTier(
                    plan: cache, of: service, readBy: readers.map { UInt16($0) }, named: names, seed: plan.seed))
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

    /// How many entries all levels hold.
    var entries: Int {
        tiers.reduce(0) { sum, tier in sum + (0..<tier.levels.count).reduce(0) { $0 + tier.levels.held(in: $1) } }
    }
}

extension CacheHost {
    func mix(into digest: inout Digest) {
        for var tier in tiers {
            digest.mix(UInt64(tier.counts.hits), UInt64(tier.counts.lookups))
            digest.mix(UInt64(tier.counts.staleReads), UInt64(tier.paths.reduce(0) { $0 + $1.loading }))
            for level in 0..<tier.levels.count {
                digest.mix(UInt64(tier.levels.held(in: level)), UInt64(tier.levels.statistics(of: level).hits))
            }
            digest.mix(tier.draws.next())
        }
    }
}
