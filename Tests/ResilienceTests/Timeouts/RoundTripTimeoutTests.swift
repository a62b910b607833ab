import Resilience
import Testing
import Timeline

@Suite("Timeout by RFC 6298")
struct RoundTripTimeoutTests {
    typealias Settings = RoundTripTimeout.Settings

    @Test("samples of 100, 100, 200, 100, 100 ms give 300, 250, 325, 282.81, 249.41 ms (section 2 of the RFC)")
    func arithmetic() throws {
        var timeout = RoundTripTimeout(try Settings(minimum: .zero))
        #expect(timeout.limit == .seconds(1))
        let steps: [(sample: Int64, limit: Double)] = [
            (100, 300), (100, 250), (200, 325), (100, 282.8125), (100, 249.4140625),
        ]
        for step in steps {
            timeout.record(took: .milliseconds(step.sample), outcome: .answered)
            #expect(timeout.limit == Duration(seconds: step.limit / 1_000))
        }
    }

    @Test("the first sample sets the smoothed time and half of it as deviation")
    func firstSample() throws {
        var timeout = RoundTripTimeout(try Settings())
        #expect(timeout.smoothedTime == nil)
        timeout.record(took: .milliseconds(80), outcome: .answered)
        #expect(timeout.smoothedTime == .milliseconds(80))
        #expect(timeout.smoothedDeviation == .milliseconds(40))
        #expect(timeout.limit == .milliseconds(240))
    }

    @Test("without deviation the clock's granularity is left as margin")
    func granularity() throws {
        var timeout = RoundTripTimeout(try Settings(granularity: .milliseconds(5)))
        for _ in 0..<200 { timeout.record(took: .milliseconds(100), outcome: .answered) }
        #expect(timeout.limit == .milliseconds(105))
    }

    @Test("the limit stays between minimum and maximum: 1 s in TCP")
    func clamped() throws {
        var timeout = RoundTripTimeout(try Settings(minimum: .seconds(1)))
        timeout.record(took: .milliseconds(100), outcome: .answered)
        #expect(timeout.limit == .seconds(1))
        timeout.record(took: .maximum, outcome: .answered)
        #expect(timeout.limit == .seconds(60))
    }

    @Test("each timeout doubles the limit up to the maximum; the next sample ends that (section 5.5)")
    func backoff() throws {
        var timeout = RoundTripTimeout(try Settings())
        var limits: [Duration] = []
        for _ in 0..<8 {
            timeout.record(took: timeout.limit, outcome: .timedOut)
            limits.append(timeout.limit)
        }
        #expect(limits == [2, 4, 8, 16, 32, 60, 60, 60].map { .seconds($0) })
        timeout.record(took: .milliseconds(100), outcome: .answered)
        #expect(timeout.limit == .milliseconds(300))
        #expect(timeout.doublings == 0)
    }

    @Test("of calls that time out side by side only the first doubles the limit")
    func sideBySide() throws {
        var timeout = RoundTripTimeout(try Settings())
        for _ in 0..<50 { timeout.record(took: .seconds(1), outcome: .timedOut) }
        #expect(timeout.limit == .seconds(2))
        #expect(timeout.totals.timedOut == 50)
    }

    @Test("an answer after a retry is no sample, and leaves the limit doubled (Karn)")
    func karn() throws {
        var timeout = RoundTripTimeout(try Settings())
        timeout.record(took: .milliseconds(100), outcome: .answered)
        timeout.record(took: .milliseconds(300), outcome: .timedOut)
        timeout.record(took: .milliseconds(10), outcome: .ambiguous)
        timeout.record(took: .milliseconds(10), outcome: .ignored)
        #expect(timeout.limit == .milliseconds(600))
        #expect(timeout.smoothedTime == .milliseconds(100))
    }

    @Test("after latencies have risen tenfold the limit follows within a few calls, and comes down again")
    func shifts() throws {
        var timeout = RoundTripTimeout(try Settings())
        var cutOff = 0
        func call(_ latency: Duration) {
            let limit = timeout.limit
            if latency > limit { cutOff += 1 }
            timeout.record(took: min(latency, limit), outcome: latency > limit ? .timedOut : .answered)
        }
        for _ in 0..<50 { call(.milliseconds(100)) }
        for _ in 0..<50 { call(.seconds(1)) }
        #expect(cutOff == 4)
        #expect(timeout.limit > .seconds(1))
        for _ in 0..<60 { call(.milliseconds(100)) }
        #expect(cutOff == 4)
        #expect(timeout.limit < .milliseconds(120))
    }

    @Test("a value out of range is refused by name, with the range")
    func refusals() {
        let refused: [(String, () throws -> Settings)] = [
            ("minimum: -1s is out of range; allowed: 0s or more", { try .init(minimum: .seconds(-1)) }),
            (
                "maximum: 1ms is out of range; allowed: more than 0s, the minimum or more",
                { try .init(maximum: .milliseconds(1)) }
            ),
            (
                "maximum: 0s is out of range; allowed: more than 0s, the minimum or more",
                { try .init(minimum: .zero, maximum: .zero) }
            ),
            (
                "initial: 1.5m is out of range; allowed: more than 0s, 10ms to 1m",
                { try .init(initial: .seconds(90)) }
            ),
            (
                "initial: 0s is out of range; allowed: more than 0s, 0s to 1m",
                { try .init(initial: .zero, minimum: .zero) }
            ),
            ("granularity: -1ms is out of range; allowed: 0s or more", { try .init(granularity: .milliseconds(-1)) }),
        ]
        for (message, make) in refused {
            let error = #expect(throws: SettingError.self) { try make() }
            #expect(error?.description == message)
        }
    }
}
