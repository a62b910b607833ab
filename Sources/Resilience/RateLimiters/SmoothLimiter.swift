public import Timeline

/// Permits spread evenly, one per slot of the rate's length divided by its limit; none is kept for later.
///
/// The leaky bucket as a queue, with slots at fixed places of the clock (failsafe-go's and Failsafe's smooth rate
/// limiter): no two permits are ever due in the same slot. A slot that nobody took is lost. A request for several
/// permits takes that many slots and is due in the last of them, so it always waits; with less patience than that
/// takes even late in a slot it is told to retry after ``Duration/maximum``.
///
/// A clock that steps back stands still: until it has caught up, a request counts as made at the latest time seen.
public struct SmoothLimiter: Hashable, Sendable {
    /// The rate at work.
    public private(set) var rate: Rate
    /// Counts since the start.
    public private(set) var totals = RateLimiterTotals()
    private var slots: CycleLedger

    /// A limiter with every slot free.
    public init(_ rate: Rate) {
        self.rate = rate
        slots = Self.slots(rate)
    }

    /// Asks for permits that the caller will wait for no longer than `maxWait`; fewer than none count as none.
    public mutating func acquire(
        _ permits: Int = 1, at now: Instant, maxWait: Duration = .zero
    ) -> RateDecision {
        let decision = slots.acquire(permits, at: now, maxWait: maxWait)
        totals.count(decision, permits: permits)
        return decision
    }

    /// 1 if the present slot is free, else 0 or, below zero, how many later slots are taken.
    public func available(at now: Instant) -> Int { slots.available(at: now) }

    /// Permits promised for later slots than the present one.
    public func reserved(at now: Instant) -> Int { max(0, -available(at: now)) }

    /// How long until so many permits could be had at once, if nobody else asks; nil for more than one.
    public func wait(for permits: Int = 1, at now: Instant) -> Duration? { slots.wait(for: permits, at: now) }

    /// Gives back the newest reservation while it is not yet due, once; any other time it has no effect, since a
    /// slot between others cannot be sold again.
    /// - Parameters:
    ///   - permits: as many as were granted.
    ///   - due: when they were to be used: the time of the request and its wait.
    /// - Returns: how many permits came back.
    @discardableResult
    public mutating func giveBack(_ permits: Int = 1, due: Instant, at now: Instant) -> Int {
        let returned = slots.giveBack(permits, due: due, at: now)
        totals.giveBack(returned)
        return returned
    }

    /// Takes the present slot if it is free; returns how many permits that were.
    @discardableResult
    public mutating func drain(at now: Instant) -> Int { slots.drain(at: now) }

    /// Changes the rate. Slots taken of the future stay as many; reservations made keep their times.
    public mutating func changeRate(_ new: Rate, at now: Instant) {
        rate = new
        slots.change(to: Self.slots(new), at: now)
    }

    private static func slots(_ rate: Rate) -> CycleLedger {
        CycleLedger(permitsPerCycle: 1, length: rate.per, divisions: rate.limit)
    }
}
