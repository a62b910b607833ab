import Caching
import Timeline

/// The chapter of the caches in front of services. A value is only a sign that the key was loaded.
struct CacheHost: Sendable {
    typealias Cache = TwoLevelCache<UInt64, UInt64>

    private struct Tiers {
        var cache: Cache
        var firstLatency: Distribution
        var secondLatency: Distribution
        var draws: RandomStream
    }

    private var tiers: [Tiers] = []
    /// Where each service's cache stands in `tiers`; -1 for none.
    private var places: [Int] = []

    init(plan: Plan) {
        for service in plan.services {
            places.append(service.cache == nil ? -1 : tiers.count)
            guard let cache = service.cache else { continue }
            tiers.append(
                Tiers(
                    cache: Cache(Self.settings(cache)), firstLatency: cache.firstLatency,
                    secondLatency: cache.secondLatency,
                    draws: RandomStream(seed: plan.seed, name: service.name, purpose: "cache")))
        }
    }

    private static func settings(_ plan: CachePlan) -> TwoLevelCacheSettings {
        do {
            return try TwoLevelCacheSettings(
                l1Capacity: plan.firstLevel, l2Capacity: plan.secondLevel, timeToLive: plan.timeToLive)
        } catch {
            preconditionFailure("a plan's sizes are checked: \(error)")
        }
    }

    /// Takes over changed sizes, lives and latencies.
    mutating func change(to plan: Plan) {
        for (service, place) in zip(plan.services, places) {
            guard place >= 0, let cache = service.cache else { continue }
            tiers[place].cache.changeSettings(Self.settings(cache))
            tiers[place].firstLatency = cache.firstLatency
            tiers[place].secondLatency = cache.secondLatency
        }
    }

    func exists(_ service: Int) -> Bool { places[service] >= 0 }

    /// Looks a key up: how long the answer takes if the cache has it, nil if it does not.
    mutating func look(_ service: Int, for key: UInt64, at now: Instant) -> Duration? {
        let place = places[service]
        guard case .hit(let level, _) = tiers[place].cache.get(key, at: now) else { return nil }
        switch level {
        case .l1: return tiers[place].firstLatency.sample(using: &tiers[place].draws)
        case .l2: return tiers[place].secondLatency.sample(using: &tiers[place].draws)
        }
    }

    /// A key has been loaded.
    mutating func fill(_ service: Int, with key: UInt64, at now: Instant) {
        _ = tiers[places[service]].cache.fill(key, key, at: now)
    }

    /// Empties a level, or both; the result is how many entries went.
    mutating func flush(_ service: Int, level: CacheLevel?) -> Int {
        guard exists(service) else { return 0 }
        return tiers[places[service]].cache.flush(level)
    }

    /// How many entries all levels hold.
    var entries: Int { tiers.reduce(0) { $0 + $1.cache[.l1].count + $1.cache[.l2].count } }

    func cache(_ service: Int) -> Cache? {
        exists(service) ? tiers[places[service]].cache : nil
    }
}

extension CacheHost {
    func mix(into digest: inout Digest) {
        for var each in tiers {
            let counts = each.cache.statistics
            digest.mix(UInt64(counts.hits), UInt64(counts.lookups))
            digest.mix(UInt64(each.cache[.l1].count) << 32 | UInt64(each.cache[.l2].count), each.draws.next())
        }
    }
}
