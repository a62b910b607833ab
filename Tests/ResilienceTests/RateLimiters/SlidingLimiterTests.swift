import Resilience
import Testing
import Timeline

@Suite("Sliding windows")
struct SlidingLimiterTests {
    private static let rate = Result { try Rate(limit: 3, per: .seconds(10)) }

    private func second(_ count: Int64) -> Instant { .after(.seconds(count)) }

    @Test("log: a permit counts for exactly the window's length")
    func logExpires() throws {
        var limiter = try SlidingLogLimiter(Self.rate.get())
        for now in [0, 4, 9] as [Int64] { #expect(limiter.acquire(at: second(now)) == .granted(after: .zero)) }
        #expect(limiter.acquire(at: second(9)) == .rejected(retryAfter: .seconds(1)))
        let justBefore = Instant(nanoseconds: 9_999_999_999)
        #expect(limiter.acquire(at: justBefore) == .rejected(retryAfter: .nanoseconds(1)))
        #expect(limiter.available(at: justBefore) == 0)
        #expect(limiter.available(at: second(10)) == 1)
        #expect(limiter.available(at: second(14)) == 2)
        #expect(limiter.acquire(at: second(10)) == .granted(after: .zero))
        #expect(limiter.acquire(at: second(10)) == .rejected(retryAfter: .seconds(4)))
    }

    @Test("log: reservations are due one after the other, and the newest can be given back")
    func logReserves() throws {
        var limiter = try SlidingLogLimiter(Self.rate.get())
        #expect(limiter.acquire(2, at: second(0)) == .granted(after: .zero))
        #expect(limiter.acquire(1, at: second(6)) == .granted(after: .zero))
        #expect(limiter.acquire(3, at: second(6), maxWait: .maximum) == .granted(after: .seconds(10)))
        #expect(limiter.reserved(at: second(6)) == 3)
        #expect(limiter.acquire(1, at: second(6), maxWait: .seconds(5)) == .rejected(retryAfter: .seconds(15)))
        #expect(limiter.giveBack(3, due: second(16), at: second(7)) == 3)
        #expect(limiter.giveBack(3, due: second(16), at: second(7)) == 0)
        // The log had forgotten the two at 0 and takes them for as late as they can have been: 6.
        #expect(limiter.acquire(1, at: second(7), maxWait: .maximum) == .granted(after: .seconds(9)))
        #expect(limiter.acquire(4, at: second(7), maxWait: .maximum) == .rejected(retryAfter: .maximum))
    }

    @Test("log: draining fills the window")
    func logDrains() throws {
        var limiter = try SlidingLogLimiter(Self.rate.get())
        #expect(limiter.acquire(at: second(0)).wait == .zero)
        #expect(limiter.drain(at: second(1)) == 2)
        #expect(limiter.acquire(2, at: second(1)) == .rejected(retryAfter: .seconds(10)))
    }

    @Test("log: a limit that its memory is not meant for is refused")
    func logLimit() throws {
        let rate = try Rate(limit: 1_000_001, per: .seconds(1))
        let error = #expect(throws: SettingError.self) { try SlidingLogLimiter(rate) }
        #expect(error?.description == "limit: 1000001 is out of range; allowed: 1 to 1000000 for a log")
    }

    @Test("counter: Cloudflare's example, 42 in the last minute and 18 in the 15 s of this one make 49.5 of 50")
    func counterEstimates() throws {
        var limiter = SlidingCounterLimiter(try Rate(limit: 50, per: .seconds(60)))
        #expect(limiter.acquire(42, at: second(30)).wait == .zero)
        #expect(limiter.acquire(18, at: second(75)).wait == .zero)
        #expect(limiter.estimate(at: second(75)) == 50)
        #expect(limiter.available(at: second(75)) == 0)
        // A weight of 31.5 has to fall to 31: 60 × 31 / 42 = 44.29 s must be left.
        #expect(limiter.acquire(at: second(75)) == .rejected(retryAfter: .nanoseconds(714_285_715)))
    }

    @Test("counter: the last window fades, and the one before is forgotten")
    func counterFades() throws {
        var limiter = SlidingCounterLimiter(try Rate(limit: 10, per: .seconds(10)))
        #expect(limiter.acquire(10, at: second(5)).wait == .zero)
        #expect(limiter.acquire(at: second(5)) == .rejected(retryAfter: .seconds(6)))
        #expect(limiter.acquire(10, at: second(5)) == .rejected(retryAfter: .seconds(15)))
        #expect([10, 11, 15, 19, 20].map { limiter.available(at: second($0)) } == [0, 1, 5, 9, 10])
        #expect(limiter.acquire(11, at: second(5), maxWait: .maximum) == .rejected(retryAfter: .maximum))
    }

    @Test("counter: a reservation is counted when it is due, and others come after it")
    func counterReserves() throws {
        var limiter = SlidingCounterLimiter(try Rate(limit: 10, per: .seconds(10)))
        #expect(limiter.acquire(10, at: second(5)).wait == .zero)
        #expect(limiter.acquire(2, at: second(5), maxWait: .seconds(7)) == .granted(after: .seconds(7)))
        #expect(limiter.available(at: second(5)) == -2)
        #expect(limiter.acquire(0, at: second(6), maxWait: .maximum) == .granted(after: .seconds(6)))
        #expect(limiter.acquire(at: second(6)) == .rejected(retryAfter: .seconds(7)))
        #expect(limiter.giveBack(0, due: second(12), at: second(6)) == 0)
        #expect(limiter.giveBack(2, due: second(12), at: second(6)) == 2)
        #expect(limiter.acquire(at: second(6)) == .rejected(retryAfter: .seconds(6)))
        #expect(limiter.acquire(2, at: second(12)) == .granted(after: .zero))
    }
}
