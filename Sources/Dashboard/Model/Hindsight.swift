internal import Caching
internal import Simulation

/// What other caches would have had of the latest lookups of a service's cache.
///
/// They have as much room as all its levels at all replicas together, and begin empty. Loads take no time there, nothing
/// ends and nothing is written: so it is a bound, and what lies between is the price of policies, levels, lives and
/// loads.
struct Hindsight: Hashable, Sendable {
    /// How many lookups these are, and how many there have been since the beginning.
    let lookups: Int
    let total: Int
    /// Of so many entries, or kilobytes if values have sizes.
    let capacity: Int
    /// How many keys were looked up.
    let keys: Int
    /// What the cache itself answered of them.
    let hits: Int
    /// What one LRU would have answered.
    let lruHits: Int
    /// The most that any cache can answer that takes in all that it misses (Belady); nil if values have sizes, with which
    /// nobody knows how to tell in time.
    let optimalHits: Int?
    /// The keys that were looked up most, the hottest first.
    let hottest: [HotKey]

    /// A key that was looked up often.
    struct HotKey: Hashable, Sendable {
        var key: UInt64
        var lookups: Int
        var hits: Int
    }

    static let hottestKept = 5

    /// - Parameter weight: how much room a key takes; nil for one entry each.
    init(
        _ lookups: ArraySlice<CacheLookup>, of total: Int, capacity: Int, weight: ((UInt64) -> Int)? = nil
    ) {
        let (numbers, keys) = Self.numbered(lookups)
        let lru = PolicyName.lru.replay(capacity: capacity)
        if let weight {
            let sizes = keys.map { UInt32(clamping: weight($0.key)) }
            lru?.request(numbers[...], sizes: numbers.map { sizes[Int($0)] }[...], weight: .bytes)
        } else {
            lru?.request(numbers[...])
        }
        self.lookups = lookups.count
        self.total = total
        self.capacity = capacity
        self.keys = keys.count
        hits = lookups.count { $0.isHit }
        lruHits = lru?.tally.hits ?? 0
        optimalHits =
            weight == nil ? OptimalReplacement.tally(of: numbers, capacity: capacity, bypasses: false).hits : nil
        hottest = Self.hottest(of: keys)
    }

    /// The keys as numbers without gaps, in order of first use, and what each of them came to.
    private static func numbered(_ lookups: ArraySlice<CacheLookup>) -> ([UInt32], [HotKey]) {
        var numbering = KeyNumbers()
        var (numbers, keys): ([UInt32], [HotKey]) = ([], [])
        numbers.reserveCapacity(lookups.count)
        for lookup in lookups {
            // There are fewer lookups than numbers.
            guard let number = try? numbering.number(of: lookup.key) else { continue }
            if Int(number) == keys.count { keys.append(HotKey(key: lookup.key, lookups: 0, hits: 0)) }
            keys[Int(number)].lookups += 1
            if lookup.isHit { keys[Int(number)].hits += 1 }
            numbers.append(number)
        }
        return (numbers, keys)
    }

    /// Of keys that were looked up as often, the one that was so first.
    private static func hottest(of keys: [HotKey]) -> [HotKey] {
        var hottest: [HotKey] = []
        for key in keys where hottest.count < hottestKept || key.lookups > hottest[hottest.count - 1].lookups {
            let place = hottest.firstIndex { $0.lookups < key.lookups } ?? hottest.count
            hottest.insert(key, at: place)
            if hottest.count > hottestKept { hottest.removeLast() }
        }
        return hottest
    }

    /// A number of hits as a share of the lookups; nil without any.
    func share(_ hits: Int) -> Double? { lookups > 0 ? Double(hits) / Double(lookups) : nil }

    /// By how many points the share of hits at the optimum is larger, as it comes to if one looks at both; nil if that is
    /// not known.
    var gap: Double? {
        func points(_ hits: Int) -> Double { ((share(hits) ?? 0) * 1_000).rounded() / 10 }
        return optimalHits.map { points($0) - points(hits) }
    }

    /// Whether the oldest lookups are not among these any more.
    var isPartial: Bool { lookups < total }
}

/// The ``Hindsight`` of each cache, up to the last whole second: it is the same whenever one looks within the next.
///
/// It costs some hundredths of a second, so it is worked out only while somebody looks, once for each second.
struct Hindsights: Sendable {
    private var figures: [Int: Hindsight] = [:]
    private var basis: Basis?

    /// What they follow from.
    private struct Basis: Hashable {
        var windows: Int
        var rewinds: [Int]
        var capacities: [Int]
    }

    subscript(service: Int) -> Hindsight? { figures[service] }

    /// Works them out if a second has closed since, time was turned back or a size was changed.
    mutating func observe(_ simulation: borrowing Simulation) {
        let (world, history) = (simulation.world, simulation.history)
        let capacities = simulation.plan.services.indices.map { world.cache(ofService: $0)?.wholeCapacity ?? 0 }
        let basis = Basis(
            windows: history.windows, rewinds: simulation.lookups.map(\.rewinds), capacities: capacities)
        guard basis != self.basis else { return }
        self.basis = basis
        figures = [:]
        for service in capacities.indices {
            let total = Int(history.value(.lookups(service: service), window: history.windows - 1) ?? 0)
            guard total > 0 else { continue }
            guard let cache = world.cache(ofService: service) else { continue }
            figures[service] = Hindsight(
                simulation.lookups[service].latest(ofFirst: total), of: total, capacity: capacities[service],
                weight: cache.plan.sizes == nil ? nil : { cache.weight(of: $0) })
        }
    }
}

extension CacheView {
    /// How much all levels have room for, over all replicas, in entries or kilobytes.
    var wholeCapacity: Int { plan.levels.indices.reduce(0) { $0 + capacity(ofLevel: $1) } }

    /// The levels that have room for anything, or else all of them.
    var shownLevels: [Int] {
        let able = plan.levels.indices.filter { capacity(ofLevel: $0) > 0 }
        return able.isEmpty ? Array(plan.levels.indices) : able
    }

    /// How much all levels hold, over all replicas, in the same unit.
    var wholeHeld: Int { plan.levels.indices.reduce(0) { $0 + held(inLevel: $1) } }
}
