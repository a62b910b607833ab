public import Timeline

/// At most the limit in any window of the rate's length, wherever it begins: the log of the last permits' times.
///
/// A window holds its end and not its beginning, so a permit counts for exactly the length. The log is exact and
/// pays with memory: eight bytes for each permit of the limit. Permits are due in the order of the requests: while
/// a reservation waits, later requests come after it.
///
/// A clock that steps back stands still: until it has caught up, a request counts as made at the latest time seen.
public struct SlidingLogLimiter: Hashable, Sendable {
    /// The rate at work: limit and length of any window.
    public private(set) var rate: Rate
    /// Counts since the start.
    public private(set) var totals = RateLimiterTotals()
    /// When the newest permits are or were due, in order; never more than the limit.
    private var log = InstantRing()
    private var latest = Instant(nanoseconds: .min)

    /// The largest limit of a log.
    public static let largestLimit = 1_000_000

    /// A limiter with an empty log.
    /// - Throws: a ``SettingError`` for a limit of more than 1 000 000.
    public init(_ rate: Rate) throws(SettingError) {
        try Self.check(rate)
        self.rate = rate
    }

    init(checked rate: Rate) {
        self.rate = rate
    }

    /// Asks for permits that the caller will wait for no longer than `maxWait`.
    ///
    /// A request for more permits than the limit is never granted; fewer than none count as none.
    public mutating func acquire(
        _ permits: Int = 1, at now: Instant, maxWait: Duration = .zero
    ) -> RateDecision {
        latest = max(latest, now)
        let decision = decide(permits, at: now, maxWait: maxWait)
        totals.count(decision, permits: permits)
        return decision
    }

    private mutating func decide(_ permits: Int, at now: Instant, maxWait: Duration) -> RateDecision {
        guard let due = due(permits, at: latest) else { return .rejected(retryAfter: .maximum) }
        let wait = due > latest ? due - now : .zero
        guard wait <= max(.zero, maxWait) else { return .rejected(retryAfter: wait - max(.zero, maxWait)) }
        enter(permits, at: due)
        return .granted(after: wait)
    }

    /// The first moment at which that many permits may be used; nil for never.
    private func due(_ permits: Int, at present: Instant) -> Instant? {
        guard permits <= rate.limit else { return nil }
        let inOrder = max(present, log.last ?? present)
        let expired = max(0, permits) - (rate.limit - log.count)
        guard expired > 0 else { return inOrder }
        let due = max(inOrder, log[expired - 1] + rate.per)
        return due < .distantFuture ? due : nil
    }

    private mutating func enter(_ permits: Int, at due: Instant) {
        guard permits > 0 else { return }
        log.removeFirst(max(0, log.count + permits - rate.limit))
        for _ in 0..<permits { log.append(due) }
    }

    /// Permits that could be had at once; below zero by as many as are promised for later.
    public func available(at now: Instant) -> Int {
        let present = max(latest, now)
        let passed = log.count(before: present)
        if passed < log.count { return passed - log.count }
        let expired = log.count(before: present, by: rate.per)
        return rate.limit - log.count + expired
    }

    /// Permits promised for later than now.
    public func reserved(at now: Instant) -> Int { max(0, -available(at: now)) }

    /// How long until so many permits could be had at once, if nobody else asks; nil for more than the limit.
    public func wait(for permits: Int = 1, at now: Instant) -> Duration? {
        let present = max(latest, now)
        return due(permits, at: present).map { $0 > present ? $0 - now : .zero }
    }

    /// Gives back the newest reservation while it is not yet due, once; any other time it has no effect.
    ///
    /// A full log forgets what a reservation makes way for, so later requests may be due as if the permits made way
    /// for had been used as late as they can have been.
    /// - Parameters:
    ///   - permits: as many as were granted.
    ///   - due: when they were to be used: the time of the request and its wait.
    /// - Returns: how many permits came back.
    @discardableResult
    public mutating func giveBack(_ permits: Int = 1, due: Instant, at now: Instant) -> Int {
        latest = max(latest, now)
        var returned = 0
        guard due >= latest, permits > 0 else { return 0 }
        while returned < min(permits, log.count), log[log.count - 1 - returned] == due { returned += 1 }
        // What a full log has forgotten was over when these were due, and no later than the oldest that it knows.
        let forgotten = log.count == rate.limit ? min(log[0], due - rate.per) : nil
        log.removeLast(returned)
        if let forgotten {
            for _ in 0..<returned { log.prepend(forgotten) }
        }
        totals.giveBack(returned)
        return returned
    }

    /// Takes all permits that could be had at once; returns how many that were.
    @discardableResult
    public mutating func drain(at now: Instant) -> Int {
        let drained = max(0, available(at: now))
        latest = max(latest, now)
        enter(drained, at: latest)
        return drained
    }

    /// Changes limit and length at once; the log keeps what it knows, and reservations keep their times.
    ///
    /// A lower limit holds from the next request on, a higher one lets the difference through at once.
    /// - Throws: a ``SettingError`` for a limit of more than 1 000 000; the old rate then stays.
    public mutating func changeRate(_ new: Rate, at now: Instant) throws(SettingError) {
        try Self.check(new)
        change(toChecked: new, at: now)
    }

    mutating func change(toChecked new: Rate, at now: Instant) {
        latest = max(latest, now)
        log.removeFirst(max(0, log.count - new.limit))
        rate = new
    }

    static func check(_ rate: Rate) throws(SettingError) {
        guard rate.limit <= largestLimit else {
            throw SettingError("limit", given: rate.limit, allowed: "1 to \(largestLimit) for a log")
        }
    }
}
