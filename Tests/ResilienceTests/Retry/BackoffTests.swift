import Testing
import Timeline

@testable import Resilience

/// Vectors: failsafe-go retryexecutor_test (FG), resilience4j IntervalFunctionTest (R4J), Polly RetryHelperTests (PO).
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

    @Test("attempts are counted from 1; anything below counts as the first")
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
        let waits = [0, 0.5, 0.75].map {
            backoff.delay(afterAttempt: 1, previous: .milliseconds(200), jitter: jitter, share: $0).milliseconds
        }
        #expect(waits == milliseconds)
    }

    @Test("decorrelated jitter starts between one and three times the initial delay and stops at the cap")
    func decorrelated() {
        let backoff = Backoff.exponential(initial: .milliseconds(100), cap: .milliseconds(500))
        func wait(_ previous: Duration, _ share: Double) -> Duration {
            backoff.delay(afterAttempt: 1, previous: previous, jitter: .decorrelated, share: share)
        }
        #expect(wait(.zero, 0) == .milliseconds(100))
        #expect(wait(.zero, 0.5) == .milliseconds(200))
        #expect(wait(.milliseconds(400), 0.9) == .milliseconds(500))
        #expect(wait(.maximum, 0.9) == .milliseconds(500))
    }

    @Test("a wait is never negative and never above the cap", .tags(.property))
    func bounds() {
        let lengths: [Duration] = [
            .zero, .nanoseconds(1), .milliseconds(3), .nanoseconds(.max / 2), .nanoseconds(.max / 2 + 1), .maximum,
        ]
        for initial in lengths {
            for cap in lengths where cap >= initial {
                let backoffs: [Backoff] = [
                    .constant(cap), .linear(initial: initial, cap: cap), .exponential(initial: initial, cap: cap),
                    .exponential(initial: initial, factor: 1e300, cap: cap),
                ]
                for backoff in backoffs {
                    expectBounds(backoff)
                }
            }
        }
    }

    private func expectBounds(_ backoff: Backoff) {
        for jitter in Jitter.allCases {
            for attempt in [1, 2, 40, 63, 64, 1_100, .max] {
                for share in [0, 0.5, 1 - 0x1p-53] {
                    for previous in [Duration.zero, backoff.cap, .maximum] {
                        let wait = backoff.delay(
                            afterAttempt: attempt, previous: previous, jitter: jitter, share: share)
                        if wait < .zero || wait > backoff.cap {
                            Issue.record("\(backoff) \(jitter) attempt \(attempt) share \(share): \(wait)")
                        }
                    }
                }
            }
        }
    }
}
