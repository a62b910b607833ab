import Caching
import Testing
import Timeline

/// Hit ratios that theory gives.
@Suite("Closed forms")
struct ClosedFormTests {
    /// Che, Tung and Wang (2002): a key is held if it was wanted within the time in which as many different keys are
    /// wanted as there is room for.
    private func che(_ shares: [Double], capacity: Double) -> Double {
        func held(_ time: Double) -> [Double] { shares.map { 1 - ElementaryFunctions.exp(-$0 * time) } }
        var (short, long) = (0.0, 1e9)
        for _ in 0..<100 {
            let middle = (short + long) / 2
            if held(middle).reduce(0, +) < capacity { short = middle } else { long = middle }
        }
        return zip(shares, held(long)).reduce(0) { $0 + $1.0 * $1.1 }
    }

    @Test(
        "LRU under Zipf's law hits as Che's approximation says",
        arguments: [(0.6, 100), (0.8, 50), (0.8, 300), (1.0, 20), (1.0, 200), (1.2, 100)] as [(Double, Int)])
    func zipf(exponent: Double, capacity: Int) {
        let ranks: UInt32 = 2_000
        let weights = (1...ranks).map { ElementaryFunctions.power(Double($0), -exponent) }
        let sum = weights.reduce(0, +)
        let expected = che(weights.map { $0 / sum }, capacity: Double(capacity))
        let law = Zipf(ranks: ranks, exponent: exponent)
        var random = RandomStream(seed: 1, name: "zipf", purpose: "keys")
        var cache = LRUCache<UInt32, UInt32>(capacity: capacity)
        for _ in 0..<5_000 { _ = cache.get(law.sample(using: &random), at: .zero, orInsert: 1) }
        let before = cache.statistics.hits
        let requests = 40_000
        for _ in 0..<requests { _ = cache.get(law.sample(using: &random), at: .zero, orInsert: 1) }
        let found = Double(cache.statistics.hits - before) / Double(requests)
        #expect(abs(found - expected) < 0.01, "found \(found), expected \(expected)")
    }

    @Test(
        "a key that is wanted at random and lives for T from its load hits λT of 1 + λT times",
        arguments: [0.5, 1, 4] as [Double])
    func lives(requestsInALife: Double) {
        let gap = Distribution.exponential(mean: .milliseconds(10))
        let life = Duration.milliseconds(10) * requestsInALife
        var random = RandomStream(seed: 2, name: "arrivals", purpose: "gaps")
        var cache = LRUCache<UInt32, UInt32>(capacity: 1, lifetime: Lifetime(afterWrite: life))
        var now = Instant.zero
        for _ in 0..<40_000 {
            now = now + gap.sample(using: &random)
            _ = cache.get(1, at: now, orInsert: 1)
        }
        let found = cache.statistics.hitRatio ?? 0
        #expect(abs(found - requestsInALife / (1 + requestsInALife)) < 0.01)
    }
}
