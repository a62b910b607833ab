public import Timeline

extension RetryPolicy {
    /// The wait after the n-th attempt, counted from 1; never negative, and within the bounds of
    /// ``Backoff/delay(afterAttempt:jitter:share:memory:)``.
    /// - Parameter previous: the wait before this one, zero if there was none; only ``Jitter/decorrelated`` looks at
    ///   it. ``Jitter/decorrelatedV2``, which remembers all waits, takes them as they are expected to have been;
    ///   with a ``RetryState`` it remembers them.
    public func delay(
        afterAttempt attempt: Int, previous: Duration, using random: inout RandomStream
    ) -> Duration {
        // The usual kind first, past all the others.
        if case .full = jitter { return backoff.fullJitter(afterAttempt: attempt, share: random.uniform()) }
        return unusualDelay(afterAttempt: attempt, previous: previous, using: &random)
    }

    @inline(never)
    private func unusualDelay(
        afterAttempt attempt: Int, previous: Duration, using random: inout RandomStream
    ) -> Duration {
        var memory = previous
        if case .decorrelatedV2 = jitter { memory = backoff.expectedPoint(beforeAttempt: attempt) }
        return delay(afterAttempt: attempt, memory: &memory, using: &random)
    }

    /// How long to wait before the next attempt once the n-th has failed; nil to give up.
    ///
    /// Knows neither the kind of the failure nor how long the call has taken.
    /// - Parameter retryAfter: what the callee, or a guard before it, asked for; see ``serverDelay``.
    public func next(
        afterAttempt attempt: Int, previous: Duration, retryAfter: Duration? = nil,
        using random: inout RandomStream
    ) -> Duration? {
        guard attempt < attempts else { return nil }
        let own = delay(afterAttempt: attempt, previous: previous, using: &random)
        return serverDelay.wait(own: own, asked: retryAfter)
    }

    func delay(afterAttempt attempt: Int, memory: inout Duration, using random: inout RandomStream) -> Duration {
        let share = jitter.isRandom ? random.uniform() : 0
        return backoff.delay(afterAttempt: attempt, jitter: jitter, share: share, memory: &memory)
    }
}

extension RetryPolicy.ServerDelay {
    /// The part of the callee's wait that counts; nil if it asked for none.
    func counted(_ asked: Duration?) -> Duration? {
        guard let asked, asked > .zero else { return nil }
        switch self {
        case .ignored: return nil
        case .atLeast(let limit), .exactly(let limit): return min(asked, limit)
        }
    }

    /// The wait between what the backoff says and what the callee asked for.
    func wait(own: Duration, asked: Duration?) -> Duration {
        guard let asked = counted(asked) else { return own }
        if case .exactly = self { return asked }
        return max(own, asked)
    }
}
