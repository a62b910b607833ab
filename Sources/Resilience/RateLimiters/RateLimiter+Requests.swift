public import Timeline

extension RateLimiter {
    /// Asks for permits that the caller will wait for no longer than `maxWait`.
    public mutating func acquire(
        _ permits: Int = 1, at now: Instant, maxWait: Duration = .zero
    ) -> RateDecision {
        switch kind {
        case .tokenBucket(var limiter):
            defer { kind = .tokenBucket(limiter) }
            return limiter.acquire(permits, at: now, maxWait: maxWait)
        case .smooth(var limiter):
            defer { kind = .smooth(limiter) }
            return limiter.acquire(permits, at: now, maxWait: maxWait)
        case .fixedWindow(var limiter):
            defer { kind = .fixedWindow(limiter) }
            return limiter.acquire(permits, at: now, maxWait: maxWait)
        case .slidingLog: return log.acquire(permits, at: now, maxWait: maxWait)
        case .slidingCounter(var limiter):
            defer { kind = .slidingCounter(limiter) }
            return limiter.acquire(permits, at: now, maxWait: maxWait)
        }
    }

    /// Gives back a reservation that is not yet due, once.
    /// - Parameters:
    ///   - permits: as many as were granted.
    ///   - due: when they were to be used: the time of the request and its wait.
    /// - Returns: how many permits came back; none where the kind cannot take back a reservation that others follow.
    @discardableResult
    public mutating func giveBack(_ permits: Int = 1, due: Instant, at now: Instant) -> Int {
        switch kind {
        case .tokenBucket(var limiter):
            defer { kind = .tokenBucket(limiter) }
            return limiter.giveBack(permits, due: due, at: now)
        case .smooth(var limiter):
            defer { kind = .smooth(limiter) }
            return limiter.giveBack(permits, due: due, at: now)
        case .fixedWindow(var limiter):
            defer { kind = .fixedWindow(limiter) }
            return limiter.giveBack(permits, due: due, at: now)
        case .slidingLog: return log.giveBack(permits, due: due, at: now)
        case .slidingCounter(var limiter):
            defer { kind = .slidingCounter(limiter) }
            return limiter.giveBack(permits, due: due, at: now)
        }
    }

    /// Takes all permits that could be had at once; returns how many that were.
    @discardableResult
    public mutating func drain(at now: Instant) -> Int {
        switch kind {
        case .tokenBucket(var limiter):
            defer { kind = .tokenBucket(limiter) }
            return limiter.drain(at: now)
        case .smooth(var limiter):
            defer { kind = .smooth(limiter) }
            return limiter.drain(at: now)
        case .fixedWindow(var limiter):
            defer { kind = .fixedWindow(limiter) }
            return limiter.drain(at: now)
        case .slidingLog: return log.drain(at: now)
        case .slidingCounter(var limiter):
            defer { kind = .slidingCounter(limiter) }
            return limiter.drain(at: now)
        }
    }

    /// Changes the settings. A limiter of the same kind goes on as its type says; another kind starts afresh, and
    /// the totals with it.
    public mutating func changeSettings(_ new: Settings, at now: Instant) {
        guard new.algorithm == settings.algorithm else {
            self = RateLimiter(new)
            return
        }
        settings = new
        switch kind {
        case .tokenBucket(var limiter):
            limiter.changeSettings(.init(rate: new.rate, checkedBurst: new.burst), at: now)
            kind = .tokenBucket(limiter)
        case .smooth(var limiter):
            limiter.changeRate(new.rate, at: now)
            kind = .smooth(limiter)
        case .fixedWindow(var limiter):
            limiter.changeRate(new.rate, at: now)
            kind = .fixedWindow(limiter)
        case .slidingLog:
            log.change(toChecked: new.rate, at: now)
        case .slidingCounter(var limiter):
            limiter.changeRate(new.rate, at: now)
            kind = .slidingCounter(limiter)
        }
    }
}
