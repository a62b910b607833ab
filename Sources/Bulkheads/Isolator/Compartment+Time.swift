internal import Resilience
public import Timeline

extension Compartment {
    /// When ``advance(to:)`` will have something to do; nil if time alone changes nothing.
    public var nextEvent: Instant? {
        let bulkhead = threads?.nextExpiry ?? semaphore?.nextExpiry
        guard settings.breaker != nil, let breaker = breaker?.nextTimedTransition else { return bulkhead }
        return min(breaker, bulkhead ?? .distantFuture)
    }

    /// Does what is due: ends the wait of those who have waited at a semaphore for too long, lets idle threads end,
    /// and moves the breaker on.
    public mutating func advance(to now: Instant) -> Change {
        var change = Change()
        threads?.advance(to: now)
        dropExpiredWaiters(&change, at: now)
        guard settings.breaker != nil else { return change }
        while let transition = breaker?.advance(to: now) { change.transitions.append(transition) }
        return change
    }

    /// Replaces the settings of a compartment at work, by the rules of each guard; calls in it go on.
    ///
    /// A limiter or breaker that was not there before begins afresh; one that is there no more is not asked.
    /// - Returns: the calls that run or are dropped because of it; nil, and nothing changes, if threads were to become
    ///   a semaphore or the other way round.
    public mutating func changeSettings(_ new: Settings, at now: Instant) -> Change? {
        var change = Change()
        switch (settings.isolation, new.isolation) {
        case (.threads, .threads(let threads)):
            let taken = self.threads?.resize(to: threads, at: now) ?? []
            for next in taken { go(on: next, &change, at: now) }
        case (.semaphore, .semaphore(let semaphore)):
            let permitted = self.semaphore?.resize(to: semaphore, at: now) ?? []
            dropExpiredWaiters(&change, at: now)
            for waiter in permitted { start(Permit(task: waiter.caller), &change, at: now) }
        case (.threads, .semaphore), (.semaphore, .threads):
            return nil
        }
        if let transition = changeBreaker(to: new.breaker, at: now) { change.transitions.append(transition) }
        changeLimiter(to: new.limiter, at: now)
        fallback.changeSettings(new.fallback)
        settings = new
        return change
    }

    /// One that was switched off keeps its generation, so that permits of before do not count in it.
    private mutating func changeBreaker(
        to new: CircuitBreaker.Settings?, at now: Instant
    ) -> CircuitBreaker.Transition? {
        guard let new else { return nil }
        guard breaker != nil else {
            breaker = CircuitBreaker(new)
            return nil
        }
        let reset = settings.breaker == nil ? breaker?.reset(at: now) : nil
        return breaker?.changeSettings(new, at: now) ?? reset
    }
}
