internal import Resilience
public import Timeline

extension Saga {
    /// Takes in how an attempt of a step went.
    ///
    /// Only the attempt that was asked for last counts; any other reply changes nothing. That loses nothing:
    /// - A late reply to an earlier attempt of the present step brings no news that the next reply will not:
    ///   all attempts have one idempotency key. Should the others fail, an undo takes back what happened.
    /// - A late reply to a call that was abandoned when the saga turned back is answered by the undo, which was
    ///   registered before the call; and a service that sees the undo first refuses the call.
    /// - A pivot is never abandoned while it is being called, and never after an unknown outcome.
    public mutating func stepReplied(
        step: Int, attempt: Int, reply: Reply, at now: Instant, under definition: SagaDefinition,
        using random: inout RandomStream
    ) -> Directive {
        guard case .calling(let current) = activity, Int(current) == step, attempts(of: step) == attempt else {
            return .none
        }
        switch reply {
        case .success(let result):
            records[step].result = result
            records[step].status = .done
            return advance(from: step, under: definition)
        case .failure(let retryAfter, let outcome):
            if outcome == .unknown { records[step].mayHaveHappened = true }
            return stepFailed(step, retryAfter: retryAfter, at: now, under: definition, using: &random)
        }
    }

    /// Calls a step; its undo goes on the stack before the first attempt.
    mutating func call(_ step: Int, under definition: SagaDefinition) -> Directive {
        records[step].undoRegistered = definition.steps[step].undo != nil
        records[step].status = .running
        records[step].attempts.increment()
        activity = .calling(step: UInt8(step))
        return .call(step: step, attempt: attempts(of: step))
    }

    /// Goes on to the step after one that is done.
    private mutating func advance(from step: Int, under definition: SagaDefinition) -> Directive {
        settleTimeLimitBeyondPivot()
        previousDelay = .zero
        guard step + 1 < definition.steps.count else {
            activity = .completed
            return .ended(.completed)
        }
        return call(step + 1, under: definition)
    }

    /// Decides between another attempt and the way back.
    ///
    /// A pivot of unknown outcome is retried until it succeeds, whatever its policy says: it has no undo, so to
    /// turn back could refund an order that is already confirmed. One idempotency key for all attempts makes
    /// sure that it happens once.
    private mutating func stepFailed(
        _ step: Int, retryAfter: Duration?, at now: Instant, under definition: SagaDefinition,
        using random: inout RandomStream
    ) -> Directive {
        let policy = definition.policies[step]
        let mustSucceed = position(under: definition) == .beyond
        let isEndless = mustSucceed || policy.attempts == RetryPolicy.unlimited
        let atLeast = Self.leastWait(retryAfter: retryAfter, isEndless: isEndless)
        if mustSucceed {
            settleTimeLimitBeyondPivot()
            return backOff(step, atLeast: atLeast, at: now, policy, using: &random)
        }
        if timeLimitState == .passedDuringPivot {
            timeLimitState = .open
            return turnBack(because: .timeLimitPassed, at: now)
        }
        if attempts(of: step) < policy.attempts {
            return backOff(step, atLeast: atLeast, at: now, policy, using: &random)
        }
        return turnBack(because: .stepFailed, at: now)
    }

    /// A time limit that passed while the pivot was being called makes the saga overdue once the pivot counts as
    /// passed.
    private mutating func settleTimeLimitBeyondPivot() {
        if timeLimitState == .passedDuringPivot { timeLimitState = .overdue }
    }

    private mutating func backOff(
        _ step: Int, atLeast: Duration, at now: Instant, _ policy: RetryPolicy, using random: inout RandomStream
    ) -> Directive {
        let delay = policy.delay(afterAttempt: attempts(of: step), previous: previousDelay, using: &random)
        previousDelay = max(delay, atLeast)
        activity = .backingOff(until: now + previousDelay, step: UInt8(step))
        return .wait(until: now + previousDelay)
    }

    /// The attempts of a step's call, or of its undo once the saga came to that.
    func attempts(of step: Int) -> Int { Int(records[step].attempts) }
}
