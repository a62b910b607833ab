internal import Caching
internal import Simulation

/// Something that is said about what a service's cache has from its origin, a line each.
enum OriginFact: Hashable, CaseIterable, Sendable {
    case loads, joined, refreshed, servedStale, wrong, told, unwritten, age
    /// The share of its lookups that the cache answered, and what other caches would have.
    case asItIs, oneLRU, optimum

    /// What it is called in a list.
    var title: String {
        switch self {
        case .loads: "loads"
        case .joined: "joined a load"
        case .refreshed: "loaded ahead"
        case .servedStale: "served stale"
        case .wrong: "wrong answers"
        case .told: "told replicas"
        case .unwritten: "written late"
        case .age: "age at a hit"
        case .asItIs: "hits as it is"
        case .oneLRU: "  one LRU"
        case .optimum: "  the optimum"
        }
    }

    /// What is said about a service's cache. Of several, what a cache does not do is left out: there is much to say.
    static func shown(ofCacheOf service: Int, _ scene: Scene) -> [OriginFact] {
        guard scene.plan.cachedServices.count > 1, let cache = scene.world.cache(ofService: service) else {
            return allCases
        }
        return allCases.filter { $0.concerns(cache) }
    }

    /// Whether the cache does it, or has done.
    private func concerns(_ cache: CacheView) -> Bool {
        let (reading, reads) = (cache.plan.reading, cache.reads)
        switch self {
        case .joined: return reading.isSingleFlight || reads.joins > 0
        case .refreshed: return reading.refresh != .none || reads.refreshes > 0
        case .servedStale: return reading.failSafe != nil || reads.servedStale > 0
        case .wrong: return cache.counts.writes > 0
        case .told: return cache.invalidations != nil
        case .unwritten: return cache.plan.behind != nil
        case .loads, .age, .asItIs, .oneLRU, .optimum: return true
        }
    }

    /// The latest entry of the journal that it is about tells of this; nil where there is none of its own.
    var what: What? {
        switch self {
        case .joined: .joinedLoad
        case .servedStale: .servedStale
        case .wrong: .readStale
        case .unwritten: .writesLost
        case .loads, .refreshed, .told, .age, .asItIs, .oneLRU, .optimum: nil
        }
    }
}
