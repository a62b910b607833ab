import Testing
import Timeline

@Suite("Distributions")
struct DistributionTests {
    /// Should the points be refused, a constant zero stands in, which fails the tests below.
    private static let measured =
        Quantiles([
            .init(share: 0, length: .milliseconds(1)), .init(share: 0.5, length: .milliseconds(3)),
            .init(share: 1, length: .milliseconds(9)),
        ]).map(Distribution.empirical) ?? .constant(.zero)

    /// A law, with the share of draws that lie at or below a length.
    struct Case: Sendable, CustomStringConvertible {
        let law: Distribution
        let share: Double
        let length: Duration
        var description: String { "\(law)" }
    }

    @Test(
        "the quantiles of the draws are those of the law",
        arguments: [
            Case(law: .constant(.milliseconds(5)), share: 1, length: .milliseconds(5)),
            Case(
                law: .uniform(least: .milliseconds(10), most: .milliseconds(30)), share: 0.25, length: .milliseconds(15)
            ),
            Case(law: .exponential(mean: .milliseconds(10)), share: 0.6321, length: .milliseconds(10)),
            Case(
                law: .normal(mean: .milliseconds(50), deviation: .milliseconds(10)), share: 0.8413,
                length: .milliseconds(60)),
            Case(
                law: .lognormal(p50: .milliseconds(40), p99: .milliseconds(250)), share: 0.99,
                length: .milliseconds(250)),
            Case(
                law: .lognormal(p50: .milliseconds(40), p99: .milliseconds(250)), share: 0.5, length: .milliseconds(40)),
            Case(law: .pareto(minimum: .milliseconds(2), shape: 1.5), share: 0.875, length: .milliseconds(8)),
            Case(law: measured, share: 0.75, length: .milliseconds(6)),
        ])
    func quantiles(example: Case) {
        var random = RandomStream(seed: 11, name: "law", purpose: "test")
        let draws = 200_000
        let below = (0..<draws).filter { _ in example.law.sample(using: &random) <= example.length }.count
        #expect(abs(Double(below) / Double(draws) - example.share) < 0.005)
    }

    @Test(
        "the mean of the draws is the mean of the law",
        arguments: [
            Distribution.constant(.milliseconds(5)), .uniform(least: .zero, most: .milliseconds(8)),
            .exponential(mean: .milliseconds(10)), .normal(mean: .milliseconds(50), deviation: .milliseconds(10)),
            .lognormal(median: .milliseconds(40), sigma: 0.5), .pareto(minimum: .milliseconds(2), shape: 4),
            measured,
        ])
    func means(law: Distribution) {
        var random = RandomStream(seed: 12, name: "law", purpose: "mean")
        let sum = (0..<200_000).reduce(Duration.zero) { sum, _ in sum + law.sample(using: &random) }
        #expect(abs(sum.seconds / 200_000 / law.mean.seconds - 1) < 0.01)
    }

    @Test("the heaviest tails saturate instead of trapping")
    func heavyTails() {
        var random = RandomStream(seed: 13, name: "law", purpose: "tail")
        let laws: [Distribution] = [
            .pareto(minimum: .seconds(1), shape: 0.001), .lognormal(median: .seconds(1), sigma: 1_000),
            .normal(mean: .zero, deviation: .maximum), .uniform(least: .zero, most: .maximum),
            .exponential(mean: .maximum),
        ]
        for law in laws {
            #expect((0..<10_000).allSatisfy { _ in law.sample(using: &random) >= .zero }, "\(law)")
        }
        #expect(laws[0].mean == .maximum)
    }

    @Test(
        "quantiles that make no distribution are refused",
        arguments: [
            [(0.0, 1)], [(0.0, 1), (0.5, 2)], [(0.1, 1), (1, 2)], [(0, 2), (1, 1)],
            [(0, 1), (0.5, 2), (0.5, 3), (1, 4)],
            [(0, -1), (1, 1)], (0...8).map { (Double($0) / 8, Int64($0)) },
        ] as [[(Double, Int64)]])
    func refusedQuantiles(points: [(Double, Int64)]) {
        #expect(Quantiles(points.map { .init(share: $0.0, length: .nanoseconds($0.1)) }) == nil)
    }

    @Test("Zipf's ranks come up in proportion to rank^-s", arguments: [0, 0.5, 0.99, 1, 1.2, 2.5])
    func zipf(exponent: Double) {
        let law = Zipf(ranks: 50, exponent: exponent)
        var random = RandomStream(seed: 14, name: "keys", purpose: "zipf")
        let draws = 200_000
        var counts = [Double](repeating: 0, count: 51)
        for _ in 0..<draws { counts[Int(law.sample(using: &random))] += 1 }
        let weights = (1...50).map { ElementaryFunctions.power(Double($0), -exponent) }
        let total = weights.reduce(0, +)
        let chiSquared = (1...50).reduce(0.0) { sum, rank in
            let expected = Double(draws) * weights[rank - 1] / total
            return sum + (counts[rank] - expected) * (counts[rank] - expected) / expected
        }
        // 49 degrees of freedom: 100 is passed by chance less than once in 40 000.
        #expect(counts[0] == 0 && chiSquared < 100)
    }

    @Test("Zipf over one rank or four billion stays in its range", arguments: [1, 2, UInt32.max])
    func zipfExtremes(ranks: UInt32) {
        var random = RandomStream(seed: 15, name: "keys", purpose: "extremes")
        for exponent in [0.0, 1, 30] {
            let law = Zipf(ranks: ranks, exponent: exponent)
            #expect((0..<1_000).allSatisfy { _ in (1...ranks).contains(law.sample(using: &random)) })
        }
    }
}
