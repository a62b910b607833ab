import Caching
import Testing
import Timeline

@Suite("Odd input")
struct OddInputTests {
    typealias Sample = Cache<UInt64, UInt64, AnyPolicy>

    private static let moments: [Instant] = [.min, -1, 0, 1, 1_000, .max - 1, .max].map { Instant(nanoseconds: $0) }
    private static let lives: [Duration?] = [
        nil, .nanoseconds(.min), .nanoseconds(-1), .zero, .nanoseconds(9), .maximum,
    ]
    private static let weights = [Int.min, -1, 0, 1, 1, 2, 50, Int(UInt32.max), Int.max]
    private static let capacities = [Int.min, -1, 0, 1, 3, 100, Int.max - 1, Int.max]

    static let policies = PolicyName.allCases.filter { !$0.isOffline }

    @Test("no capacity, weight, life or moment is too odd for a cache, whatever the policy", arguments: policies)
    func caches(name: PolicyName) throws {
        var random = RandomStream(seed: 1, name: "odd", purpose: name.rawValue)
        for capacity in Self.capacities {
            let policy = try #require(name.policy(capacity: capacity))
            var cache = Sample(AnyPolicy(policy), lifetime: Lifetime(afterWrite: Self.lives.any(&random)))
            for _ in 0..<150 {
                Self.step(&cache, &random)
                guard cache.weight <= cache.capacity, Sample.capacityRange.contains(cache.capacity) else {
                    Issue.record("\(cache.weight) of \(cache.capacity), made for \(capacity)")
                    return
                }
            }
        }
    }

    private static func step(_ cache: inout Sample, _ random: inout RandomStream) {
        let (key, now) = (random.below(20), moments.any(&random))
        switch random.below(10) {
        case 0..<4: _ = cache.get(key, at: now)
        case 4..<7: cache.insert(key, key, weight: weights.any(&random), life: lives.any(&random), at: now)
        case 7:
            let (loaded, end) = (moments.any(&random), moments.any(&random))
            cache.insert(key, key, loadedAt: loaded, expiresAt: end, at: now)
        case 8: cache.lifetime = Lifetime(afterWrite: lives.any(&random), afterAccess: lives.any(&random))
        default: cache.resize(to: capacities.any(&random))
        }
    }

    @Test("a weight beyond the range counts as the nearest that there is")
    func weights() {
        var cache = LRUCache<Int, Int>(capacity: .max)
        for (key, weight) in [Int.min, 0, 7, Int.max].enumerated() { cache.insert(key, key, weight: weight, at: .zero) }
        #expect((0..<4).map { cache.entry(for: $0)?.weight } == [1, 1, 7, Int(UInt32.max)])
        #expect(cache.capacity == LRUCache<Int, Int>.capacityRange.upperBound)
    }

    @Test("a clock of days knows what time it is at either end of time", arguments: [Int64.min, .min + 1, .max])
    func clock(moment: Int64) throws {
        for day in [Duration.milliseconds(24), .minutes(24 * 60)] {
            let clock = try DayClock(day: day, timeAtZero: .milliseconds(1))
            let time = clock.timeOfDay(at: Instant(nanoseconds: moment))
            #expect(time >= .zero && time < clock.day)
        }
    }

    @Test("levels behind the eighth are asked, whatever fails before them; those that there are not hold nothing")
    func levels() throws {
        let settings = try (0..<10).map { try LevelSettings("L\($0)", capacity: 4) }
        var levels = CacheLevels<Int, Int>(settings, nodes: -1)
        levels.store(1, CachedValue(1, version: 0, loadedAt: .zero), in: 9..<Int.max, node: 0, at: .zero)
        let lookup = levels.look(1, node: 0, failed: .max, at: .zero)
        #expect(lookup.found?.level == 9)
        #expect(lookup.asked == 0)
    }

    @Test("an exact counter has no capacity that is too large for it", arguments: [Int.min, 0, Int.max])
    func exactly(capacity: Int) {
        var counter = ExactFrequency(capacity: capacity)
        counter.increment(1)
        #expect(counter.frequency(of: 1) == 1)
    }
}

extension Array {
    fileprivate func any(_ random: inout RandomStream) -> Element {
        self[Int(random.below(UInt64(count)))]
    }
}
