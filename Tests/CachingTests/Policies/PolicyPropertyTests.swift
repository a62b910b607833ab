import Caching
import Testing
import Timeline

/// What holds for every policy, whatever is done to the cache.
@Suite("Every policy")
struct PolicyPropertyTests {
    static let runs: [(name: String, run: @Sendable (UInt64) -> String?)] = [
        ("LRU", { run(LRU.self, $0) }), ("FIFO", { run(FIFO.self, $0) }), ("LFU", { run(LFU.self, $0) }),
        ("CLOCK", { run(Clock.self, $0) }), ("SIEVE", { run(SIEVE.self, $0) }), ("S3-FIFO", { run(S3FIFO.self, $0) }),
        ("2Q", { run(TwoQ.self, $0) }), ("SLRU", { run(SLRU.self, $0) }), ("ARC", { run(ARC.self, $0) }),
        ("LIRS", { run(LIRS.self, $0) }), ("W-TinyLFU exact", { run(WTinyLFU<ExactFrequency>.self, $0) }),
        ("W-TinyLFU sketch", { run(WTinyLFU<CountMinSketch>.self, $0) }),
        ("W-TinyLFU adaptive", { run(AdaptiveWTinyLFU.self, $0) }), ("GDSF", { run(GDSF.self, $0) }),
        ("size", { run(SizeOrder.self, $0) }), ("TTL", { run(TTLOrder.self, $0) }),
        ("random", { run(RandomReplacement.self, $0) }),
    ]

    static func run<Policy: EvictionPolicy>(_ policy: Policy.Type, _ seed: UInt64) -> String? {
        var run = Run<Policy>(seed: seed)
        for step in 0..<200 {
            if let problem = run.step() { return "seed \(seed), operation \(step): \(problem)" }
        }
        return nil
    }

    @Test(
        "is never over its capacity, hands out nothing ended or replaced, and lets each entry leave once, with a cause",
        arguments: runs.map(\.name))
    func invariants(policy: String) throws {
        let run = try #require(Self.runs.first { $0.name == policy }?.run)
        for seed in 0..<20 as Range<UInt64> {
            let problem = run(seed)
            #expect(problem == nil)
        }
    }

    /// The sketches of W-TinyLFU are of another size where entries have weights.
    static let scalable = PolicyName.allCases.filter { !$0.isOffline && !$0.rawValue.hasPrefix("wtinylfu") }

    @Test("where all entries weigh the same, it decides as if they weighed one each", arguments: scalable)
    func scale(name: PolicyName) throws {
        var random = RandomStream(seed: 7, name: "cache", purpose: "scale")
        let keys = (0..<4_000).map { request -> UInt32 in
            let share = Double(random.below(1 << 20)) / Double(1 << 20)
            return UInt32(600 * share * share) + UInt32(request / 2_000 * 300)
        }
        let unit = try #require(name.replay(capacity: 100))
        let heavy = try #require(name.replay(capacity: 100 * 1_024))
        unit.request(keys[...])
        heavy.request(keys[...], sizes: [UInt32](repeating: 1_024, count: keys.count)[...], weight: .bytes)
        #expect(heavy.tally.hits == unit.tally.hits)
    }

    /// One sequence of random operations on a cache, with a dictionary of what it must hold.
    struct Run<Policy: EvictionPolicy> {
        struct Held { var value: UInt32, weight: Int, end: Instant }

        var random: RandomStream
        var now = Instant.zero
        var cache: Cache<UInt32, UInt32, Policy>
        var held: [UInt32: Held] = [:]
        let isWeighted: Bool
        let keys: UInt64

        init(seed: UInt64) {
            random = RandomStream(seed: seed, name: "cache", purpose: "operations")
            isWeighted = random.chance(0.5)
            keys = 2 + random.below(40)
            let life = random.chance(0.5) ? Duration.nanoseconds(Int64(random.below(60))) : nil
            let idle = random.chance(0.3) ? Duration.nanoseconds(1 + Int64(random.below(30))) : nil
            cache = Cache(
                capacity: Int(random.below(25)), lifetime: Lifetime(afterWrite: life, afterAccess: idle))
        }

        /// Does something; says what is wrong with the outcome.
        mutating func step() -> String? {
            now = now + .nanoseconds(Int64(random.below(4)))
            let key = UInt32(random.below(keys))
            let problem: String? =
                switch random.below(100) {
                case 0..<45: get(key)
                case 45..<88: insert(key)
                case 88..<94: remove(key)
                case 94..<98: resize()
                case 98: clear()
                default: changeLifetime()
                }
            return problem ?? inconsistency
        }

        private mutating func get(_ key: UInt32) -> String? {
            let known = held[key]
            switch cache.get(key, at: now) {
            case .hit(let value, _):
                guard let known, known.value == value, now < known.end else { return "a hit that should not be" }
                if let end = cache.entry(for: key)?.expiresAt { held[key]?.end = end }
                return nil
            case .expired:
                held[key] = nil
                return known.map { now < $0.end } ?? true ? "an expiry that should not be" : nil
            case .miss: return known == nil ? nil : "a miss that should not be"
            }
        }

        private mutating func insert(_ key: UInt32) -> String? {
            let (value, weight) = (UInt32(truncatingIfNeeded: random.next()), isWeighted ? 1 + Int(random.below(8)) : 1)
            let life = random.chance(0.2) ? Duration.nanoseconds(Int64(random.below(60))) : nil
            let before = cache.statistics.insertions
            var gone: Set<UInt32> = []
            for eviction in cache.insert(key, value, weight: weight, life: life, at: now) {
                let known = eviction.key == key && eviction.cause == .capacity ? nil : held[eviction.key]
                let isNew = eviction.key == key && eviction.value == value && known == nil
                if known?.value != eviction.value && !isNew { return "\(eviction) left, but was not there" }
                if eviction.cause == .expired, let known, now < known.end { return "\(eviction) had not ended" }
                gone.insert(eviction.key)
                held[eviction.key] = nil
            }
            if let entry = cache.entry(for: key) {
                held[key] = Held(value: value, weight: weight, end: entry.expiresAt)
                if entry.value != value || entry.weight != weight { return "not what was inserted" }
            } else if cache.statistics.insertions > before, !gone.contains(key) {
                return "what was inserted is gone without a cause"
            }
            return nil
        }

        private mutating func remove(_ key: UInt32) -> String? {
            let known = held.removeValue(forKey: key)
            return cache.remove(key) == known?.value ? nil : "another value was removed"
        }

        private mutating func resize() -> String? {
            let before = cache.count
            let dropped = cache.resize(to: Int(random.below(25)))
            held = held.filter { cache.entry(for: $0.key) != nil }
            return before - dropped == cache.count ? nil : "resizing miscounted"
        }

        private mutating func clear() -> String? {
            defer { held = [:] }
            return cache.removeAll() == held.count ? nil : "clearing miscounted"
        }

        private mutating func changeLifetime() -> String? {
            cache.lifetime.afterWrite = .nanoseconds(Int64(random.below(60)))
            return nil
        }

        private var inconsistency: String? {
            let statistics = cache.statistics
            let queued = cache.queues.filter { !$0.isGhost }.flatMap(\.keys)
            if cache.weight > cache.capacity { return "over the capacity" }
            if cache.weight != held.values.reduce(0, { $0 + $1.weight }) { return "the weights do not add up" }
            if statistics.insertions != statistics.evictions.total + cache.count { return "not every entry has a fate" }
            if queued.count != held.count || Set(queued) != Set(held.keys) { return "the queues hold something else" }
            return nil
        }
    }
}
