public import Timeline

extension RetryPolicy {
    /// What to do after a failed attempt.
    public enum Decision: Hashable, Sendable {
        /// Try again after that wait.
        case retry(after: Duration)
        /// The call has failed.
        case giveUp(Reason)
    }

    /// Why a call is not tried again.
    public enum Reason: Hashable, Sendable {
        /// It was tried as often as allowed.
        case attemptsExhausted(Int)
        /// Another attempt cannot help against such a failure.
        case notRetryable(FailureKind)
        /// The longest duration is over, or the wait would end after it.
        case outOfTime(elapsed: Duration)
        /// All callers together have retried as much as their ``RetryBudget`` allows.
        case budgetExhausted
    }

    /// Decides about an attempt that has failed; the state goes on to the next attempt if there is one.
    /// - Parameter retryAfter: what the callee, or a guard before it, asked for; see ``serverDelay``.
    public func next(
        after failure: FailureKind, state: inout RetryState, retryAfter: Duration? = nil, at now: Instant,
        using random: inout RandomStream
    ) -> Decision {
        if let reason = refusal(failure, state, retryAfter, now) { return .giveUp(reason) }
        return retry(&state, retryAfter, now, &random)
    }

    /// Decides about an attempt that has failed, with a budget that is shared with other calls.
    ///
    /// The budget is told of the failure if it is a retryable one, the failed attempt's permit is handed back, and a
    /// new one is taken for the next attempt. It covers the wait too; a caller who wants to count only attempts that
    /// run asks ``next(after:state:retryAfter:at:using:)``, and after the wait ``RetryBudget/withdraw(after:at:)``.
    /// - Parameter permit: the failed attempt's permit, nil for a first attempt; then that of the next attempt, nil if
    ///   there is none.
    public func next(
        after failure: FailureKind, state: inout RetryState, retryAfter: Duration? = nil, at now: Instant,
        budget: inout RetryBudget, permit: inout RetryBudget.Permit?, using random: inout RandomStream
    ) -> Decision {
        budget.attemptEnded(retryable.includes(failure) ? .failure : .ignored, permit: permit)
        permit = nil
        if let reason = refusal(failure, state, retryAfter, now) { return .giveUp(reason) }
        // A wait that gives up in the end has taken nothing from the budget yet.
        let decision = retry(&state, retryAfter, now, &random)
        guard case .retry = decision else { return decision }
        permit = budget.withdraw(after: failure, at: now)
        return permit == nil ? .giveUp(.budgetExhausted) : decision
    }

    /// Why there is no next attempt, as far as that is known before its wait is.
    private func refusal(
        _ failure: FailureKind, _ state: RetryState, _ retryAfter: Duration?, _ now: Instant
    ) -> Reason? {
        guard retryable.includes(failure) else { return .notRetryable(failure) }
        guard state.attempt < attempts else { return .attemptsExhausted(state.attempt) }
        guard let rest = rest(state, now) else { return nil }
        let fits = rest >= serverDelay.counted(retryAfter) ?? .zero
        return fits ? nil : .outOfTime(elapsed: elapsed(state, now))
    }

    private func retry(
        _ state: inout RetryState, _ retryAfter: Duration?, _ now: Instant, _ random: inout RandomStream
    ) -> Decision {
        let own = delay(afterAttempt: state.attempt, memory: &state.memory, using: &random)
        var wait = serverDelay.wait(own: own, asked: retryAfter)
        if let rest = rest(state, now), wait > rest {
            if overrun == .givesUp { return .giveUp(.outOfTime(elapsed: elapsed(state, now))) }
            wait = rest
        }
        state.beginNext()
        return .retry(after: wait)
    }

    /// The time since the first attempt began; zero on a clock that has stepped back.
    private func elapsed(_ state: RetryState, _ now: Instant) -> Duration {
        max(.zero, now - state.startedAt)
    }

    /// The time in which an attempt may still begin, negative if it is over; nil without a limit.
    private func rest(_ state: RetryState, _ now: Instant) -> Duration? {
        maxDuration.map { $0 - elapsed(state, now) }
    }
}
