import Resilience
import Testing
import Timeline

/// Vectors: failsafe-go util_test (FG), Polly RetryHelperTests (PO), resilience4j IntervalFunctionTest (R4J).
///
/// FG counts chance from the longest wait down; here it is counted from the shortest up, as in Polly and resilience4j.
@Suite("Jitter")
struct JitterTests {
    /// The wait after an attempt with chance given, in milliseconds.
    private func wait(
        _ backoff: Backoff, _ jitter: Jitter, _ share: Double, attempt: Int = 1
    ) -> Double {
        var memory = Duration.zero
        return backoff.delay(afterAttempt: attempt, jitter: jitter, share: share, memory: &memory).milliseconds
    }

    @Test(
        "FG: a delay give or take a share or a length",
        arguments: [
            (100, 0.5, 50, [0, 0.25, 0.5, 0.75, 1], [150.0, 125, 100, 75, 50]),
            (500, 0.5, 250, [0.25, 0.75], [625, 375]), (50_000, 0.5, 25_000, [0.25], [62_500]),
            (500, 0.1, 50, [0.25], [525]), (50_000, 0.1, 5_000, [0.25], [52_500]),
        ])
    func giveOrTake(_ delay: Int, _ part: Double, _ length: Int, _ random: [Double], _ expected: [Double]) {
        let backoff = Backoff.constant(.milliseconds(Int64(delay)))
        #expect(random.map { wait(backoff, .proportional(part), 1 - $0) } == expected)
        #expect(random.map { wait(backoff, .plusMinus(.milliseconds(Int64(length))), 1 - $0) } == expected)
    }

    @Test(
        "FG: a random delay in a range is a constant one with a floor",
        arguments: [
            (10, 100, [0, 0.25, 0.5, 0.75, 1], [10, 32, 55, 77, 100]), (50, 500, [0.25], [162]),
            (5_000, 50_000, [0.25], [16_250]),
        ])
    func range(_ least: Int, _ most: Int, _ random: [Double], _ expected: [Int]) {
        let backoff = Backoff.constant(.milliseconds(Int64(most)))
        #expect(random.map { Int(wait(backoff, .floor(.milliseconds(Int64(least))), $0)) } == expected)
    }

    @Test("a floor above the delay of an early attempt leaves that delay as it is")
    func floorAboveDelay() {
        let backoff = Backoff.exponential(initial: .milliseconds(10), cap: .seconds(1))
        #expect(wait(backoff, .floor(.milliseconds(30)), 0) == 10)
        #expect(wait(backoff, .floor(.milliseconds(30)), 0, attempt: 3) == 30)
    }

    @Test(
        "PO: a quarter either way for constant and linear backoffs",
        arguments: [Jitter.proportional(0.25), .decorrelatedV2])
    func quarter(_ jitter: Jitter) {
        let constant = Backoff.constant(.seconds(1))
        #expect([0, 0.4, 0.6, 1].map { wait(constant, jitter, $0) } == [750, 950, 1_050, 1_250])
        let linear = Backoff.linear(initial: .seconds(1), cap: .maximum)
        #expect(
            [0, 0.4, 0.5, 0.6, 1].map { wait(linear, jitter, $0, attempt: 3) } == [2_250, 2_850, 3_000, 3_150, 3_750])
        for attempt in 1...3 {
            #expect(wait(.constant(.zero), jitter, 0.5, attempt: attempt) == 0)
            #expect(wait(.linear(initial: .zero, cap: .maximum), jitter, 0.5, attempt: attempt) == 0)
        }
    }

    @Test("PO: no wait is above the cap", arguments: Jitter.allCases + [.proportional(0.25)])
    func cap(_ jitter: Jitter) {
        for backoff: Backoff in [
            .linear(initial: .seconds(10), cap: .seconds(10)), .exponential(initial: .seconds(10), cap: .seconds(10)),
        ] {
            #expect(wait(backoff, jitter, 1, attempt: 3) == 10_000)
        }
    }

    @Test("PO, V2: the waits of 1 s with even chances")
    func decorrelatedV2() {
        let backoff = Backoff.exponential(initial: .seconds(1), cap: .maximum)
        var memory = Duration.zero
        let waits = (1...6).map { attempt in
            backoff.delay(afterAttempt: attempt, jitter: .decorrelatedV2, share: 0.5, memory: &memory).seconds
        }
        for (wait, expected) in zip(waits, [0.8974, 1.0930, 2.0357, 4.0460, 8.0836, 16.1637]) {
            #expect(abs(wait - expected) < 0.00005)
        }
    }

    @Test("PO, V2: nothing grows from nothing, and what would overflow is the cap")
    func decorrelatedV2Ends() {
        var memory = Duration.zero
        func wait(_ initial: Duration, _ cap: Duration, _ attempt: Int) -> Duration {
            Backoff.exponential(initial: initial, cap: cap)
                .delay(afterAttempt: attempt, jitter: .decorrelatedV2, share: 0.5, memory: &memory)
        }
        for attempt in [1, 2, 3, 1_100, .max] { #expect(wait(.zero, .maximum, attempt) == .zero) }
        for attempt in [1_001, 1_024, 1_025, 1_026, .max] {
            memory = .zero
            #expect(wait(.minutes(1_440), .maximum, attempt) == .maximum)
            #expect(wait(.minutes(1_440), .maximum, attempt) == .maximum)
            #expect(wait(.minutes(1_440), .minutes(2_880), attempt) == .minutes(2_880))
        }
    }

    @Test("PO, V2: a wait lies between zero and four times the exponential one", .tags(.property))
    func decorrelatedV2Range() {
        var random = RandomStream(seed: 3, name: "retry", purpose: "V2")
        for _ in 0..<5_000 {
            let initial = Duration.nanoseconds(Int64(random.below(3_600_000_000_000)) + 1_000_000)
            let attempt = Int(random.below(60)) + 1
            let backoff = Backoff.exponential(initial: initial, cap: .maximum)
            var memory = Duration.zero
            let wait = backoff.delay(
                afterAttempt: attempt, jitter: .decorrelatedV2, share: random.uniform(), memory: &memory)
            let ceiling = backoff.delay(afterAttempt: attempt) * Int64(4)
            #expect(wait >= .zero && wait <= ceiling)
        }
    }

    @Test("V2: without its memory the waits have the same median")
    func decorrelatedV2WithoutMemory() throws {
        let policy = try RetryPolicy(
            attempts: 9, backoff: .exponential(initial: .seconds(1), cap: .maximum), jitter: .decorrelatedV2)
        var random = RandomStream(seed: 4, name: "retry", purpose: "V2")
        for (attempt, expected) in [(1, 0.8974), (2, 1.0930), (3, 2.0357), (4, 4.0460)] {
            let waits = (0..<2_001).map { _ in
                policy.delay(afterAttempt: attempt, previous: .zero, using: &random).seconds
            }
            #expect(abs(waits.sorted()[1_000] / expected - 1) < 0.1)
        }
    }

    @Test("R4J: randomized intervals stay within half the delay either way, and grow with it")
    func randomized() throws {
        var random = RandomStream(seed: 5, name: "retry", purpose: "randomized")
        let flat = try RetryPolicy(
            attempts: 99, backoff: .constant(.milliseconds(100)), jitter: .proportional(0.5))
        let growing = try RetryPolicy(
            attempts: 99, backoff: .exponential(initial: .milliseconds(100), factor: 1.5, cap: .seconds(100)),
            jitter: .proportional(0.5))
        var expected = 100.0
        for attempt in 1..<50 {
            let first = flat.delay(afterAttempt: attempt, previous: .zero, using: &random).milliseconds
            #expect((50.0...150).contains(first))
            let wait = growing.delay(afterAttempt: attempt, previous: .zero, using: &random).milliseconds
            #expect(wait >= min(100_000, expected) * 0.5 - 1 && wait <= min(100_000, expected * 1.5 + 1))
            expected *= 1.5
        }
    }

    @Test("R4J generatesCappedExponentialRandomIntervals, PO: the cap comes last, far beyond it all wait the same")
    func cappedLast() {
        let exponential = Backoff.exponential(initial: .milliseconds(100), factor: 1.5, cap: .seconds(100))
        let linear = Backoff.linear(initial: .milliseconds(10_000), cap: .seconds(100))
        let steep = Backoff.linear(initial: .maximum, cap: .seconds(100))
        for (backoff, attempt, expected) in [
            (exponential, 18, [49_263.0, 98_526, 100_000]), (exponential, 21, [100_000, 100_000, 100_000]),
            (linear, 12, [60_000, 100_000, 100_000]), (linear, 40, [100_000, 100_000, 100_000]),
            (steep, 2, [100_000, 100_000, 100_000]),
        ] {
            let waits = [0, 0.5, 1].map { wait(backoff, .proportional(0.5), $0, attempt: attempt).rounded() }
            #expect(waits == expected)
        }
        #expect([0, 0.5, 1].map { wait(linear, .decorrelatedV2, $0, attempt: 12) } == [90_000, 100_000, 100_000])
    }

    @Test("the first four of the AWS post, with a base of 5 ms and a cap of 2 s")
    func awsFormulas() {
        let expo = Backoff.exponential(initial: .milliseconds(10), cap: .seconds(2))
        #expect((1...9).map { wait(expo, .none, 0, attempt: $0) } == [10, 20, 40, 80, 160, 320, 640, 1_280, 2_000])
        #expect([0, 0.5, 1].map { wait(expo, .equal, $0, attempt: 4) } == [40, 60, 80])
        #expect([0, 0.5, 1].map { wait(expo, .full, $0, attempt: 4) } == [0, 40, 80])
        let decorrelated = Backoff.exponential(initial: .milliseconds(5), cap: .seconds(2))
        var memory = Duration.zero
        let waits = (1...3).map { attempt in
            decorrelated.delay(afterAttempt: attempt, jitter: .decorrelated, share: 1, memory: &memory).milliseconds
        }
        #expect(waits == [15, 45, 135])
    }

    @Test("chance outside 0 to 1 counts as the nearer end")
    func strangeChance() {
        let backoff = Backoff.constant(.milliseconds(100))
        #expect([-1, .nan, 2, .infinity].map { wait(backoff, .full, $0) } == [0, 0, 100, 100])
    }
}
