internal import Resilience
internal import Timeline

/// The limiter is asked in two steps, so that a call which a later guard refuses takes no token.
extension Compartment {
    /// Whether the limiter refuses a call now, and how long to wait; nil if it lets it pass.
    mutating func limiterRefusal(at now: Instant) -> RateDecision? {
        guard let wait = limiter?.wait(for: 1, at: now), wait <= .zero else {
            return limiter?.acquire(1, at: now)
        }
        return nil
    }

    /// Takes the token that ``limiterRefusal(at:)`` found.
    mutating func takeToken(at now: Instant) {
        _ = limiter?.acquire(1, at: now)
    }

    /// A limiter that was not there before begins full.
    mutating func changeLimiter(to new: RateLimiter.Settings?, at now: Instant) {
        guard let new, limiter != nil else {
            limiter = new.map { RateLimiter($0) }
            return
        }
        limiter?.changeSettings(new, at: now)
    }
}
