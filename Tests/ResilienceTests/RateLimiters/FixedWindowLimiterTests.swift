import Resilience
import Testing
import Timeline

/// Vectors: resilience4j, AtomicRateLimiterTest and RateLimitersImplementationTest (R4J); failsafe-go,
/// ratelimiterstats_test.go (FG).
@Suite("Fixed window limiter")
struct FixedWindowLimiterTests {
    private let cycle = Duration.milliseconds(250)
    private let twoCycles = Duration.milliseconds(500)

    private func cycles(_ count: Int64, _ more: Int64 = 0) -> Instant { .after(cycle * count + .nanoseconds(more)) }

    @Test("R4J reservePermissionsUpfront: three now, three of the next cycle, no more")
    func upfront() throws {
        let cycle: Int64 = 10_000_000
        var limiter = FixedWindowLimiter(try Rate(limit: 3, per: .nanoseconds(cycle)))
        let waits = (1...9).map {
            limiter.acquire(at: Instant(nanoseconds: cycle + $0), maxWait: .milliseconds(12)).wait?.nanoseconds
        }
        #expect(waits == [0, 0, 0, cycle - 4, cycle - 5, cycle - 6, nil, nil, nil])
    }

    @Test("R4J acquireAndRefreshWithEventPublishing: one per cycle")
    func refresh() throws {
        var limiter = FixedWindowLimiter(try Rate(limit: 1, per: cycle))
        #expect(limiter.available(at: cycles(1, -10)) == 1)
        for number in [1, 2] as [Int64] {
            let now = cycles(number)
            #expect(limiter.acquire(at: now) == .granted(after: .zero))
            #expect(limiter.available(at: now) == 0)
            #expect(limiter.wait(at: now) == cycle)
            #expect(limiter.acquire(at: now) == .rejected(retryAfter: cycle))
            #expect(limiter.available(at: now) == 0)
        }
    }

    @Test("R4J reserveAndRefresh, reserveFewThenSkipCyclesBeforeRefresh, rejectedByTimeout")
    func reserve() throws {
        var limiter = FixedWindowLimiter(try Rate(limit: 1, per: cycle))
        let now = cycles(1)
        #expect(limiter.acquire(at: now, maxWait: cycle) == .granted(after: .zero))
        #expect(limiter.wait(at: cycles(2, -1)) == .nanoseconds(1))
        #expect(limiter.acquire(at: now, maxWait: cycle) == .granted(after: cycle))
        #expect(limiter.available(at: now) == -1)
        #expect(limiter.reserved(at: now) == 1)
        #expect(limiter.wait(at: now) == twoCycles)
        #expect(limiter.acquire(at: now, maxWait: cycle) == .rejected(retryAfter: cycle))
        #expect(limiter.available(at: now) == -1)
        #expect(limiter.available(at: cycles(2, 10)) == 0)
        #expect(limiter.wait(at: cycles(2, 10)) == cycle - .nanoseconds(10))
        #expect(limiter.available(at: cycles(6, 10)) == 1)
        #expect(limiter.wait(at: cycles(6, 10)) == .zero)
    }

    @Test("R4J reserveManyCyclesIfWeightGreaterThanLimitPerPeriod")
    func weighty() throws {
        var limiter = FixedWindowLimiter(try Rate(limit: 1, per: cycle))
        #expect(limiter.acquire(3, at: cycles(1), maxWait: .milliseconds(1_250)) == .granted(after: twoCycles))
    }

    @Test("R4J changePermissionsLimitBetweenCycles: a higher limit holds from the next cycle on")
    func change() throws {
        var limiter = FixedWindowLimiter(try Rate(limit: 1, per: cycle))
        let now = cycles(1)
        #expect(limiter.acquire(at: now, maxWait: cycle) == .granted(after: .zero))
        #expect(limiter.acquire(at: now, maxWait: cycle) == .granted(after: cycle))
        limiter.changeRate(try Rate(limit: 2, per: cycle), at: now)
        #expect(limiter.available(at: now) == -1)
        #expect(limiter.wait(at: now) == cycle)
        #expect(limiter.available(at: cycles(2, 10)) == 1)
        #expect(limiter.wait(at: cycles(2, 10)) == .zero)
    }

    @Test("R4J acquire and drain big numbers of permits")
    func bigNumbers() throws {
        var limiter = FixedWindowLimiter(try Rate(limit: 10, per: cycle))
        #expect([5, 5, 1].map { limiter.acquire($0, at: cycles(1)).wait } == [.zero, .zero, nil])
        #expect([1, 5, 5].map { limiter.acquire($0, at: cycles(2)).wait } == [.zero, .zero, nil])
        #expect(limiter.acquire(5, at: cycles(3)).wait == .zero)
        #expect(limiter.drain(at: cycles(4)) == 10)
        #expect(limiter.acquire(at: cycles(4)) == .rejected(retryAfter: cycle))
        #expect(limiter.drain(at: cycles(4)) == 0)
        #expect(limiter.acquire(10, at: cycles(5)).wait == .zero)
    }

    @Test("FG TestBurstyAcquirePermits: waits and what is left")
    func bursty() throws {
        typealias Ask = SmoothLimiterTests.Ask
        let tables: [(limit: Int, asks: [Ask], left: [Int])] = [
            (
                2,
                [(0, 7, 1, 3_000), (800, 1, 3, 3_200), (2_300, 1, 1, 2_700), (3_500, 3, 1, 2_500), (7_000, 1, 1, 0)],
                [-5, -8, -5, -6, 1]
            ),
            (5, [(300, 1, 3, 0), (1_550, 1, 10, 450), (2_210, 1, 2, 790)], [2, -5, -2]),
        ]
        for (limit, asks, left) in tables {
            var limiter = FixedWindowLimiter(try Rate(limit: limit, per: .seconds(1)))
            var lefts: [Int] = []
            for ask in asks {
                let waits = SmoothLimiterTests.waits([ask]) { limiter.acquire($0, at: $1, maxWait: .maximum) }
                #expect(waits == [.milliseconds(ask.wait)])
                lefts.append(limiter.available(at: .after(.milliseconds(ask.at))))
            }
            #expect(lefts == left)
        }
    }

    @Test("a deficit and a long idle time do not pile up permits, as they do in FG")
    func deficitThenIdle() throws {
        var limiter = FixedWindowLimiter(try Rate(limit: 2, per: .seconds(1)))
        #expect(limiter.acquire(3, at: .zero, maxWait: .maximum) == .granted(after: .seconds(1)))
        #expect(limiter.available(at: .after(.seconds(10))) == 2)
        let granted = (0..<19).count { _ in limiter.acquire(at: .after(.seconds(10))).wait != nil }
        #expect(granted == 2)
    }

    @Test("reservations of the last cycle can be given back until they are due")
    func giveBack() throws {
        var limiter = FixedWindowLimiter(try Rate(limit: 2, per: cycle))
        for _ in 0..<6 { _ = limiter.acquire(at: .zero, maxWait: .maximum) }
        #expect(limiter.available(at: .zero) == -4)
        #expect(limiter.giveBack(due: cycles(1), at: .zero) == 0)
        #expect(limiter.giveBack(due: cycles(2), at: .zero) == 1)
        #expect(limiter.acquire(at: .zero, maxWait: .maximum) == .granted(after: twoCycles))
        #expect(limiter.giveBack(due: cycles(2), at: cycles(2, 1)) == 0)
    }
}
