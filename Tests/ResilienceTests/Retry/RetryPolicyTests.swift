import Resilience
import Testing
import Timeline

@Suite("Retry policy")
struct RetryPolicyTests {
    /// Calls until success or until the policy gives up.
    private func calls(_ policy: RetryPolicy, succeedingAt success: Int) -> (calls: Int, slept: Duration) {
        var random = RandomStream(seed: 1, name: "retry", purpose: "jitter")
        var slept = Duration.zero
        var previous = Duration.zero
        var attempt = 1
        while attempt < success,
            let wait = policy.next(afterAttempt: attempt, previous: previous, using: &random)
        {
            slept = slept + wait
            previous = wait
            attempt += 1
        }
        return (attempt, slept)
    }

    @Test(
        "R4J SupplierRetryTest: attempts include the first, and nobody waits after the last",
        arguments: [(3, 2, 2, 500), (3, 99, 3, 1_000), (1, 99, 1, 0), (3, 1, 1, 0)])
    func attempts(_ attempts: Int, _ success: Int, _ expectedCalls: Int, _ sleptMilliseconds: Int) throws {
        let policy = try RetryPolicy(attempts: attempts, backoff: .constant(.milliseconds(500)), jitter: .none)
        let result = calls(policy, succeedingAt: success)
        #expect(result.calls == expectedCalls)
        #expect(result.slept == .milliseconds(Int64(sleptMilliseconds)))
    }

    @Test("a policy without a limit goes on")
    func unlimited() throws {
        let policy = try RetryPolicy(
            attempts: RetryPolicy.unlimited, backoff: .linear(initial: .seconds(1), cap: .seconds(5)))
        #expect(calls(policy, succeedingAt: 5_000).calls == 5_000)
    }

    @Test("a server's retry-after is waited for, even above the cap, and shortens nothing")
    func retryAfter() throws {
        let policy = try RetryPolicy(attempts: 3, backoff: .constant(.seconds(2)), jitter: .none)
        var random = RandomStream(seed: 1, name: "retry", purpose: "jitter")
        func wait(_ retryAfter: Duration, attempt: Int = 1) -> Duration? {
            policy.next(afterAttempt: attempt, previous: .zero, retryAfter: retryAfter, using: &random)
        }
        #expect(wait(.seconds(9)) == .seconds(9))
        #expect(wait(.seconds(1)) == .seconds(2))
        #expect(wait(.seconds(-1)) == .seconds(2))
        #expect(wait(.seconds(9), attempt: 3) == nil)
    }

    @Test("without jitter nothing is drawn from the stream")
    func drawsNothing() throws {
        let policy = try RetryPolicy(attempts: 3, backoff: .constant(.seconds(2)), jitter: .none)
        var random = RandomStream(seed: 1, name: "retry", purpose: "jitter")
        let untouched = random
        _ = policy.delay(afterAttempt: 1, previous: .zero, using: &random)
        #expect(random == untouched)
    }

    @Test("full jitter waits half the delay on average, equal jitter three quarters")
    func means() throws {
        for (jitter, expected) in [(Jitter.full, 0.5), (.equal, 0.75)] {
            let policy = try RetryPolicy(attempts: 2, backoff: .constant(.seconds(1)), jitter: jitter)
            var random = RandomStream(seed: 5, name: "retry", purpose: "jitter")
            var sum = 0.0
            for _ in 0..<20_000 { sum += policy.delay(afterAttempt: 1, previous: .zero, using: &random).seconds }
            // Five standard errors of the wider law.
            #expect(abs(sum / 20_000 - expected) < 0.0103)
        }
    }

    @Test("settings out of range are refused by name")
    func refusals() {
        let second = Duration.seconds(1)
        let refused: [(String, Int, Backoff)] = [
            ("attempts", 0, .constant(second)), ("backoff.initial", 3, .constant(.seconds(-1))),
            ("backoff.cap", 3, .linear(initial: second, cap: .zero)),
            ("backoff.factor", 3, .exponential(initial: second, factor: 0.5, cap: second)),
            ("backoff.factor", 3, .exponential(initial: second, factor: .nan, cap: second)),
            ("backoff.factor", 3, .exponential(initial: second, factor: .infinity, cap: second)),
        ]
        for (setting, attempts, backoff) in refused {
            let error = #expect(throws: SettingError.self) { try RetryPolicy(attempts: attempts, backoff: backoff) }
            #expect(error?.setting == setting)
        }
    }

    @Test("amounts of jitter, durations and server delays out of range are refused by name")
    func moreRefusals() {
        let backoff = Backoff.linear(initial: .seconds(1), cap: .seconds(9))
        let negative = Duration.nanoseconds(-1)
        let refused: [(String, () throws -> RetryPolicy)] = [
            ("jitter.proportional", { try .init(attempts: 1, backoff: backoff, jitter: .proportional(-0.0001)) }),
            ("jitter.proportional", { try .init(attempts: 1, backoff: backoff, jitter: .proportional(1.0001)) }),
            ("jitter.proportional", { try .init(attempts: 1, backoff: backoff, jitter: .proportional(.nan)) }),
            ("jitter.plusMinus", { try .init(attempts: 1, backoff: backoff, jitter: .plusMinus(negative)) }),
            ("jitter.floor", { try .init(attempts: 1, backoff: backoff, jitter: .floor(negative)) }),
            ("jitter.floor", { try .init(attempts: 1, backoff: backoff, jitter: .floor(.seconds(10))) }),
            ("maxDuration", { try .init(attempts: 1, backoff: backoff, maxDuration: negative) }),
            (
                "serverDelay.upTo",
                { try .init(attempts: 1, backoff: backoff, serverDelay: .atLeast(upTo: negative)) }
            ),
            (
                "serverDelay.upTo",
                { try .init(attempts: 1, backoff: backoff, serverDelay: .exactly(upTo: negative)) }
            ),
        ]
        for (setting, make) in refused {
            let error = #expect(throws: SettingError.self) { try make() }
            #expect(error?.setting == setting)
        }
    }

    @Test("R4J IntervalFunctionTest: every share from 0 to 1 is a randomization factor")
    func randomizationFactors() throws {
        for share in [0, 0.1, 0.25, 0.5, 0.75, 1] {
            _ = try RetryPolicy(attempts: 1, backoff: .constant(.milliseconds(100)), jitter: .proportional(share))
        }
    }
}
