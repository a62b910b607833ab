import Testing
import Timeline

@testable import Resilience

/// Vectors: Netflix/concurrency-limits, AIMDLimitTest, VegasLimitTest, ExpAvgMeasurementTest,
/// ImmutableAverageSampleWindowTest, Log10RootIntFunctionTest, SimpleLimiterTest.
@Suite("Concurrency limits")
struct ConcurrencyLimitVectorTests {
    @Test("AIMDLimitTest")
    func aimd() throws {
        var script = ConcurrencyLimitScript(try .aimd(initial: 10, minimum: 10))
        #expect(script.limit.limit == 10)

        script = ConcurrencyLimitScript(try .aimd(initial: 20))
        #expect(script.sample(.milliseconds(1), inFlight: 10) == 21)
        #expect(script.limit.lastChange?.reason == .used(inFlight: 10))

        script = ConcurrencyLimitScript(try .aimd(initial: 30))
        #expect(script.sample(.zero, inFlight: 0, isDropped: true) == 27)
        #expect(script.limit.lastChange?.reason == .dropped)

        script = ConcurrencyLimitScript(try .aimd(initial: 21, minimum: 1, maximum: 21))
        #expect(script.sample(.milliseconds(1), inFlight: 10) == 21)
    }

    @Test("AIMD: less than half in use leaves it, more than the timeout backs off, the minimum holds")
    func aimdMore() throws {
        var script = ConcurrencyLimitScript(try .aimd(initial: 24))
        #expect(script.sample(.milliseconds(1), inFlight: 11) == 24)
        #expect(script.sample(.seconds(5), inFlight: 12) == 25)
        #expect(script.sample(.seconds(6), inFlight: 12) == 22)
        #expect(script.limit.lastChange?.reason == .timeout(took: .seconds(6)))
        #expect(script.sample(.seconds(6), inFlight: 12) == 20)
        #expect(script.sample(.seconds(6), inFlight: 12) == 20)
        #expect(script.limit.totals.lowered == 2)
    }

    @Test("VegasLimitTest: alpha 3, beta 6, from 10 to at most 20, and from 10 000")
    func vegas() throws {
        let settings = try ConcurrencyLimit.Settings.vegas(
            .init(alpha: .constant(3), beta: .constant(6)), initial: 10, maximum: 20)
        let rows: [(took: Int64, inFlight: Int, limit: Int)] = [(10, 11, 16), (50, 11, 9), (14, 14, 10)]
        for row in rows {
            var script = ConcurrencyLimitScript(settings)
            #expect(script.sample(.milliseconds(10), inFlight: 10) == 10)
            #expect(script.sample(.milliseconds(row.took), inFlight: row.inFlight) == row.limit)
        }
        var script = ConcurrencyLimitScript(try .vegas(initial: 10_000, maximum: 20_000))
        #expect(script.sample(.seconds(10), inFlight: 5_000) == 10_000)
        #expect(script.sample(.seconds(10), inFlight: 6_000) == 10_024)
        #expect(script.limit.lastChange?.reason == .queue(0))
    }

    @Test("VegasLimitTest: halving, with and without smoothing")
    func vegasDecrease() throws {
        for (smoothing, limits) in [(0.5, [100, 75, 56]), (1, [100, 50, 25])] {
            var script = ConcurrencyLimitScript(
                try .vegas(.init(decrease: .share(0.5), smoothing: smoothing), initial: 100, maximum: 200))
            #expect([10, 20, 20].map { script.sample(.milliseconds($0), inFlight: 100) } == limits)
            #expect(script.limit.unloadedTime == .milliseconds(10))
            #expect(script.limit.latestTime == .milliseconds(20))
        }
    }

    @Test("Vegas: a drop takes away, idle callers add nothing, the queue follows from the times")
    func vegasMore() throws {
        var script = ConcurrencyLimitScript(try .vegas(initial: 100, maximum: 200))
        script.sample(.milliseconds(10), inFlight: 100)
        #expect(script.sample(.milliseconds(10), inFlight: 49) == 100)
        #expect(script.sample(.milliseconds(10), inFlight: 100, isDropped: true) == 98)
        #expect(script.limit.lastChange?.reason == .dropped)
        script.sample(.milliseconds(20), inFlight: 1)
        #expect(script.limit.queueEstimate == 49)
    }

    @Test("Vegas measures the shortest time anew after half to once 30 calls for each of the limit")
    func vegasProbe() throws {
        var counts: Set<Int> = []
        for seed in UInt64(0)..<40 {
            var script = ConcurrencyLimitScript(try .vegas(initial: 10, maximum: 10))
            script.random = RandomStream(seed: seed, name: "limit", purpose: "probe")
            script.sample(.milliseconds(1), inFlight: 1)
            var count = 1
            while script.limit.unloadedTime == .milliseconds(1), count < 400 {
                script.sample(.milliseconds(2), inFlight: 1)
                count += 1
            }
            counts.insert(count)
        }
        #expect(counts.allSatisfy { (150...300).contains($0) })
        #expect(counts.count > 20)
    }

    @Test("Log10RootIntFunctionTest: the whole part of the logarithm, at least one")
    func logarithm() {
        let one = ConcurrencyLimit.Vegas.Amount.logarithm(times: 1)
        #expect([0, 1, 9, 10, 99, 100, 999, 1_000, 10_000].map { one($0) } == [1, 1, 1, 1, 1, 2, 2, 3, 4])
    }

    @Test("ExpAvgMeasurementTest: a plain average of ten, then an exponential one")
    func average() {
        var average = WarmedAverage()
        let values = (10..<20).map { average.add(Double($0), window: 100) }
        #expect(values == [10, 10.5, 11, 11.5, 12, 12.5, 13, 13.5, 14, 14.5])
        #expect(abs(average.add(100, window: 100) - 16.2) < 0.1)
    }

    @Test("Gradient2: steady times let the queue in, up to its share of the limit, as the formulas have it")
    func gradient() throws {
        var script = ConcurrencyLimitScript(try .gradient(initial: 20, minimum: 10, window: nil))
        // Each sample with the limit in use adds a fifth of the queue of four.
        #expect((0..<5).map { _ in script.sample(.milliseconds(10), inFlight: 100) } == [20, 21, 22, 23, 24])
        #expect(script.limit.lastChange?.reason == .gradient(1))
        #expect(script.sample(.milliseconds(10), inFlight: 11) == 24)
        // (5 × 10 + 10 + 100) / 7 × 1.5 / 100 is below a half: 24 × (0.8 + 0.2 × 0.5) + 0.8.
        #expect(script.sample(.milliseconds(100), inFlight: 100) == 22)
        #expect(script.limit.lastChange?.reason == .gradient(0.5))
        #expect(script.limit.unloadedTime == .nanoseconds(22_857_143))
        #expect(script.limit.queueEstimate == 18)
    }

    @Test("Gradient2: a long average of more than twice the time shrinks by a twentieth")
    func gradientShrinks() throws {
        var script = ConcurrencyLimitScript(try .gradient(window: nil))
        script.sample(.milliseconds(90), inFlight: 1)
        script.sample(.milliseconds(10), inFlight: 1)
        #expect(script.limit.unloadedTime == .microseconds(47_500))
        script.sample(.milliseconds(50), inFlight: 1)
        #expect(script.limit.unloadedTime == .milliseconds(50))
    }

    @Test("WindowedLimit: ten calls and a second make one sample of their average and the most in flight")
    func windows() throws {
        var script = ConcurrencyLimitScript(try .aimd(initial: 20, window: .init()))
        // The first call ends the window before it, which has too few.
        script.sample(.milliseconds(1), inFlight: 20, after: .milliseconds(1))
        for _ in 0..<10 {
            #expect(script.sample(.milliseconds(1), inFlight: 20, after: .milliseconds(100)) == 20)
        }
        #expect(script.sample(.milliseconds(1), inFlight: 1, after: .milliseconds(100)) == 21)
        // Nine are too few; calls of less than 100 µs are not counted.
        for _ in 0..<8 { script.sample(.milliseconds(1), inFlight: 20, after: .milliseconds(100)) }
        for _ in 0..<9 { script.sample(.microseconds(99), inFlight: 20, after: .zero) }
        #expect(script.sample(.milliseconds(1), inFlight: 20, after: .milliseconds(500)) == 21)
        // One dropped call of eleven counts for all.
        for _ in 0..<10 { script.sample(.milliseconds(1), inFlight: 20, after: .milliseconds(100)) }
        #expect(script.sample(.milliseconds(1), inFlight: 20, isDropped: true, after: .milliseconds(100)) == 20)
    }

    @Test("ImmutableAverageSampleWindowTest: the average, dropped calls among them")
    func windowAverage() {
        let settings = ConcurrencyLimit.Window(
            minimumLength: .seconds(1), maximumLength: .seconds(1), minimumCalls: 3, minimumTime: .zero)
        func sample(_ took: Int64, isDropped: Bool = false) -> ConcurrencyLimit.Sample {
            ConcurrencyLimit.Sample(took: .nanoseconds(took), inFlight: 1, isDropped: isDropped)
        }
        for (samples, average) in [([5_000, 500, 10], 1_836), ([5_000, 500, 10, 5_000], 2_627)] as [([Int64], Int64)] {
            var window = SampleWindow()
            _ = window.add(sample(1), at: .zero, settings: settings)
            for took in samples.dropLast() { _ = window.add(sample(took), at: .zero, settings: settings) }
            let last = sample(samples[samples.count - 1], isDropped: samples.count > 3)
            let summary = window.add(last, at: .after(.seconds(2)), settings: settings)
            #expect(summary?.took == .nanoseconds(average))
            #expect(summary?.isDropped == (samples.count > 3))
        }
    }

    @Test("SimpleLimiterTest: ten and no more; an end makes room for one")
    func simple() throws {
        var random = RandomStream(seed: 1, name: "limit", purpose: "test")
        var limit = ConcurrencyLimit(try .aimd(initial: 10, minimum: 10, maximum: 10))
        let permits = (0..<10).compactMap { _ in limit.acquire().permit }
        #expect(permits.map(\.inFlight) == Array(1...10))
        #expect(limit.acquire() == .rejected(limit: 10, inFlight: 10))
        #expect(limit.inFlight == 10)
        let first = try #require(permits.first)
        limit.end(first, .success(took: .milliseconds(1)), at: .zero, using: &random)
        #expect(limit.inFlight == 9)
        #expect(limit.acquire().permit != nil)
        #expect(limit.inFlight == 10)
        #expect(limit.totals.rejected == 1)
    }
}
