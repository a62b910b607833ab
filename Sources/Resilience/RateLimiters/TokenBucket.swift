public import Timeline

/// A token bucket: permits are earned at a steady rate, and up to a burst of them is kept for later.
///
/// In any window of whatever length it grants at most burst + rate × length permits, exactly: a permit counts when
/// it is due, all arithmetic is in whole numbers, and nothing is rounded in the caller's favour. It is the generic
/// cell rate algorithm in its virtual scheduling form (ITU-T I.371), which keeps one moment, when the bucket will be
/// full again, instead of a level and a time. What can be asked of it is as in Go's `x/time/rate`.
///
/// A clock that steps back stands still: until it has caught up, a request counts as made at the latest time seen.
/// (Go earns the same time twice.)
public struct TokenBucket: Hashable, Sendable {
    /// The settings at work.
    public private(set) var settings: Settings
    /// Counts since the start.
    public private(set) var totals = RateLimiterTotals()

    /// When the bucket will be full, in parts of a nanosecond: as many parts as the limit has permits, so that a
    /// permit takes a whole number of them.
    private var fullAt: Int128 = -(1 << 100)
    private var latest = Instant(nanoseconds: .min)
    private var outOfOrderUntil = Instant(nanoseconds: .min)

    /// A full bucket.
    public init(_ settings: Settings) {
        self.settings = settings
    }

    /// Asks for permits that the caller will wait for no longer than `maxWait`.
    ///
    /// A request for more permits than the burst is never granted; fewer than none count as none.
    public mutating func acquire(
        _ permits: Int = 1, at now: Instant, maxWait: Duration = .zero
    ) -> RateDecision {
        latest = max(latest, now)
        let decision = decide(permits, at: now, maxWait: maxWait)
        totals.count(decision, permits: permits)
        return decision
    }

    @inline(__always)
    private mutating func decide(_ permits: Int, at now: Instant, maxWait: Duration) -> RateDecision {
        guard permits <= settings.burst else { return .rejected(retryAfter: .maximum) }
        let cost = cost(max(0, permits))
        let present = parts(latest)
        let before = max(fullAt, present)
        let earned = before &+ cost &- self.cost(settings.burst)
        if earned <= present {
            fullAt = before &+ cost
            return .granted(after: .zero)
        }
        return reserve(cost, earned: earned, before, at: now, maxWait: maxWait)
    }

    /// Takes permits that have not been earned yet. Apart, so that the way past it is short.
    @inline(never)
    private mutating func reserve(
        _ cost: Int128, earned: Int128, _ before: Int128, at now: Instant, maxWait: Duration
    ) -> RateDecision {
        guard let due = moment(earned) else { return .rejected(retryAfter: .maximum) }
        let wait = due - now
        guard wait <= maxWait else { return .rejected(retryAfter: wait - max(.zero, maxWait)) }
        // A whole burst empties the bucket when it is due, a part of a nanosecond after it was earned.
        fullAt = max(before, parts(due)) &+ cost
        return .granted(after: wait)
    }

    /// Permits that could be had at once, rounded down; below zero by as many as are promised, or owed, but not yet earned.
    public func available(at now: Instant) -> Int {
        let missing = fullAt &- parts(max(latest, now))
        guard missing > 0 else { return settings.burst }
        return Int(clamping: Int128(settings.burst) - missing.dividedRoundingUp(by: settings.rate.per.nanoseconds))
    }

    /// Permits promised for later than now.
    public func reserved(at now: Instant) -> Int { max(0, -available(at: now)) }

    /// How long until so many permits could be had at once, if nobody else asks; nil for more than the burst.
    public func wait(for permits: Int = 1, at now: Instant) -> Duration? {
        guard permits <= settings.burst else { return nil }
        let present = max(latest, now)
        let next = max(fullAt, parts(present)) &+ cost(max(0, permits))
        guard let due = moment(next &- cost(settings.burst)) else { return nil }
        return due > present ? due - now : .zero
    }

    /// Gives back a reservation that is not yet due, once; later it has no effect.
    ///
    /// Others may have reserved after it, and they keep their times; so many permits as they hold do not come back
    /// (as in Go's `Reservation.Cancel`). After that their order no longer says who holds what, and until the last
    /// of them is due nothing else comes back. (In Go it does, and more than the burst can fall due at once.)
    /// - Parameters:
    ///   - permits: as many as were granted.
    ///   - due: when they were to be used: the time of the request and its wait.
    /// - Returns: how many permits came back.
    @discardableResult
    public mutating func giveBack(_ permits: Int = 1, due: Instant, at now: Instant) -> Int {
        latest = max(latest, now)
        guard due >= latest, latest > outOfOrderUntil else { return 0 }
        let lastEarned = fullAt &- cost(settings.burst)
        let kept = max(0, (lastEarned &- parts(due)).dividedRoundingUp(by: settings.rate.per.nanoseconds))
        let used = settings.burst - available(at: latest)
        let returned = Int(clamping: max(0, Int128(min(permits, used)) - kept))
        guard returned > 0 else { return 0 }
        if kept > 0, let lastDue = moment(lastEarned) {
            outOfOrderUntil = lastDue
            fullAt = parts(lastDue) &+ cost(settings.burst) &- cost(returned)
        } else {
            fullAt &-= cost(returned)
        }
        totals.giveBack(returned)
        return returned
    }

    /// Takes all that could be had at once, down to the fraction; returns how many permits that were.
    @discardableResult
    public mutating func drain(at now: Instant) -> Int {
        let drained = max(0, available(at: now))
        latest = max(latest, now)
        fullAt = max(fullAt, parts(latest) &+ cost(settings.burst))
        return drained
    }

    /// Takes permits that nobody asks for here, since they were used elsewhere; the bucket may come to owe some, which are
    /// earned before anything is granted. Fewer than none count as none.
    /// - Parameter mostDebt: how many it owes at the most, 0 or more; what it would owe beyond that is forgotten. Permits that
    ///   are reserved are owed too.
    public mutating func debit(_ permits: Int, at now: Instant, mostDebt: Int) {
        latest = max(latest, now)
        let present = parts(latest)
        let most = min(max(0, mostDebt), Self.mostDebt)
        let taken = min(max(0, permits), settings.burst + most)
        let end = min(max(fullAt, present) &+ cost(taken), present &+ cost(settings.burst + most))
        guard end > fullAt else { return }
        fullAt = end
        totals.debit(taken)
    }

    /// What a bucket can owe, 2⁴⁰ permits: with it no product of ``cost(_:)`` overflows.
    private static let mostDebt = 1 << 40

    /// Changes rate and burst. What is in the bucket stays in it, up to the new burst, and what is reserved is
    /// earned at the new rate; reservations made keep their times (as in Go).
    public mutating func changeSettings(_ new: Settings, at now: Instant) {
        latest = max(latest, now)
        let missing = max(0, fullAt &- parts(latest))
        let (whole, rest) = missing.quotientAndRemainder(dividingBy: Int128(settings.rate.per.nanoseconds))
        let period = Int128(new.rate.per.nanoseconds)
        let fraction = (rest &* period).dividedRoundingUp(by: settings.rate.per.nanoseconds)
        let permits = min(whole, 1 << 60) + Int128(new.burst - settings.burst)
        settings = new
        fullAt = parts(latest) &+ max(0, permits &* period &+ fraction)
    }

    // With a limit and a burst of at most 2³⁰ and 64-bit times none of these products and sums can overflow.

    private func parts(_ moment: Instant) -> Int128 {
        Int128(moment.nanoseconds) &* Int128(settings.rate.limit)
    }

    private func cost(_ permits: Int) -> Int128 {
        Int128(permits) &* Int128(settings.rate.per.nanoseconds)
    }

    /// The first whole nanosecond that is not before; nil beyond the end of the clock.
    private func moment(_ parts: Int128) -> Instant? {
        let nanoseconds = parts.dividedRoundingUp(by: Int64(settings.rate.limit))
        guard nanoseconds < Int128(Int64.max) else { return nil }
        return Instant(nanoseconds: Int64(clamping: nanoseconds))
    }
}
