import Resilience
import Testing
import Timeline

@Suite("Failure detection")
struct FailureDetectorTests {
    @Test(
        "what a status says",
        arguments: [
            (100, nil), (200, nil), (204, nil), (301, nil), (399, nil), (400, .client), (401, .client), (404, .client),
            (408, .timeout), (429, .rateLimit), (499, .client), (500, .server), (502, .server), (503, .server),
            (504, .server), (599, .server), (0, .server), (99, .server), (600, .server), (.min, .server),
            (.max, .server),
        ] as [(Int, FailureKind?)])
    func statuses(_ status: Int, _ kind: FailureKind?) {
        #expect(FailureKind(status: status) == kind)
    }

    @Test("a set holds the kinds that were put in, and the named sets share none and leave none out")
    func sets() {
        let sets: [FailureKinds] = [.transient, .rejections, .final]
        for kind in FailureKind.allCases {
            #expect(FailureKinds(kind).includes(kind))
            #expect(FailureKinds.all.includes(kind))
            #expect(sets.filter { $0.includes(kind) }.count == 1)
            #expect(FailureKind.allCases.filter { FailureKinds(kind).includes($0) } == [kind])
        }
        #expect(MemoryLayout<FailureKinds>.size == 2)
    }

    @Test("by default the callee's failures count, the caller's wrong requests are successes, and the rest is ignored")
    func defaults() throws {
        let detector = try FailureDetector()
        let expected: [(FailureKind?, CircuitBreaker.Outcome)] = [
            (nil, .success), (.timeout, .failure), (.rateLimit, .failure), (.server, .failure), (.client, .success),
            (.network, .failure), (.circuitOpen, .ignored), (.rejected, .ignored), (.cancelled, .ignored),
            (.expired, .ignored),
        ]
        for (kind, outcome) in expected {
            #expect(detector.outcome(of: kind) == outcome)
        }
    }

    @Test("R4J: what is ignored does not count even if it is also a failure")
    func ignoredWins() throws {
        let detector = try FailureDetector(failures: .all, ignored: [.client, .server])
        #expect(detector.outcome(of: .server) == .ignored)
        #expect(detector.outcome(of: .client) == .ignored)
        #expect(detector.outcome(of: .circuitOpen) == .failure)
    }

    @Test("a verdict tells the kind, what the breaker is told, slowness and the callee's advice")
    func verdicts() throws {
        let detector = try FailureDetector(slowLimit: .seconds(1))
        let late = detector.judge(.answered(status: 200), took: .milliseconds(1_001))
        #expect(late.failure == nil && late.outcome == .success && late.isSlow && late.retryAfter == nil)
        // The limit itself is not slow (R4J).
        #expect(!detector.judge(.answered(status: 200), took: .seconds(1)).isSlow)

        let limited = detector.judge(.answered(status: 429, retryAfter: .seconds(30)), took: .zero)
        #expect(limited.failure == .rateLimit && limited.outcome == .failure)
        #expect(limited.retryAfter == .seconds(30))

        #expect(detector.judge(.timedOut, took: .seconds(5)).failure == .timeout)
        #expect(detector.judge(.disconnected, took: .zero).failure == .network)
        let refused = detector.judge(.prevented(.circuitOpen, retryAfter: .seconds(9)), took: .zero)
        #expect(refused.failure == .circuitOpen && refused.outcome == .ignored && refused.retryAfter == .seconds(9))
        #expect(try !FailureDetector().judge(.timedOut, took: .maximum).isSlow)
    }

    @Test("a burst that fills the caller's own bulkhead does not open the breaker of a healthy callee")
    func localRejections() throws {
        let detector = try FailureDetector()
        var breaker = CircuitBreaker(try .init(window: .calls(10), failureRate: 0.5, openTime: .seconds(1)))
        for call in 0..<100 {
            guard let permit = breaker.admit(at: .zero).permit else {
                Issue.record("opened at call \(call)")
                return
            }
            let end: FailureDetector.CallEnd = call % 10 == 0 ? .answered(status: 200) : .prevented(.rejected)
            _ = breaker.record(
                detector.judge(end, took: .zero).outcome, took: .zero, permit: permit, at: .zero)
        }
        #expect(breaker.totals.ignored == 90)
    }

    @Test("a negative limit is refused by name")
    func refusal() {
        let error = #expect(throws: SettingError.self) { try FailureDetector(slowLimit: .nanoseconds(-1)) }
        #expect(error?.setting == "slowLimit")
    }
}
