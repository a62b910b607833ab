import Caching
import Testing
import Timeline

/// The adaptive window where entries have weights.
@Suite("Adaptive window, by weight")
struct WeightedWindowTests {
    typealias Sample = Cache<UInt64, UInt64, AdaptiveWTinyLFU>

    /// What is wanted: the newest few hundred keys, or the same popular ones all the time.
    enum Wanted: CaseIterable, Sendable {
        case newest, popular

        /// The key of a request.
        func key(_ request: Int, _ random: inout RandomStream) -> UInt64 {
            switch self {
            case .newest: return UInt64(10_000 + request / 3) - random.below(400)
            case .popular:
                let share = Double(random.below(1 << 20)) / Double(1 << 20)
                return UInt64(8_000 * share * share * share)
            }
        }
    }

    /// How much of the capacity stands in the window.
    private static func windowShare(_ cache: Sample) -> Double {
        let window = cache.queues.filter { $0.name == "window" }.flatMap(\.keys)
        let weight = window.reduce(0) { $0 + (cache.entry(for: $1)?.weight ?? 0) }
        return Double(weight) / Double(cache.capacity)
    }

    /// Looks keys up, and takes in what is missed.
    private static func run(_ cache: inout Sample, _ wanted: Wanted, requests: Int, weight: (UInt64) -> Int) {
        var random = RandomStream(seed: 1, name: "window", purpose: "keys")
        for request in 0..<requests {
            let key = wanted.key(request, &random)
            if cache.get(key, at: .zero).isHit { continue }
            cache.insert(key, key, weight: weight(key), at: .zero)
        }
    }

    /// 300 to 1 700 bytes.
    private static func bytes(_ key: UInt64) -> Int { 300 + Int(key &* 2_654_435_761 % 1_401) }

    @Test("it takes up a large share of the bytes where what is new is wanted, and a small one where it is not")
    func share() {
        var shares: [Double] = []
        for wanted in [Wanted.newest, .popular] {
            var cache = Sample(capacity: 250_000)
            Self.run(&cache, wanted, requests: 40_000, weight: Self.bytes)
            shares.append(Self.windowShare(cache))
        }
        #expect(shares[0] > 0.4)
        #expect(shares[1] < 0.1)
    }

    @Test(
        "entries that all weigh a thousand have about the window that they had if they weighed one each",
        arguments: Wanted.allCases)
    func scale(wanted: Wanted) {
        var (unit, heavy) = (Sample(capacity: 1_000), Sample(capacity: 1_000_000))
        Self.run(&unit, wanted, requests: 40_000) { _ in 1 }
        Self.run(&heavy, wanted, requests: 40_000) { _ in 1_000 }
        let shares = (Self.windowShare(unit), Self.windowShare(heavy))
        #expect(abs(shares.0 - shares.1) < 0.02)
        #expect(wanted == .popular ? shares.0 < 0.01 : shares.0 > 0.1)
    }

    @Test("it never has more than its capacity, and what was inserted is held, or has left once", arguments: 0..<4)
    func conservation(seed: Int) {
        var random = RandomStream(seed: UInt64(seed), name: "window", purpose: "operations")
        var cache = Sample(capacity: 2_000 + Int(random.below(20_000)))
        var held: [UInt64: Int] = [:]
        var widest = 0.0
        for request in 0..<6_000 {
            let wanted = request / 2_000 % 2 == 0 ? Wanted.popular : .newest
            let key = wanted.key(request, &random)
            if cache.get(key, at: .zero).isHit { continue }
            let (value, weight) = (UInt64(request), 1 + Int(random.below(random.chance(0.02) ? 4_000 : 200)))
            let left = cache.insert(key, value, weight: weight, at: .zero)
            if weight <= cache.capacity { held[value] = weight }
            for eviction in left {
                let former = held.removeValue(forKey: eviction.value)
                #expect(former == eviction.weight)
            }
            let total = held.values.reduce(0, +)
            guard total == cache.weight, total <= cache.capacity else {
                Issue.record("request \(request): \(cache.weight) of \(cache.capacity), not \(total)")
                return
            }
            if request % 500 == 499 { widest = max(widest, Self.windowShare(cache)) }
        }
        let queued = cache.queues.flatMap(\.keys).compactMap { cache.entry(for: $0)?.value }
        #expect(queued.sorted() == held.keys.sorted())
        #expect(widest > 0.05)
    }
}
