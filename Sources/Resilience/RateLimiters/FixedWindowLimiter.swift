public import Timeline

/// So many permits in each window of a fixed length, counted from the clock's zero; none is kept for a later window.
///
/// resilience4j's `AtomicRateLimiter`. A reservation takes permits of the windows to come, in order, and a request
/// for more than are left in a window takes these and the first of the next one, where it is due. So with requests
/// for one permit each, at most the limit is due in any one window (and up to twice the limit in a length of time
/// across two windows); with larger requests, the limit and all but one of the largest request's permits.
///
/// failsafe-go's bursty limiter is the same but for a mistake, which this is without: there, permits of windows
/// that pass while some are owed pile up beyond the limit.
///
/// A clock that steps back stands still: until it has caught up, a request counts as made at the latest time seen.
public struct FixedWindowLimiter: Hashable, Sendable {
    /// The rate at work: limit and length of a window.
    public private(set) var rate: Rate
    /// Counts since the start.
    public private(set) var totals = RateLimiterTotals()
    private var windows: CycleLedger

    /// A limiter with every window's permits free.
    public init(_ rate: Rate) {
        self.rate = rate
        windows = CycleLedger(permitsPerCycle: rate.limit, length: rate.per)
    }

    /// Asks for permits that the caller will wait for no longer than `maxWait`; fewer than none count as none.
    ///
    /// More permits than the limit are never there at once, but can be had by waiting.
    public mutating func acquire(
        _ permits: Int = 1, at now: Instant, maxWait: Duration = .zero
    ) -> RateDecision {
        let decision = windows.acquire(permits, at: now, maxWait: maxWait)
        totals.count(decision, permits: permits)
        return decision
    }

    /// Permits left in the present window; below zero by as many as are promised of later windows.
    public func available(at now: Instant) -> Int { windows.available(at: now) }

    /// Permits promised of later windows.
    public func reserved(at now: Instant) -> Int { max(0, -available(at: now)) }

    /// How long until so many permits could be had at once, if nobody else asks; nil for more than the limit.
    public func wait(for permits: Int = 1, at now: Instant) -> Duration? { windows.wait(for: permits, at: now) }

    /// Gives back a reservation of the last window that any reach into, while it is not yet due, once; any other
    /// time it has no effect.
    /// - Parameters:
    ///   - permits: as many as were granted.
    ///   - due: when they were to be used: the time of the request and its wait.
    /// - Returns: how many permits came back.
    @discardableResult
    public mutating func giveBack(_ permits: Int = 1, due: Instant, at now: Instant) -> Int {
        let returned = windows.giveBack(permits, due: due, at: now)
        totals.giveBack(returned)
        return returned
    }

    /// Takes all permits left in the present window; returns how many that were (resilience4j's
    /// `drainPermissions`).
    @discardableResult
    public mutating func drain(at now: Instant) -> Int { windows.drain(at: now) }

    /// Changes limit and length. Permits left in the present window stay, up to the new limit, and a higher limit
    /// holds from the next window on; what is promised of later windows stays promised, and reservations keep
    /// their times.
    public mutating func changeRate(_ new: Rate, at now: Instant) {
        rate = new
        windows.change(to: CycleLedger(permitsPerCycle: new.limit, length: new.per), at: now)
    }
}
