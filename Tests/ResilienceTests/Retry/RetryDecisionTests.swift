import Resilience
import Testing
import Timeline

@Suite("Retry decisions")
struct RetryDecisionTests {
    private var random = RandomStream(seed: 1, name: "retry", purpose: "jitter")

    /// Fails a call again and again, each attempt taking so long, until the policy gives up.
    private mutating func run(
        _ policy: RetryPolicy, attemptTakes: Duration = .zero, retryAfter: Duration? = nil
    ) -> (waits: [Duration], reason: RetryPolicy.Reason) {
        var (now, waits) = (Instant.zero, [Duration]())
        var state = RetryState(startedAt: now)
        while true {
            now = now + attemptTakes
            let decision = policy.next(
                after: .server, state: &state, retryAfter: retryAfter, at: now, using: &random)
            switch decision {
            case .retry(let wait):
                waits.append(wait)
                now = now + wait
            case .giveUp(let reason):
                return (waits, reason)
            }
        }
    }

    @Test("FG retrypolicy_test: the waits of six retries, and why there is no seventh")
    mutating func backoff() throws {
        let policy = try RetryPolicy(
            attempts: 7, backoff: .exponential(initial: .milliseconds(1), cap: .milliseconds(10)), jitter: .none)
        let result = run(policy)
        #expect(result.waits.map(\.milliseconds) == [1, 2, 4, 8, 10, 10])
        #expect(result.reason == .attemptsExhausted(7))
    }

    @Test("FG retryexecutor: the last wait is cut to the longest duration, and after it the call fails")
    mutating func shortens() throws {
        let policy = try RetryPolicy(
            attempts: RetryPolicy.unlimited, backoff: .constant(.milliseconds(40)), jitter: .none,
            maxDuration: .milliseconds(100))
        let result = run(policy, attemptTakes: .milliseconds(1))
        // 1, then 41 + 1, then 82 + 1, of which 17 are left, then 100 + 1.
        #expect(result.waits.map(\.milliseconds) == [40, 40, 17])
        #expect(result.reason == .outOfTime(elapsed: .milliseconds(101)))
    }

    @Test("FG retrypolicy_test: a second attempt of 120 ms is the last in 100 ms")
    mutating func slowAttempt() throws {
        let policy = try RetryPolicy(
            attempts: 3, backoff: .constant(.zero), jitter: .none, maxDuration: .milliseconds(100))
        var state = RetryState(startedAt: .zero)
        #expect(policy.next(after: .server, state: &state, at: .zero, using: &random) == .retry(after: .zero))
        let later = Instant.after(.milliseconds(120))
        #expect(
            policy.next(after: .server, state: &state, at: later, using: &random)
                == .giveUp(.outOfTime(elapsed: .milliseconds(120))))
        #expect(state.attempt == 2)
    }

    @Test("Temporal retry_test: a wait beyond the expiry is no retry")
    mutating func givesUp() throws {
        let policy = try RetryPolicy(
            attempts: RetryPolicy.unlimited, backoff: .exponential(initial: .seconds(1), cap: .maximum), jitter: .none,
            maxDuration: .seconds(10), overrun: .givesUp)
        let result = run(policy)
        #expect(result.waits == [.seconds(1), .seconds(2), .seconds(4)])
        #expect(result.reason == .outOfTime(elapsed: .seconds(7)))
    }

    @Test("an attempt may begin at the very end of the longest duration")
    mutating func veryEnd() throws {
        for overrun in [RetryPolicy.Overrun.shortens, .givesUp] {
            let policy = try RetryPolicy(
                attempts: 2, backoff: .constant(.seconds(1)), jitter: .none, maxDuration: .seconds(1), overrun: overrun)
            #expect(run(policy).waits == [.seconds(1)])
        }
    }

    @Test("a clock that steps back takes no time away")
    mutating func backwardClock() throws {
        let policy = try RetryPolicy(
            attempts: 2, backoff: .constant(.seconds(1)), jitter: .none, maxDuration: .seconds(3))
        var state = RetryState(startedAt: .after(.seconds(100)))
        #expect(policy.next(after: .server, state: &state, at: .zero, using: &random) == .retry(after: .seconds(1)))
    }

    @Test("by default what is transient is tried again; a rejection and the caller's own faults are not")
    mutating func retryable() throws {
        let policy = try RetryPolicy(attempts: 3, backoff: .constant(.zero), jitter: .none)
        for kind in FailureKind.allCases {
            var state = RetryState(startedAt: .zero)
            let decision = policy.next(after: kind, state: &state, at: .zero, using: &random)
            let isTransient = [.timeout, .rateLimit, .server, .network].contains(kind)
            #expect(decision == (isTransient ? .retry(after: .zero) : .giveUp(.notRetryable(kind))))
        }
    }

    @Test("R4J SupplierRetryTest: a failure that is not retryable is the call's only attempt, also as a last one")
    mutating func notRetryable() throws {
        let policy = try RetryPolicy(attempts: 1, backoff: .constant(.zero), retryable: .server)
        var state = RetryState(startedAt: .zero)
        #expect(
            policy.next(after: .network, state: &state, at: .zero, using: &random) == .giveUp(.notRetryable(.network)))
        #expect(
            policy.next(after: .server, state: &state, at: .zero, using: &random) == .giveUp(.attemptsExhausted(1)))
    }

    @Test(
        "what the callee asks for is the least wait, the wait, or nothing, up to a limit",
        arguments: [
            (RetryPolicy.ServerDelay.ignored, [2, 2, 2, 2]), (.atLeast(upTo: .maximum), [2, 2, 9, 60]),
            (.atLeast(upTo: .seconds(20)), [2, 2, 9, 20]), (.exactly(upTo: .maximum), [2, 1, 9, 60]),
            (.exactly(upTo: .seconds(20)), [2, 1, 9, 20]),
        ])
    mutating func serverDelay(_ rule: RetryPolicy.ServerDelay, _ seconds: [Int]) throws {
        let policy = try RetryPolicy(
            attempts: 2, backoff: .constant(.seconds(2)), jitter: .none, serverDelay: rule)
        for (asked, expected) in zip([-5, 1, 9, 60], seconds) {
            #expect(run(policy, retryAfter: .seconds(Int64(asked))).waits == [.seconds(Int64(expected))])
        }
    }

    @Test("R4J SupplierRetryTest: each result may ask for its own wait")
    mutating func ownWaits() throws {
        let policy = try RetryPolicy(
            attempts: 3, backoff: .constant(.seconds(1)), serverDelay: .exactly(upTo: .maximum))
        var state = RetryState(startedAt: .zero)
        let waits = [100, 200].map { asked in
            policy.next(
                after: .server, state: &state, retryAfter: .milliseconds(asked), at: .zero, using: &random)
        }
        #expect(waits == [.retry(after: .milliseconds(100)), .retry(after: .milliseconds(200))])
    }

    @Test("a wait that the callee asked for is never cut short: if there is no time for it the call fails")
    mutating func noTimeForServer() throws {
        let policy = try RetryPolicy(
            attempts: 3, backoff: .constant(.seconds(2)), jitter: .none, maxDuration: .seconds(5))
        #expect(run(policy, retryAfter: .seconds(6)).reason == .outOfTime(elapsed: .zero))
        #expect(run(policy, retryAfter: .seconds(5)).waits == [.seconds(5)])
    }

    @Test("decorrelated waits remember their own last length, not the one that the callee asked for")
    mutating func memory() throws {
        let policy = try RetryPolicy(
            attempts: RetryPolicy.unlimited, backoff: .exponential(initial: .milliseconds(1), cap: .seconds(60)),
            jitter: .decorrelated)
        var state = RetryState(startedAt: .zero)
        _ = policy.next(after: .server, state: &state, retryAfter: .seconds(60), at: .zero, using: &random)
        guard case .retry(let wait) = policy.next(after: .server, state: &state, at: .zero, using: &random) else {
            Issue.record("no second wait")
            return
        }
        #expect(wait <= .milliseconds(9))
    }

    @Test("PO: the V2 waits add up to the curve that they follow")
    mutating func decorrelatedV2() throws {
        let policy = try RetryPolicy(
            attempts: 9, backoff: .exponential(initial: .seconds(1), cap: .maximum), jitter: .decorrelatedV2)
        for _ in 0..<200 {
            let total = run(policy).waits.reduce(.zero, +).seconds
            // Eight waits end between 2⁷ and 2⁸ over 1.4; the hyperbolic tangent is 1 there.
            #expect((128 / 1.4 - 0.01...256 / 1.4).contains(total))
        }
    }

    @Test("without jitter, or with none of it, nothing is drawn")
    mutating func drawsNothing() throws {
        let untouched = random
        for jitter: Jitter in [.none, .proportional(0), .plusMinus(.zero)] {
            _ = run(try RetryPolicy(attempts: 3, backoff: .constant(.seconds(1)), jitter: jitter))
        }
        #expect(random == untouched)
    }

    @Test("a state is 20 bytes")
    func size() {
        #expect(MemoryLayout<RetryState>.size == 20)
        #expect(MemoryLayout<RetryState>.stride == 24)
    }

    @Test("R4J SupplierRetryTest: totals by what became of the calls")
    mutating func totals() throws {
        let policy = try RetryPolicy(attempts: 3, backoff: .constant(.milliseconds(500)), jitter: .none)
        var totals = RetryTotals()
        // As many failures before a success; three are the end.
        for failures in [0, 1, 1, 2, 3] {
            var state = RetryState(startedAt: .zero)
            for _ in 0..<failures {
                totals.count(policy.next(after: .server, state: &state, at: .zero, using: &random))
            }
            if failures < 3 { totals.countSuccess(state) }
        }
        var state = RetryState(startedAt: .zero)
        totals.count(policy.next(after: .client, state: &state, at: .zero, using: &random))
        #expect(totals.succeededAtOnce == 1)
        #expect(totals.succeededAfterRetry == 3)
        #expect(totals.retries == 6)
        #expect(totals.attemptsExhausted == 1)
        #expect(totals.notRetryable == 1)
        #expect(totals.failed == 2)
    }
}
