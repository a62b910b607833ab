import Resilience
import Testing
import Timeline

@Suite("Adaptive timeout")
struct AdaptiveTimeoutTests {
    typealias Settings = AdaptiveTimeout.Settings

    @Test("the base limit holds until there are enough samples, then the percentile times the factor")
    func adapts() throws {
        var timeout = AdaptiveTimeout(try Settings(percentile: 0.9, base: .milliseconds(700)))
        for sample in 1...9 {
            timeout.record(took: .milliseconds(Int64(sample) * 10), outcome: .answered, at: .zero)
            #expect(timeout.currentLimit == .milliseconds(700))
        }
        #expect(!timeout.isAdapted)
        timeout.record(took: .milliseconds(100), outcome: .answered, at: .zero)
        #expect(timeout.isAdapted)
        // The ninth of ten, 90 ms.
        #expect(timeout.limit(at: .zero) == .milliseconds(135))
    }

    @Test("the limit stays between minimum and maximum")
    func clamped() throws {
        let settings = try Settings(minimum: .milliseconds(50), maximum: .seconds(2), minimumSamples: 1)
        var timeout = AdaptiveTimeout(settings)
        timeout.record(took: .milliseconds(1), outcome: .answered, at: .zero)
        #expect(timeout.currentLimit == .milliseconds(50))
        timeout.record(took: .maximum, outcome: .answered, at: .zero)
        #expect(timeout.currentLimit == .seconds(2))
    }

    @Test("a slow service does not relax the limit of another: one value each (R4)")
    func twoServices() throws {
        let settings = try Settings()
        var (slow, fast) = (AdaptiveTimeout(settings), AdaptiveTimeout(settings))
        for _ in 0..<20 {
            slow.record(took: .seconds(5), outcome: .answered, at: .zero)
            fast.record(took: .milliseconds(20), outcome: .answered, at: .zero)
        }
        #expect(slow.currentLimit == .milliseconds(7_500))
        #expect(fast.currentLimit == .milliseconds(30))
    }

    @Test("after latencies have risen tenfold the limit climbs until answers come in time, and comes down again")
    func shifts() throws {
        var timeout = AdaptiveTimeout(try Settings())
        var cutOff = 0
        func call(_ latency: Duration) {
            let limit = timeout.limit(at: .zero)
            if latency > limit { cutOff += 1 }
            timeout.record(
                took: min(latency, limit), outcome: latency > limit ? .timedOut : .answered, at: .zero)
        }
        for _ in 0..<100 { call(.milliseconds(100)) }
        #expect(timeout.currentLimit == .milliseconds(150))
        for _ in 0..<100 { call(.seconds(1)) }
        // 150 ms × 1.5⁵ is more than 1 s; the second of each two makes the percentile one of those cut off.
        #expect(cutOff == 10)
        #expect(timeout.currentLimit == .milliseconds(1_500))
        for _ in 0..<100 { call(.milliseconds(100)) }
        #expect(timeout.currentLimit == .milliseconds(150))
        #expect(timeout.totals.timedOut == 10)
        #expect(timeout.totals.answered == 290)
    }

    @Test("a service that hangs drives the limit to the maximum and no further; old samples expire by time too")
    func outage() throws {
        var timeout = AdaptiveTimeout(try Settings(maximum: .seconds(3), within: .seconds(60)))
        var now = Instant.zero
        for _ in 0..<50 {
            let limit = timeout.limit(at: now)
            now = now + limit
            timeout.record(took: limit, outcome: .timedOut, at: now)
        }
        #expect(timeout.currentLimit == .seconds(3))
        now = now + .seconds(60)
        #expect(timeout.limit(at: now) == .seconds(1))
        for _ in 0..<10 { timeout.record(took: .milliseconds(20), outcome: .answered, at: now) }
        #expect(timeout.limit(at: now) == .milliseconds(30))
    }

    @Test("a call that says nothing about the latency is no sample")
    func ignored() throws {
        var timeout = AdaptiveTimeout(try Settings(minimumSamples: 1))
        timeout.record(took: .nanoseconds(1), outcome: .ignored, at: .zero)
        #expect(timeout.currentLimit == .seconds(1))
        #expect(timeout.totals.ignored == 1)
    }

    @Test("new settings judge the samples that are there")
    func changingSettings() throws {
        var timeout = AdaptiveTimeout(try Settings(samples: 20))
        for sample in 1...20 {
            timeout.record(took: .milliseconds(Int64(sample) * 10), outcome: .answered, at: .zero)
        }
        timeout.changeSettings(try Settings(percentile: 0.5, factor: 2, samples: 20), at: .zero)
        #expect(timeout.currentLimit == .milliseconds(200))
        timeout.changeSettings(try Settings(percentile: 0.5, factor: 2, samples: 10), at: .zero)
        #expect(timeout.currentLimit == .milliseconds(300))
    }

    @Test("a value out of range is refused by name, with the range")
    func refusals() {
        let refused: [(String, () throws -> Settings)] = [
            (
                "percentile: 0.0 is out of range; allowed: a share of more than 0 and at most 1",
                { try .init(percentile: 0) }
            ),
            (
                "percentile: nan is out of range; allowed: a share of more than 0 and at most 1",
                { try .init(percentile: .nan) }
            ),
            ("factor: 1.0 is out of range; allowed: more than 1, finite", { try .init(factor: 1) }),
            ("factor: inf is out of range; allowed: more than 1, finite", { try .init(factor: .infinity) }),
            ("factor: nan is out of range; allowed: more than 1, finite", { try .init(factor: .nan) }),
            ("minimum: 0s is out of range; allowed: more than 0s", { try .init(minimum: .zero) }),
            (
                "maximum: 5ms is out of range; allowed: the minimum of 10ms or more",
                { try .init(maximum: .milliseconds(5)) }
            ),
            ("base: 31s is out of range; allowed: 10ms to 30s", { try .init(base: .seconds(31)) }),
            ("samples: 0 is out of range; allowed: 1 to 100000", { try .init(samples: 0) }),
            ("within: -1s is out of range; allowed: more than 0s", { try .init(within: .seconds(-1)) }),
            ("minimumSamples: 0 is out of range; allowed: 1 to 100", { try .init(minimumSamples: 0) }),
            ("minimumSamples: 101 is out of range; allowed: 1 to 100", { try .init(minimumSamples: 101) }),
        ]
        for (message, make) in refused {
            let error = #expect(throws: SettingError.self) { try make() }
            #expect(error?.description == message)
        }
    }
}
