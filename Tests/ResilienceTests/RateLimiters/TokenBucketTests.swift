import Resilience
import Testing
import Timeline

/// Vectors: Go's `x/time/rate`, rate_test.go. Times are in tenths of a second.
@Suite("Token bucket")
struct TokenBucketTests {
    private static func bucket(_ perSecond: Int, _ burst: Int) throws -> TokenBucket {
        TokenBucket(try TokenBucket.Settings(limit: perSecond, per: .seconds(1), burst: burst))
    }

    private static func tenths(_ count: Int64) -> Instant { .after(.milliseconds(100) * count) }

    /// At a time, with so many permits there, a request for some is granted or not.
    private typealias Ask = (at: Int64, there: Int, permits: Int, granted: Bool)

    private func run(_ bucket: inout TokenBucket, _ asks: [Ask]) {
        for (step, ask) in asks.enumerated() {
            let now = Self.tenths(ask.at)
            #expect(bucket.available(at: now) == ask.there, "step \(step)")
            let decision = bucket.acquire(ask.permits, at: now)
            #expect((decision == .granted(after: .zero)) == ask.granted, "step \(step)")
        }
    }

    @Test("TestLimiterBurst1")
    func burst1() throws {
        var bucket = try Self.bucket(10, 1)
        run(
            &bucket,
            [
                (0, 1, 1, true), (0, 0, 1, false), (0, 0, 1, false), (1, 1, 1, true), (1, 0, 1, false),
                (1, 0, 1, false), (2, 1, 2, false), (2, 1, 1, true), (2, 0, 1, false),
            ])
    }

    @Test("TestLimiterBurst3")
    func burst3() throws {
        var bucket = try Self.bucket(10, 3)
        run(
            &bucket,
            [
                (0, 3, 2, true), (0, 1, 2, false), (0, 1, 1, true), (0, 0, 1, false), (1, 1, 4, false),
                (2, 2, 1, true), (3, 2, 1, true), (4, 2, 1, true), (4, 1, 1, true), (4, 0, 1, false),
                (4, 0, 1, false), (9, 3, 3, true), (9, 0, 0, true),
            ])
    }

    @Test("TestLimiterJumpBackwards: what is there stays; but the same tenth of a second is not earned twice")
    func jumpBackwards() throws {
        var bucket = try Self.bucket(10, 3)
        run(
            &bucket,
            [
                (1, 3, 1, true), (0, 2, 1, true), (0, 1, 1, true), (0, 0, 1, false), (0, 0, 1, false),
                // Go has got another permit here.
                (1, 0, 1, false), (2, 1, 1, true), (2, 0, 1, false),
            ])
    }

    @Test("TestLimiter_noTruncationErrors")
    func noTruncation() throws {
        var bucket = TokenBucket(try .init(rate: Rate(perSecond: 0.7692307692307693), burst: 1))
        #expect(bucket.acquire(at: .zero) == .granted(after: .zero))
    }

    @Test("TestSimultaneousRequests: the burst and no more")
    func simultaneous() throws {
        var bucket = try Self.bucket(1, 5)
        let granted = (0..<15).count { _ in bucket.acquire(at: .zero).wait != nil }
        #expect(granted == 5)
    }

    @Test("what is debited is earned before anything is granted, and no more is owed than the bound")
    func debits() throws {
        var bucket = try Self.bucket(10, 3)
        let debits: [(permits: Int, bound: Int, there: Int)] = [
            (2, 0, 1), (-5, 0, 1), (4, 2, -2), (9, 2, -2), (1, 5, -3), (100, 5, -5), (1, 0, -5),
        ]
        for (step, debit) in debits.enumerated() {
            bucket.debit(debit.permits, at: .zero, mostDebt: debit.bound)
            #expect(bucket.available(at: .zero) == debit.there, "step \(step)")
        }
        #expect(bucket.acquire(at: .zero) == .rejected(retryAfter: .milliseconds(600)))
        #expect(bucket.acquire(at: Self.tenths(6)) == .granted(after: .zero))
        #expect(bucket.available(at: Self.tenths(60)) == 3)
    }

    @Test("a reservation keeps its time when others are debited, and what is owed does not come back with it")
    func debitsAndReservations() throws {
        var bucket = try Self.bucket(10, 1)
        #expect(bucket.acquire(at: .zero) == .granted(after: .zero))
        #expect(bucket.acquire(at: .zero, maxWait: .seconds(1)) == .granted(after: .milliseconds(100)))
        bucket.debit(2, at: .zero, mostDebt: 5)
        #expect(bucket.available(at: .zero) == -3)
        #expect(bucket.giveBack(due: Self.tenths(1), at: .zero) == 0)
        #expect(bucket.available(at: .zero) == -3)
    }

    @Test("no debit overflows")
    func largestDebits() throws {
        var bucket = TokenBucket(try .init(limit: 1, per: .maximum, burst: 1_000_000_000))
        for now in [Instant.zero, .distantFuture] {
            bucket.debit(.max, at: now, mostDebt: .max)
            #expect(bucket.available(at: now) == -(1 << 40))
            #expect(bucket.acquire(at: now) == .rejected(retryAfter: .maximum))
        }
    }

    @Test("TestLongRunningQPS: 500 requests a second get the burst of 100 and 100 a second")
    func longRunning() throws {
        var bucket = try Self.bucket(100, 100)
        let granted = (0..<2_500).count { bucket.acquire(at: .after(.milliseconds(2) * Int64($0))).wait != nil }
        #expect(granted == 599)
    }

    /// What to do at a time, and when the permits are to be used; nil if they are refused.
    private enum Step {
        case reserve(at: Int64, permits: Int, due: Int64?, maxWait: Duration = .maximum)
        /// Gives back the reservation of an earlier step; so many permits come back.
        case cancel(at: Int64, step: Int, returned: Int)
        case setRate(at: Int64, perSecond: Int)
        case setBurst(at: Int64, Int)
        case allow(at: Int64, there: Int, permits: Int, Bool)
    }

    private func play(_ perSecond: Int, _ burst: Int, _ steps: [Step]) throws {
        var bucket = try Self.bucket(perSecond, burst)
        var dues: [Int: (permits: Int, due: Instant)] = [:]
        for (index, step) in steps.enumerated() {
            switch step {
            case .reserve(let at, let permits, let due, let maxWait):
                let now = Self.tenths(at)
                let granted = bucket.acquire(permits, at: now, maxWait: maxWait).wait.map { now + $0 }
                #expect(granted == due.map(Self.tenths), "step \(index)")
                if let granted { dues[index] = (permits, granted) }
            case .cancel(let at, let step, let returned):
                let reservation = try #require(dues[step])
                let back = bucket.giveBack(reservation.permits, due: reservation.due, at: Self.tenths(at))
                #expect(back == returned, "step \(index)")
            case .setRate(let at, let perSecond):
                bucket.changeSettings(
                    try .init(limit: perSecond, per: .seconds(1), burst: bucket.settings.burst), at: Self.tenths(at))
            case .setBurst(let at, let burst):
                bucket.changeSettings(try .init(rate: bucket.settings.rate, burst: burst), at: Self.tenths(at))
            case .allow(let at, let there, let permits, let granted):
                run(&bucket, [(at, there, permits, granted)])
            }
        }
    }

    @Test("TestSimpleReserve, TestMix, TestReserveMax")
    func reserve() throws {
        try play(
            10, 2,
            [
                .reserve(at: 0, permits: 2, due: 0), .reserve(at: 0, permits: 2, due: 2),
                .reserve(at: 3, permits: 2, due: 4),
            ])
        try play(
            10, 2,
            [
                .reserve(at: 0, permits: 3, due: nil), .reserve(at: 0, permits: 2, due: 0),
                .allow(at: 1, there: 1, permits: 2, false), .reserve(at: 1, permits: 2, due: 2),
                .allow(at: 1, there: -1, permits: 1, false), .allow(at: 3, there: 1, permits: 1, true),
            ])
        let tenth = Duration.milliseconds(100)
        try play(
            10, 2,
            [
                .reserve(at: 0, permits: 2, due: 0, maxWait: tenth),
                .reserve(at: 0, permits: 1, due: 1, maxWait: tenth),
                .reserve(at: 0, permits: 1, due: nil, maxWait: tenth),
            ])
    }

    @Test("TestCancelInvalid, TestCancelLast, TestCancelTooLate")
    func cancel() throws {
        try play(
            10, 2,
            [
                .reserve(at: 0, permits: 2, due: 0), .reserve(at: 0, permits: 3, due: nil),
                .reserve(at: 0, permits: 2, due: 2),
            ])
        try play(
            10, 2,
            [
                .reserve(at: 0, permits: 2, due: 0), .reserve(at: 0, permits: 2, due: 2),
                .cancel(at: 1, step: 1, returned: 2), .reserve(at: 1, permits: 2, due: 2),
            ])
        try play(
            10, 2,
            [
                .reserve(at: 0, permits: 2, due: 0), .reserve(at: 0, permits: 2, due: 2),
                .cancel(at: 3, step: 1, returned: 0), .reserve(at: 3, permits: 2, due: 4),
            ])
    }

    @Test("TestCancel0Tokens, TestCancel1Token, TestCancelMulti: not what others reserved after it")
    func cancelInTheMiddle() throws {
        try play(
            10, 2,
            [
                .reserve(at: 0, permits: 2, due: 0), .reserve(at: 0, permits: 1, due: 1),
                .reserve(at: 0, permits: 1, due: 2), .cancel(at: 0, step: 1, returned: 0),
                .reserve(at: 0, permits: 1, due: 3),
            ])
        try play(
            10, 2,
            [
                .reserve(at: 0, permits: 2, due: 0), .reserve(at: 0, permits: 2, due: 2),
                .reserve(at: 0, permits: 1, due: 3), .cancel(at: 2, step: 1, returned: 1),
                .reserve(at: 2, permits: 2, due: 4),
            ])
        try play(
            10, 4,
            [
                .reserve(at: 0, permits: 4, due: 0), .reserve(at: 0, permits: 3, due: 3),
                .reserve(at: 0, permits: 1, due: 4), .reserve(at: 0, permits: 1, due: 5),
                .cancel(at: 1, step: 3, returned: 1), .cancel(at: 1, step: 1, returned: 2),
                .reserve(at: 1, permits: 3, due: 5),
            ])
    }

    @Test("TestReserveJumpBack, TestReserveJumpBackCancel, without the violations of limit and burst noted there")
    func reserveJumpBack() throws {
        let tenth = Duration.milliseconds(100)
        try play(
            10, 2,
            [
                .reserve(at: 1, permits: 2, due: 1), .reserve(at: 0, permits: 1, due: 2),
                .reserve(at: 2, permits: 2, due: 4), .reserve(at: 0, permits: 3, due: nil),
                .reserve(at: 2, permits: 1, due: 5), .reserve(at: 0, permits: 2, due: nil, maxWait: tenth),
                .reserve(at: 2, permits: 1, due: 6),
            ])
        try play(
            10, 2,
            [
                .reserve(at: 1, permits: 2, due: 1), .reserve(at: 1, permits: 2, due: 3),
                .reserve(at: 1, permits: 1, due: 4), .cancel(at: 0, step: 1, returned: 1),
                .reserve(at: 1, permits: 2, due: 5),
            ])
    }

    @Test("TestReserveSetLimit, TestReserveSetBurst, TestReserveSetLimitCancel")
    func changes() throws {
        try play(
            5, 2,
            [
                .reserve(at: 0, permits: 2, due: 0), .reserve(at: 0, permits: 2, due: 4),
                .setRate(at: 2, perSecond: 10), .reserve(at: 2, permits: 1, due: 4),
            ])
        try play(
            5, 2,
            [
                .reserve(at: 0, permits: 2, due: 0), .reserve(at: 0, permits: 2, due: 4), .setBurst(at: 3, 4),
                // Go reserves at 0 again, for 9.
                .reserve(at: 3, permits: 4, due: 12),
            ])
        try play(
            5, 2,
            [
                .reserve(at: 0, permits: 2, due: 0), .reserve(at: 0, permits: 2, due: 4),
                .setRate(at: 2, perSecond: 10), .cancel(at: 2, step: 1, returned: 2),
                .reserve(at: 2, permits: 2, due: 3),
            ])
    }

    @Test("TestWaitSimple: more than the burst never; what is there at once; the rest when it is earned")
    func waits() throws {
        var bucket = try Self.bucket(10, 3)
        #expect(bucket.acquire(4, at: .zero, maxWait: .maximum) == .rejected(retryAfter: .maximum))
        #expect(bucket.wait(for: 4, at: .zero) == nil)
        #expect(bucket.acquire(2, at: .zero, maxWait: .maximum) == .granted(after: .zero))
        #expect(bucket.wait(for: 3, at: .zero) == .milliseconds(200))
        #expect(bucket.acquire(3, at: .zero, maxWait: .maximum) == .granted(after: .milliseconds(200)))
        #expect(bucket.reserved(at: .zero) == 2)
        #expect(bucket.acquire(at: .zero, maxWait: .milliseconds(50)) == .rejected(retryAfter: .milliseconds(250)))
    }

    @Test("TestWaitCancel: who gives up while waiting leaves nothing behind")
    func waitCancel() throws {
        try play(
            10, 3,
            [
                .reserve(at: 0, permits: 2, due: 0), .reserve(at: 0, permits: 3, due: 2),
                .cancel(at: 1, step: 1, returned: 3), .allow(at: 1, there: 2, permits: 2, true),
            ])
    }

    @Test("TestWaitTimeout: a wait that would be too long is refused at once, and takes nothing")
    func waitTimeout() throws {
        let tenth = Duration.milliseconds(100)
        try play(
            10, 3,
            [
                .reserve(at: 0, permits: 2, due: 0, maxWait: tenth),
                .reserve(at: 0, permits: 3, due: nil, maxWait: tenth), .allow(at: 0, there: 1, permits: 1, true),
            ])
    }

    @Test("TestZeroLimit, TestTinyLimit, TestSetAfterZeroLimit: the slowest rate gives its burst, and then nothing")
    func slowest() throws {
        var bucket = TokenBucket(try .init(limit: 1, per: .maximum))
        #expect(bucket.acquire(at: .zero) == .granted(after: .zero))
        #expect(bucket.acquire(at: .zero, maxWait: .maximum) == .rejected(retryAfter: .maximum))
        bucket.changeSettings(try .init(limit: 10, per: .seconds(1), burst: 1), at: .zero)
        #expect(bucket.acquire(at: .zero, maxWait: .maximum) == .granted(after: .milliseconds(100)))
    }

    @Test("a third of a permit per nanosecond is exact")
    func thirds() throws {
        var bucket = TokenBucket(try .init(limit: 1, per: .nanoseconds(3), burst: 2))
        #expect(bucket.acquire(2, at: .zero).wait == .zero)
        #expect(bucket.acquire(at: .zero) == .rejected(retryAfter: .nanoseconds(3)))
        var faster = TokenBucket(try .init(limit: 2, per: .nanoseconds(3), burst: 1))
        let waits = (0..<5).compactMap { _ in faster.acquire(at: .zero, maxWait: .maximum).wait?.nanoseconds }
        // Two in one nanosecond would be more than 1 + 2/3.
        #expect(waits == [0, 2, 4, 6, 8])
        var roomier = TokenBucket(try .init(limit: 2, per: .nanoseconds(3), burst: 2))
        let dues = (0..<6).compactMap { _ in roomier.acquire(at: .zero, maxWait: .maximum).wait?.nanoseconds }
        #expect(dues == [0, 0, 2, 3, 5, 6])
    }

    @Test("draining leaves nothing, not even a fraction, and takes nothing that is reserved")
    func drain() throws {
        var bucket = try Self.bucket(10, 5)
        #expect(bucket.acquire(2, at: .zero).wait == .zero)
        #expect(bucket.drain(at: .after(.milliseconds(150))) == 4)
        #expect(bucket.acquire(at: .after(.milliseconds(150))) == .rejected(retryAfter: .milliseconds(100)))
        #expect(bucket.acquire(2, at: .after(.milliseconds(150)), maxWait: .maximum).wait == .milliseconds(200))
        #expect(bucket.drain(at: .after(.milliseconds(150))) == 0)
        #expect(bucket.available(at: .after(.milliseconds(150))) == -2)
    }

    @Test("totals count requests by answer, and permits")
    func totals() throws {
        var bucket = try Self.bucket(10, 2)
        _ = bucket.acquire(2, at: .zero)
        _ = bucket.acquire(2, at: .zero, maxWait: .seconds(1))
        _ = bucket.acquire(at: .zero)
        bucket.giveBack(2, due: .after(.milliseconds(200)), at: .zero)
        #expect(bucket.totals.granted == 1)
        #expect(bucket.totals.delayed == 1)
        #expect(bucket.totals.rejected == 1)
        #expect(bucket.totals.permits == 4)
        #expect(bucket.totals.givenBack == 2)
    }
}
