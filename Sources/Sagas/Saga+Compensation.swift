internal import Resilience
public import Timeline

extension Saga {
    /// Takes in how an attempt of an undo went.
    ///
    /// A failure that names a time to retry after, such as that of an open breaker, is waited out and does not
    /// count as an attempt; the compensation's time limit bounds such waits. When the attempts are used up the
    /// step is recorded as not undone and the next undo follows.
    ///
    /// A reply to an earlier attempt asks for nothing, but if it is a success the step is undone, and it is
    /// recorded so, even where it had been given up: otherwise a human would be sent to undo it again. Only after
    /// the end is it too late; the saga then reports more than is left to do, never less.
    public mutating func undoReplied(
        step: Int, attempt: Int, reply: Reply, at now: Instant, under definition: SagaDefinition,
        using random: inout RandomStream
    ) -> Directive {
        guard case .undoing(let current) = activity, Int(current) == step, attempts(of: step) == attempt else {
            recordLateUndo(step: step, attempt: attempt, reply: reply)
            return .none
        }
        switch reply {
        case .success:
            records[step].status = .undone
            return undoNext()
        case .failure where records[step].status == .undone:
            return undoNext()
        case .failure(let retryAfter, _):
            return undoFailed(
                step, retryAfter: retryAfter, at: now, policy: definition.compensation.retry, using: &random)
        }
    }

    /// Leaves the way forward, and with it a call that may be outstanding.
    mutating func turnBack(because cause: Cause, at now: Instant) -> Directive {
        wayBack = Return(startedAt: now, cause: cause)
        if let step = furthestStep {
            records[step].status = records[step].mayHaveHappened ? .unknown : .failed
        }
        return undoNext()
    }

    /// Calls the undo that was registered last of those that have not been dealt with.
    mutating func undoNext() -> Directive {
        guard let step = topOfUndoStack else { return endCompensation() }
        records[step].attempts = 0
        wayBack?.countedFailures = 0
        previousDelay = .zero
        return undo(step)
    }

    /// Calls an undo.
    mutating func undo(_ step: Int) -> Directive {
        records[step].status = .undoing
        records[step].attempts.increment()
        activity = .undoing(step: UInt8(step))
        return .undo(step: step, attempt: attempts(of: step))
    }

    /// Gives up an undo, unless an earlier attempt turned out to have done it.
    mutating func giveUpUndo(_ step: Int) {
        if records[step].status == .undoing { records[step].status = .undoFailed }
    }

    /// Ends the way back.
    mutating func endCompensation() -> Directive {
        activity = .compensationOver
        return .ended(compensationEnding)
    }

    /// Decides between another attempt of an undo and the next undo.
    private mutating func undoFailed(
        _ step: Int, retryAfter: Duration?, at now: Instant, policy: RetryPolicy, using random: inout RandomStream
    ) -> Directive {
        let counts = (retryAfter ?? .zero) <= .zero
        var failures = wayBack?.countedFailures ?? 0
        if counts {
            failures += failures < .max ? 1 : 0
            wayBack?.countedFailures = failures
            guard failures < policy.attempts else {
                giveUpUndo(step)
                return undoNext()
            }
        }
        let delay = policy.delay(afterAttempt: Int(failures), previous: previousDelay, using: &random)
        let isEndless = !counts || policy.attempts == RetryPolicy.unlimited
        previousDelay = max(delay, Self.leastWait(retryAfter: retryAfter, isEndless: isEndless))
        activity = .undoBackingOff(until: now + previousDelay, step: UInt8(step))
        return .wait(until: now + previousDelay)
    }

    /// Keeps the news that an undo has succeeded after all.
    private mutating func recordLateUndo(step: Int, attempt: Int, reply: Reply) {
        guard case .success = reply, isCompensating, (0..<records.count).contains(step),
            attempt >= 1, attempt <= attempts(of: step)
        else { return }
        switch records[step].status {
        case .undoing, .undoFailed: records[step].status = .undone
        case .pending, .running, .done, .failed, .unknown, .undone: break
        }
    }

    /// Whether the saga is on its way back.
    private var isCompensating: Bool {
        switch activity {
        case .undoing, .undoBackingOff: true
        case .ready, .calling, .backingOff, .completed, .compensationOver: false
        }
    }
}
