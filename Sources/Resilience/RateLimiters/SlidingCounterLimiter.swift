public import Timeline

/// The limit in a sliding window, estimated from two counters: this window's count and so much of the last one's
/// as the sliding window still covers.
///
/// Cloudflare's and Kong's sliding window. Within one aligned window at most the limit is granted, and the estimate
/// never exceeds the limit; a true sliding window can hold up to twice the limit if the last window's permits all
/// fell at its end, since the estimate takes them as spread evenly. ``SlidingLogLimiter`` is exact. The weights are
/// whole numbers here, so the estimate has no rounding.
///
/// A reservation moves the counters ahead to when it is due: requests that come before then are counted and due no
/// sooner. A clock that steps back stands still: until it has caught up, a request counts as made at the latest
/// time seen.
public struct SlidingCounterLimiter: Hashable, Sendable {
    /// The rate at work: limit and length of a window.
    public private(set) var rate: Rate
    /// Counts since the start.
    public private(set) var totals = RateLimiterTotals()

    private var counts = Counts(window: .min, previous: 0, current: 0)
    private var latest = Instant(nanoseconds: .min)
    /// When the newest reservation is or was due; nothing later is due sooner.
    private var frontier = Instant(nanoseconds: .min)
    private var promised = 0

    private struct Counts: Hashable, Sendable {
        /// Which multiple of the length the present window begins at.
        var window: Int64
        var previous: Int
        var current: Int

        func rolled(to number: Int64) -> Counts {
            if number <= window { return self }
            let isNext = number - 1 == window
            return Counts(window: number, previous: isNext ? current : 0, current: 0)
        }
    }

    /// A limiter that has granted nothing.
    public init(_ rate: Rate) {
        self.rate = rate
    }

    /// Asks for permits that the caller will wait for no longer than `maxWait`.
    ///
    /// A request for more permits than the limit is never granted; fewer than none count as none.
    public mutating func acquire(
        _ permits: Int = 1, at now: Instant, maxWait: Duration = .zero
    ) -> RateDecision {
        advance(to: now)
        let decision = decide(max(0, permits), at: now, maxWait: max(.zero, maxWait))
        totals.count(decision, permits: permits)
        return decision
    }

    private mutating func decide(_ permits: Int, at now: Instant, maxWait: Duration) -> RateDecision {
        guard let due = due(permits, at: latest) else { return .rejected(retryAfter: .maximum) }
        let wait = due > latest ? due - now : .zero
        guard wait <= maxWait else { return .rejected(retryAfter: wait - maxWait) }
        if due > latest {
            frontier = due
            promised += permits
        }
        counts = counts.rolled(to: window(of: due))
        counts.current += permits
        return .granted(after: wait)
    }

    private mutating func advance(to now: Instant) {
        latest = max(latest, now)
        if frontier <= latest { promised = 0 }
    }

    /// The first moment at which the estimate leaves room; nil for never.
    private func due(_ permits: Int, at present: Instant) -> Instant? {
        guard permits <= rate.limit else { return nil }
        let present = max(present, frontier)
        let counts = counts.rolled(to: window(of: present))
        let start = Int128(counts.window) * length
        let elapsed = Int128(present.nanoseconds) - start
        let room = rate.limit - counts.current - permits
        var due = length + Self.fade(of: counts.current, to: rate.limit - permits, length: length)
        if room >= 0 {
            let inThisWindow = max(elapsed, Self.fade(of: counts.previous, to: room, length: length))
            if inThisWindow < length { due = inThisWindow }
        }
        let moment = start + due
        return moment < Int128(Int64.max) ? Instant(nanoseconds: Int64(moment)) : nil
    }

    /// How long a window takes until the last one's count weighs no more than so much.
    private static func fade(of count: Int, to room: Int, length: Int128) -> Int128 {
        count <= room ? 0 : length - Int128(room) * length / Int128(count)
    }

    /// What the two counters say the sliding window holds, rounded up; ahead of time where a reservation is.
    public func estimate(at now: Instant) -> Int {
        let present = max(latest, now, frontier)
        let counts = counts.rolled(to: window(of: present))
        let left = (Int128(counts.window) + 1) * length - Int128(present.nanoseconds)
        let faded = (Int128(counts.previous) * left).dividedRoundingUp(by: rate.per.nanoseconds)
        return Int(clamping: Int128(counts.current) + faded)
    }

    /// Permits that could be had at once; below zero by as many as are promised for later.
    public func available(at now: Instant) -> Int {
        frontier > max(latest, now) ? -promised : max(0, rate.limit - estimate(at: now))
    }

    /// Permits promised; they are counted until the last of them is due.
    public func reserved(at now: Instant) -> Int { frontier > max(latest, now) ? promised : 0 }

    /// How long until so many permits could be had at once, if nobody else asks; nil for more than the limit.
    public func wait(for permits: Int = 1, at now: Instant) -> Duration? {
        let present = max(latest, now)
        guard let due = due(max(0, permits), at: present) else { return nil }
        return due > present ? due - now : .zero
    }

    /// Gives back the newest reservation while it is not yet due, once; any other time it has no effect.
    ///
    /// The permits come back, but the counters stay moved ahead.
    /// - Parameters:
    ///   - permits: as many as were granted.
    ///   - due: when they were to be used: the time of the request and its wait.
    /// - Returns: how many permits came back.
    @discardableResult
    public mutating func giveBack(_ permits: Int = 1, due: Instant, at now: Instant) -> Int {
        advance(to: now)
        guard due >= latest, due == max(latest, frontier) else { return 0 }
        let returned = max(0, min(permits, counts.current))
        counts.current -= returned
        promised = max(0, promised - returned)
        totals.giveBack(returned)
        return returned
    }

    /// Takes all permits that could be had at once; returns how many that were.
    @discardableResult
    public mutating func drain(at now: Instant) -> Int {
        let drained = max(0, available(at: now))
        advance(to: now)
        guard drained > 0 else { return 0 }
        counts = counts.rolled(to: window(of: latest))
        counts.current += drained
        return drained
    }

    /// Changes limit and length at once; reservations keep their times.
    ///
    /// With another length both counters start over, the present one with what the old ones estimate.
    public mutating func changeRate(_ new: Rate, at now: Instant) {
        let estimate = estimate(at: now)
        let isSameLength = new.per == rate.per
        rate = new
        if isSameLength { return }
        advance(to: now)
        counts = Counts(window: window(of: max(latest, frontier)), previous: 0, current: estimate)
    }

    private var length: Int128 { Int128(rate.per.nanoseconds) }

    private func window(of moment: Instant) -> Int64 {
        let (whole, rest) = moment.nanoseconds.quotientAndRemainder(dividingBy: rate.per.nanoseconds)
        return rest < 0 ? whole - 1 : whole
    }
}
