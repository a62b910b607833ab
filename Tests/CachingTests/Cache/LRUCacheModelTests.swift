import Caching
import Testing
import Timeline

@Suite("LRU cache against a naive one")
struct LRUCacheModelTests {
    @Test("random operations give the same answers, evictions and order, and every entry is accounted for")
    func agrees() {
        for seed in 0..<400 as Range<UInt64> {
            var run = Run(seed: seed)
            for step in 0..<300 {
                guard run.step() else {
                    Issue.record("seed \(seed), operation \(step)")
                    break
                }
            }
        }
    }

    /// One sequence of random operations on both caches.
    struct Run {
        var random: RandomStream
        var now = Instant.zero
        var cache: LRUCache<UInt32, UInt32>
        var model: NaiveLRU
        let keys: UInt64

        init(seed: UInt64) {
            random = RandomStream(seed: seed, name: "cache", purpose: "operations")
            let capacity = Int(random.below(12))
            let timeToLive = random.chance(0.5) ? Duration.nanoseconds(Int64(random.below(30))) : nil
            keys = 1 + random.below(20)
            cache = LRUCache(capacity: capacity, lifetime: Lifetime(afterWrite: timeToLive))
            model = NaiveLRU(capacity: capacity, timeToLive: timeToLive)
        }

        /// Does the same to both; returns whether they agree.
        mutating func step() -> Bool {
            now = now + .nanoseconds(Int64(random.below(4)))
            let key = UInt32(random.below(keys))
            let value = UInt32(truncatingIfNeeded: random.next())
            let same =
                switch random.below(100) {
                case 0..<45: cache.get(key, at: now) == model.get(key, at: now)
                case 45..<85: cache.insert(key, value, at: now).inOrderOfKeys == model.insert(key, value, at: now)
                case 85..<94: cache.remove(key) == model.take(key)?.value
                case 94..<98: resize(to: Int(random.below(12)))
                case 98: clear()
                default: changeTimeToLive(to: .nanoseconds(Int64(random.below(30))))
                }
            return same && isConsistent
        }

        private mutating func resize(to capacity: Int) -> Bool {
            cache.resize(to: capacity) == model.resize(to: capacity)
        }

        private mutating func clear() -> Bool {
            defer { model.entries = [] }
            return cache.removeAll() == model.entries.count
        }

        private mutating func changeTimeToLive(to length: Duration) -> Bool {
            cache.lifetime.afterWrite = length
            model.timeToLive = length
            return true
        }

        private var isConsistent: Bool {
            let statistics = cache.statistics
            return cache.count <= cache.capacity
                && cache.entriesByRecency.map(NaiveLRU.Entry.init) == model.entries
                && statistics.insertions == statistics.evictions.total + cache.count
        }
    }
}
