import Caching
import Testing
import Timeline

@Suite("Two-level cache against a naive one")
struct TwoLevelCacheModelTests {
    @Test("random operations give the same answers, and no value outlives its time to live or its successor")
    func agrees() throws {
        for seed in 0..<400 as Range<UInt64> {
            var run = try Run(seed: seed)
            for step in 0..<300 {
                guard try run.step() else {
                    Issue.record("seed \(seed), operation \(step)")
                    break
                }
            }
        }
    }

    /// A load, numbered by its place in the list; the number is the value that is cached.
    struct Load {
        let key: UInt32
        let expiresAt: Instant
    }

    /// One sequence of random operations on the cache and on two naive ones.
    struct Run {
        var random: RandomStream
        var now = Instant.zero
        var cache: TwoLevelCache<UInt32, UInt32>
        var l1: NaiveLRU
        var l2: NaiveLRU
        var loads: [Load] = []
        var newest: [UInt32: UInt32] = [:]

        init(seed: UInt64) throws {
            random = RandomStream(seed: seed, name: "cache", purpose: "operations")
            let settings = try Self.settings(&random)
            cache = TwoLevelCache(settings)
            l1 = NaiveLRU(capacity: settings.l1Capacity, timeToLive: settings.timeToLive)
            l2 = NaiveLRU(capacity: settings.l2Capacity, timeToLive: settings.timeToLive)
        }

        private static func settings(_ random: inout RandomStream) throws -> TwoLevelCacheSettings {
            try TwoLevelCacheSettings(
                l1Capacity: Int(random.below(5)), l2Capacity: Int(random.below(10)),
                timeToLive: random.chance(0.7) ? .nanoseconds(1 + Int64(random.below(40))) : nil)
        }

        /// Does the same to both; returns whether they agree and what must always hold does.
        mutating func step() throws -> Bool {
            now = now + .nanoseconds(Int64(random.below(3)))
            let key = UInt32(random.below(14))
            switch random.below(100) {
            case 0..<88: return get(key) && isConsistent
            case 88..<94: return invalidate(key) && isConsistent
            case 94: return flush() && isConsistent
            default: return try changeSettings() && isConsistent
            }
        }

        /// Reads a key and loads it after a miss.
        private mutating func get(_ key: UInt32) -> Bool {
            let answer = cache.get(key, at: now)
            guard answer == expectedAnswer(key) else { return false }
            if case .hit(_, let value) = answer {
                return now < loads[Int(value)].expiresAt && loads[Int(value)].key == key && newest[key] == value
            }
            let value = UInt32(loads.count)
            let timeToLive = cache.settings.timeToLive
            loads.append(Load(key: key, expiresAt: timeToLive.map { now + $0 } ?? .distantFuture))
            newest[key] = value
            let displaced = cache.fill(key, value, at: now)
            let expected = (l1.insert(key, value, at: now), l2.insert(key, value, at: now))
            return displaced.fromL1.inOrderOfKeys == expected.0 && displaced.fromL2.inOrderOfKeys == expected.1
        }

        private mutating func expectedAnswer(_ key: UInt32) -> TwoLevelCache<UInt32, UInt32>.Answer {
            if case .hit(let value, _) = l1.get(key, at: now) { return .hit(level: .l1, value: value) }
            guard case .hit(let value, _) = l2.get(key, at: now) else { return .miss }
            _ = l1.insert(l2.entries[0], at: now)
            return .hit(level: .l2, value: value)
        }

        private mutating func invalidate(_ key: UInt32) -> Bool {
            newest[key] = nil
            let held = [l1.take(key), l2.take(key)].contains { $0 != nil }
            return cache.invalidate(key) == held
        }

        private mutating func flush() -> Bool {
            let level: CacheLevel? = [.l1, .l2, nil][Int(random.below(3))]
            var dropped = 0
            if level != .l2 {
                dropped += l1.entries.count
                l1.entries = []
            }
            if level != .l1 {
                dropped += l2.entries.count
                l2.entries = []
            }
            return cache.flush(level) == dropped
        }

        private mutating func changeSettings() throws -> Bool {
            let settings = try Self.settings(&random)
            cache.changeSettings(settings)
            _ = l1.resize(to: settings.l1Capacity)
            _ = l2.resize(to: settings.l2Capacity)
            (l1.timeToLive, l2.timeToLive) = (settings.timeToLive, settings.timeToLive)
            return cache.settings == settings
        }

        private var isConsistent: Bool {
            let statistics = cache.statistics
            return CacheLevel.allCases.allSatisfy { level in
                cache[level].count <= cache[level].capacity
                    && statistics[level].insertions == statistics[level].evictions.total + cache[level].count
            }
                && cache[.l1].entriesByRecency.map(NaiveLRU.Entry.init) == l1.entries
                && cache[.l2].entriesByRecency.map(NaiveLRU.Entry.init) == l2.entries
                && statistics.l2.lookups == statistics.l1.misses + statistics.l1.expired
        }
    }
}
