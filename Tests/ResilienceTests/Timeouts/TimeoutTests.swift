import Resilience
import Testing
import Timeline

@Suite("Timeout of any kind")
struct TimeoutTests {
    @Test("a fixed limit stays what it is and only counts")
    func fixed() throws {
        var timeout = Timeout(.fixed(try TimeLimit(.seconds(1))))
        timeout.record(took: .seconds(1), outcome: .timedOut, at: .zero)
        #expect(timeout.limit(at: .zero) == .seconds(1))
        #expect(timeout.totals.timedOut == 1)
        #expect(timeout.learnedPercentile == nil)
        #expect(timeout.learnedRoundTrip == nil)
    }

    @Test("learned limits are those of the two kinds alone")
    func learned() throws {
        let (byPercentile, byRoundTrip) = (try AdaptiveTimeout.Settings(), try RoundTripTimeout.Settings())
        var percentile = Timeout(.percentile(byPercentile))
        var roundTrip = Timeout(.rfc6298(byRoundTrip))
        var (adaptive, estimator) = (AdaptiveTimeout(byPercentile), RoundTripTimeout(byRoundTrip))
        for sample in 1...30 {
            let took = Duration.milliseconds(Int64(sample * 13 % 17))
            percentile.record(took: took, outcome: .answered, at: .zero)
            roundTrip.record(took: took, outcome: .answered, at: .zero)
            adaptive.record(took: took, outcome: .answered, at: .zero)
            estimator.record(took: took, outcome: .answered)
            #expect(percentile.limit(at: .zero) == adaptive.currentLimit)
            #expect(roundTrip.limit(at: .zero) == estimator.limit)
        }
        #expect(percentile.learnedPercentile == adaptive)
        #expect(roundTrip.learnedRoundTrip == estimator)
    }

    @Test("an attempt ends by the learned limit or the caller's deadline, and is not started too late")
    func starting() throws {
        var timeout = Timeout(.rfc6298(try RoundTripTimeout.Settings()))
        timeout.record(took: .milliseconds(100), outcome: .answered, at: .zero)
        #expect(timeout.start(at: .zero) == .run(until: .after(.milliseconds(300)), boundBy: .limit))
        let soon = Deadline(.milliseconds(50), after: .zero)
        #expect(timeout.start(at: .zero, callersDeadline: soon) == .run(until: soon.moment, boundBy: .caller))
        #expect(
            timeout.start(at: .after(.milliseconds(70)), callersDeadline: soon)
                == .expired(late: .milliseconds(20)))
    }

    @Test("new settings of the same kind keep what has been learned, another kind starts anew")
    func changingRule() throws {
        var timeout = Timeout(.percentile(try AdaptiveTimeout.Settings()))
        for _ in 0..<10 { timeout.record(took: .milliseconds(40), outcome: .answered, at: .zero) }
        timeout.changeRule(.percentile(try AdaptiveTimeout.Settings(factor: 3)), at: .zero)
        #expect(timeout.currentLimit == .milliseconds(120))
        timeout.changeRule(.rfc6298(try RoundTripTimeout.Settings()), at: .zero)
        #expect(timeout.currentLimit == .seconds(1))
        timeout.changeRule(.fixed(try TimeLimit(.seconds(7))), at: .zero)
        #expect(timeout.currentLimit == .seconds(7))
        #expect(timeout.totals.answered == 10)
    }
}

@Suite("Whatever a timeout is told", .tags(.property))
struct TimeoutPropertyTests {
    @Test("limits stay within their bounds, for any times, outcomes, clocks and settings")
    func bounds() throws {
        for seed in UInt64(0)..<300 {
            var random = RandomStream(seed: seed, name: "timeout", purpose: "bounds")
            var (rule, bounds) = try Self.rule(&random)
            var timeout = Timeout(rule)
            var now = Instant.zero
            for _ in 0..<150 {
                now =
                    random.chance(0.05)
                    ? Instant(nanoseconds: Int64(bitPattern: random.next()))
                    : now + .microseconds(Int64(random.below(2_000)) - 300)
                if random.chance(0.02) {
                    (rule, bounds) = try Self.rule(&random)
                    timeout.changeRule(rule, at: now)
                }
                let took =
                    random.chance(0.2)
                    ? Duration(nanoseconds: Int64(bitPattern: random.next()))
                    : .microseconds(Int64(random.below(100_000)))
                timeout.record(took: took, outcome: TimedCalls.Outcome.allCases[Int(random.below(4))], at: now)
                let limit = timeout.limit(at: now)
                let start = timeout.start(at: now, callersDeadline: Deadline(now + took))
                guard bounds.contains(limit), limit == timeout.currentLimit, isSound(start, now, took) else {
                    Issue.record("seed \(seed): \(limit) of \(rule)")
                    return
                }
            }
        }
    }

    private func isSound(_ start: TimeLimit.Start, _ now: Instant, _ left: Duration) -> Bool {
        switch start {
        case .run(let until, let bound): until > now || now == .distantFuture || bound == .caller && left > .zero
        case .expired(let late): late >= .zero && left <= .zero
        }
    }

    private static func rule(_ random: inout RandomStream) throws -> (Timeout.Rule, ClosedRange<Duration>) {
        let minimum = [Duration.nanoseconds(1), .milliseconds(1), .maximum][Int(random.below(3))]
        let maximum = max(minimum, [Duration.nanoseconds(1), .seconds(1), .maximum][Int(random.below(3))])
        switch random.below(3) {
        case 0:
            return (.fixed(try TimeLimit(maximum)), maximum...maximum)
        case 1:
            let samples = Int(random.below(20)) + 1
            let settings = try AdaptiveTimeout.Settings(
                percentile: random.positiveUniform(), factor: 1 + random.positiveUniform() * 3, base: minimum,
                minimum: minimum, maximum: maximum, samples: samples,
                within: random.chance(0.5) ? .milliseconds(Int64(random.below(9)) + 1) : nil,
                minimumSamples: Int(random.below(UInt64(samples))) + 1)
            return (.percentile(settings), minimum...maximum)
        default:
            let least = random.chance(0.3) ? .zero : minimum
            let settings = try RoundTripTimeout.Settings(
                initial: maximum, minimum: least, maximum: maximum,
                granularity: random.chance(0.5) ? .zero : .milliseconds(1))
            return (.rfc6298(settings), least...maximum)
        }
    }
}
