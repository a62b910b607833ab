import Testing
import Timeline

@Suite("Random streams")
struct RandomStreamTests {
    @Test("seed, name and purpose together make the stream")
    func keyedByNameAndPurpose() {
        func start(_ seed: UInt64, _ name: String, _ purpose: String) -> UInt64 {
            var stream = RandomStream(seed: seed, name: name, purpose: purpose)
            return stream.next()
        }
        let starts = [
            start(1, "payment", "latency"), start(2, "payment", "latency"), start(1, "payment", "errors"),
            start(1, "paymen", "tlatency"), start(1, "inventory", "latency"), start(1, "", "paymentlatency"),
        ]
        #expect(Set(starts).count == starts.count)
        #expect(start(1, "payment", "latency") == starts[0])
    }

    @Test("the published sequence stays as it is for ever")
    func sameForEver() {
        var stream = RandomStream(seed: 42, name: "payment", purpose: "latency")
        #expect(
            (0..<3).map { _ in stream.next() } == [
                15_826_413_372_325_042_773, 9_950_336_173_772_714_165, 1_497_472_920_026_459_255,
            ])
    }

    @Test("bytes are evenly spread in every stream (chi-squared over 256 values, 40 streams)")
    func evenlySpread() {
        var worst = 0.0
        for name in 0..<40 {
            var stream = RandomStream(seed: 7, name: "component \(name)", purpose: "spread")
            var counts = [Double](repeating: 0, count: 256)
            for _ in 0..<65_536 { counts[Int(stream.next() & 255)] += 1 }
            worst = max(worst, counts.reduce(0) { $0 + ($1 - 256) * ($1 - 256) / 256 })
        }
        // 255 degrees of freedom: 350 is passed by chance once in 30 000 streams.
        #expect(worst < 350)
    }

    @Test("numbers below a bound stay below it, and each comes up")
    func below() {
        var stream = RandomStream(seed: 3, name: "die", purpose: "rolls")
        #expect(Set((0..<1_000).map { _ in stream.below(6) }) == [0, 1, 2, 3, 4, 5])
        #expect(stream.below(0) == 0)
        #expect((0..<100).allSatisfy { _ in stream.below(.max) < .max })
    }

    @Test("a certain or impossible chance costs no draw")
    func chances() {
        var stream = RandomStream(seed: 3, name: "coin", purpose: "flips")
        let before = stream
        #expect(stream.chance(1) && !stream.chance(0) && !stream.chance(-1) && stream.chance(2))
        #expect(stream == before)
        let heads = (0..<100_000).filter { _ in stream.chance(0.3) }.count
        #expect((29_300...30_700).contains(heads))
    }
}
