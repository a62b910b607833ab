import Resilience
import Testing
import Timeline

/// Vectors: failsafe-go retryexecutor_test (FG), resilience4j IntervalFunctionTest (R4J), Polly RetryHelperTests (PO),
/// and others where they are named.
@Suite("Backoff")
struct BackoffTests {
    @Test(
        "the wait after each attempt, in milliseconds",
        arguments: [
            // FG.
            Row(.exponential(initial: .seconds(2), cap: .seconds(30)), [2_000, 4_000, 8_000, 16_000, 30_000]),
            // R4J: growing up to the eleventh, then the cap.
            Row(
                .exponential(initial: .milliseconds(100), cap: .milliseconds(100_000)),
                [100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 51_200, 100_000, 100_000, 100_000]),
            // PO: n times the delay, and nothing grows from nothing.
            Row(.linear(initial: .seconds(1), cap: .maximum), [1_000, 2_000, 3_000]),
            Row(.constant(.seconds(1)), [1_000, 1_000, 1_000]),
            Row(.exponential(initial: .zero, cap: .maximum), [0, 0, 0]),
            Row(.linear(initial: .zero, cap: .maximum), [0, 0, 0]),
            // The table in the documentation.
            Row(.constant(.milliseconds(100)), [100, 100, 100, 100, 100, 100, 100]),
            Row(
                .linear(initial: .milliseconds(100), cap: .milliseconds(500)),
                [100, 200, 300, 400, 500, 500, 500]),
            Row(
                .exponential(initial: .milliseconds(50), factor: 2, cap: .seconds(2)),
                [50, 100, 200, 400, 800, 1_600, 2_000]),
            Row(
                .exponential(initial: .milliseconds(100), factor: 1.5, cap: .seconds(2)), [100, 150, 225, 337.5]),
            // FG retrypolicy_test: with backoff delay.
            Row(.exponential(initial: .milliseconds(1), cap: .milliseconds(10)), [1, 2, 4, 8, 10, 10]),
            // R4J SupplierRetryTest: shouldTakeIntoAccountBackoffFunction.
            Row(.exponential(initial: .milliseconds(500), cap: .maximum), [500, 1_000]),
            // Conductor TestDeciderService: exponential of 60 s, with a cap of 200 s, and linear with a scale of 2.
            Row(.exponential(initial: .seconds(60), cap: .maximum), [60_000, 120_000, 240_000]),
            Row(.exponential(initial: .seconds(60), cap: .seconds(200)), [60_000, 120_000, 200_000, 200_000]),
            Row(.linear(initial: .seconds(120), cap: .maximum), [120_000, 240_000, 360_000]),
            // botocore test_standard: TestExponentialBackoff, whose random number is 1.
            Row(
                .exponential(initial: .milliseconds(50), cap: .seconds(20)),
                [50, 100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 20_000, 20_000]),
        ])
    func grows(_ row: Row) {
        let waits = (1...row.milliseconds.count).map { row.backoff.delay(afterAttempt: $0).milliseconds }
        #expect(waits == row.milliseconds)
    }

    struct Row: Sendable {
        let backoff: Backoff
        let milliseconds: [Double]

        init(_ backoff: Backoff, _ milliseconds: [Double]) {
            self.backoff = backoff
            self.milliseconds = milliseconds
        }
    }

    @Test("PO: what would overflow is the longest wait there is, never negative")
    func overflow() {
        for backoff: Backoff in [
            .exponential(initial: .seconds(1), cap: .maximum), .linear(initial: .seconds(1), cap: .maximum),
        ] {
            #expect(backoff.delay(afterAttempt: .max) == .maximum)
        }
    }

    @Test("Conductor, PO: after any number of attempts the wait is the cap, if there is one")
    func saturation() {
        let longest = Duration.seconds(Int64(Int32.max))
        #expect(Backoff.exponential(initial: .seconds(60), cap: longest).delay(afterAttempt: 10_000) == longest)
        let days = Backoff.exponential(initial: .minutes(1_440), cap: .minutes(2_880))
        #expect(days.delay(afterAttempt: 1_001) == .minutes(2_880))
    }

    @Test("Temporal retry_test: attempts are counted from 1; anything below counts as the first")
    func firstAttempt() {
        let backoff = Backoff.exponential(initial: .seconds(1), cap: .seconds(9))
        #expect(backoff.delay(afterAttempt: 0) == .seconds(1))
        #expect(backoff.delay(afterAttempt: .min) == .seconds(1))
    }

    @Test(
        "jitter spreads a wait of 100 ms, with chance given",
        arguments: [
            (Jitter.none, [100.0, 100, 100]), (.full, [0, 50, 75]), (.equal, [50, 75, 87.5]),
            // From the initial 100 ms to three times the 200 ms before.
            (.decorrelated, [100, 350, 475]),
        ])
    func jitter(_ jitter: Jitter, _ milliseconds: [Double]) {
        let backoff = Backoff.exponential(initial: .milliseconds(100), cap: .seconds(2))
        let waits = [0, 0.5, 0.75].map { share in
            var memory = Duration.milliseconds(200)
            return backoff.delay(afterAttempt: 1, jitter: jitter, share: share, memory: &memory).milliseconds
        }
        #expect(waits == milliseconds)
    }

    @Test("decorrelated jitter starts between one and three times the initial delay and stops at the cap")
    func decorrelated() {
        let backoff = Backoff.exponential(initial: .milliseconds(100), cap: .milliseconds(500))
        func wait(_ previous: Duration, _ share: Double) -> Duration {
            var memory = previous
            return backoff.delay(afterAttempt: 1, jitter: .decorrelated, share: share, memory: &memory)
        }
        #expect(wait(.zero, 0) == .milliseconds(100))
        #expect(wait(.zero, 0.5) == .milliseconds(200))
        #expect(wait(.milliseconds(400), 0.9) == .milliseconds(500))
        #expect(wait(.maximum, 0.9) == .milliseconds(500))
    }
}
