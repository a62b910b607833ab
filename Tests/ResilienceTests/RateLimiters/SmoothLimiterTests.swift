import Resilience
import Testing
import Timeline

/// Vectors: failsafe-go, ratelimiter/ratelimiterstats_test.go (the same as Failsafe's SmoothRateLimiterStatsTest) and
/// ratelimiter_test.go.
@Suite("Smooth limiter")
struct SmoothLimiterTests {
    /// At a time, so many requests for so many permits; the wait of the last. In milliseconds.
    typealias Ask = (at: Int64, times: Int, permits: Int, wait: Int64)

    static func waits(_ asks: [Ask], acquire: (Int, Instant) -> RateDecision) -> [Duration?] {
        asks.map { ask in
            var last: Duration?
            for _ in 0..<ask.times { last = acquire(ask.permits, .after(.milliseconds(ask.at))).wait }
            return last
        }
    }

    @Test("TestSmoothAcquirePermits: a permit every 500 ms, every 200 ms")
    func acquirePermits() throws {
        let slow: [Ask] = [
            (0, 7, 1, 3_000), (800, 1, 3, 3_700), (2_300, 1, 1, 2_700), (3_500, 1, 3, 3_000), (9_100, 1, 3, 900),
            (11_000, 1, 1, 0),
        ]
        var limiter = SmoothLimiter(try Rate(limit: 2, per: .seconds(1)))
        var waits = Self.waits(slow) { limiter.acquire($0, at: $1, maxWait: .maximum) }
        #expect(waits == slow.map { .milliseconds($0.wait) })

        let fast: [Ask] = [(0, 1, 3, 400), (550, 1, 2, 250), (2_210, 1, 2, 190)]
        limiter = SmoothLimiter(try Rate(limit: 1, per: .milliseconds(200)))
        waits = Self.waits(fast) { limiter.acquire($0, at: $1, maxWait: .maximum) }
        #expect(waits == fast.map { .milliseconds($0.wait) })
    }

    @Test("TestSmoothAcquireInitialStats: a permit every 100 ns")
    func initial() throws {
        func waits(_ asks: [(at: Int64, permits: Int)]) throws -> [Int64?] {
            var limiter = SmoothLimiter(try Rate(limit: 1, per: .nanoseconds(100)))
            return asks.map {
                limiter.acquire($0.permits, at: Instant(nanoseconds: $0.at), maxWait: .maximum).wait?.nanoseconds
            }
        }
        #expect(try waits([(0, 1), (0, 1), (100, 1), (100, 1)]) == [0, 100, 100, 200])
        #expect(try waits([(0, 1), (150, 1), (250, 2)]) == [0, 0, 50])
    }

    @Test("TestTryAcquirePermit, TestAcquirePermitWithMaxWaitTime, TestTryReservePermit: a slot of 100 ns and patience")
    func patienceDecides() throws {
        // At a time, with so much patience, a wait; nil for none.
        let tables: [[(at: Int64, patience: Int64, wait: Int64?)]] = [
            [(0, 0, 0), (0, 0, nil), (150, 0, 0), (150, 0, nil), (210, 0, 0), (210, 0, nil)],
            [(0, 100, 0), (0, 1_000, 100), (0, 100, nil)],
            [(0, 1, 0), (0, 10, nil), (0, 100, 100), (0, 200, 200), (0, 100, nil)],
        ]
        for asks in tables {
            var limiter = SmoothLimiter(try Rate(limit: 1, per: .nanoseconds(100)))
            for ask in asks {
                let decision = limiter.acquire(at: Instant(nanoseconds: ask.at), maxWait: .nanoseconds(ask.patience))
                #expect(decision.wait?.nanoseconds == ask.wait, "\(ask)")
            }
        }
    }

    @Test("TestShouldAcquirePermitsEqually: seven at once wait as long as the last of seven")
    func equally() throws {
        for rate in [try Rate(limit: 1, per: .seconds(500)), try Rate(limit: 2, per: .seconds(1))] {
            var together = SmoothLimiter(rate)
            var single = SmoothLimiter(rate)
            for (now, permits) in [(Instant.zero, 7), (.after(.nanoseconds(2_700)), 5)] {
                let decision = together.acquire(permits, at: now, maxWait: .maximum)
                let last = (0..<permits).map { _ in single.acquire(at: now, maxWait: .maximum) }.last
                #expect(decision == last)
            }
        }
    }

    @Test("slots of a third of a second begin at whole nanoseconds, and do not drift")
    func thirds() throws {
        var limiter = SmoothLimiter(try Rate(limit: 3, per: .seconds(1)))
        let waits = (0..<7).compactMap { _ in limiter.acquire(at: .zero, maxWait: .maximum).wait?.nanoseconds }
        #expect(
            waits == [
                0, 333_333_334, 666_666_667, 1_000_000_000, 1_333_333_334, 1_666_666_667, 2_000_000_000,
            ])
    }

    @Test("the newest reservation can be given back, one that others follow cannot")
    func giveBack() throws {
        var limiter = SmoothLimiter(try Rate(limit: 1, per: .seconds(1)))
        for second in 0..<3 as Range<Int64> {
            #expect(limiter.acquire(at: .zero, maxWait: .maximum) == .granted(after: .seconds(second)))
        }
        #expect(limiter.reserved(at: .zero) == 2)
        #expect(limiter.giveBack(due: .after(.seconds(1)), at: .zero) == 0)
        #expect(limiter.giveBack(due: .after(.seconds(2)), at: .zero) == 1)
        #expect(limiter.giveBack(due: .after(.seconds(1)), at: .after(.milliseconds(1_500))) == 0)
        #expect(limiter.acquire(at: .zero, maxWait: .maximum) == .granted(after: .seconds(2)))
    }

    @Test("several permits with little patience are granted late in a slot, or never")
    func patience() throws {
        var limiter = SmoothLimiter(try Rate(limit: 1, per: .seconds(1)))
        #expect(limiter.acquire(2, at: .zero, maxWait: .milliseconds(1)) == .rejected(retryAfter: .milliseconds(999)))
        #expect(limiter.acquire(2, at: .zero) == .rejected(retryAfter: .maximum))
        #expect(
            limiter.acquire(2, at: .after(.milliseconds(999)), maxWait: .milliseconds(1))
                == .granted(after: .milliseconds(1)))
    }
}
