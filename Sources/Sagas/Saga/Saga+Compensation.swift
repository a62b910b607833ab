internal import Resilience
internal import Timeline

extension Saga {
    /// Leaves the way forward, and with it the calls that may be outstanding.
    mutating func turnBack(
        _ cause: Cause, at now: Instant, _ definition: SagaDefinition, _ events: inout [Event]
    ) {
        emit(.turnedBack(cause), at: now, definition, &events)
        settle(at: now, definition, &events)
    }

    /// Calls every undo whose turn it is, or ends.
    mutating func settleBack(at now: Instant, _ definition: SagaDefinition, _ events: inout [Event]) {
        for step in (0..<definition.steps.count).reversed() where awaitsUndo(step) {
            let others = definition.undoPrecedence[step]
            let isFree = others.steps.allSatisfy { !awaitsUndo($0) && !records[$0].status.isBeingUndone }
            if isFree { emit(.undoRequested(step: UInt8(step), attempt: 1), at: now, definition, &events) }
        }
        endCompensation(at: now, definition, &events)
    }

    /// Ends the way back, if nothing is under way on it.
    private mutating func endCompensation(at now: Instant, _ definition: SagaDefinition, _ events: inout [Event]) {
        guard !(0..<records.count).contains(where: { records[$0].status.isBeingUndone || awaitsUndo($0) }) else {
            return
        }
        emit(notUndone.isEmpty ? .compensated : .compensationFailed, at: now, definition, &events)
    }

    /// Whether the undo of a step is registered and has not been called.
    func awaitsUndo(_ step: Int) -> Bool {
        records[step].has(.undoRegistered) && records[step].status.isBeforeUndo
    }

    /// The steps that have or may have happened, have an undo, and are not known to be undone.
    var notUndone: StepSet {
        StepSet(
            (0..<records.count).lazy.filter { [self] in
                let status = records[$0].status
                return records[$0].has(.undoRegistered) && status != .undone && status != .resolved
            })
    }

    /// Takes in how an attempt of an undo went.
    ///
    /// A reply to an earlier attempt asks for nothing, but if it is a success the step is undone, and it is
    /// recorded so, even where it had been given up: otherwise a human would be sent to undo it again. Only after
    /// the end is it too late; the saga then reports more than is left to do, never less.
    mutating func undoReplied(
        _ step: Int, _ attempt: Int, _ reply: Reply, at now: Instant, _ definition: SagaDefinition,
        _ random: inout RandomStream, _ events: inout [Event]
    ) {
        guard course == .back, definition.has(step), attempt >= 1 else { return }
        let (status, current) = (records[step].status, Int(records[step].attempts))
        switch reply {
        case .success:
            guard status.isBeingUndone || status == .undoFailed, attempt <= current else { return }
            let attempt = UInt16(clamping: attempt)
            emit(.undoDone(step: UInt8(step), attempt: attempt), at: now, definition, &events)
            settle(at: now, definition, &events)
        case .failure(let failure, let retryAfter):
            guard attempt == current, status == .undoing else { return }
            undoFailed(step, failure, retryAfter: retryAfter, at: now, definition, &random, &events)
        }
    }

    /// Decides between another attempt of an undo and none.
    mutating func undoFailed(
        _ step: Int, _ failure: Failure, retryAfter: Duration?, at now: Instant, _ definition: SagaDefinition,
        _ random: inout RandomStream, _ events: inout [Event]
    ) {
        let policy = definition.compensation.retry
        let counts = (retryAfter ?? .zero) <= .zero
        let failures = Int(records[step].failures) + (counts ? 1 : 0)
        var next: Instant?
        if failure.isRetryable, !counts || failures < policy.attempts {
            let wait = wait(
                retryAfter, policy, afterAttempt: failures, isEndless: !counts, previous: records[step].wait, &random)
            next = now + wait
        }
        let attempt = records[step].attempts
        emit(
            .undoFailed(step: UInt8(step), attempt: attempt, failure, retryAt: next, counts: counts), at: now,
            definition, &events)
        if next == nil {
            let exhaustion = definition.compensation.whenExhausted
            emit(.undoExhausted(step: UInt8(step), exhaustion), at: now, definition, &events)
        }
        settle(at: now, definition, &events)
    }

    /// The time limit of the way back has passed: what is not undone by now waits for an operator, or is given up.
    mutating func compensationLimitPassed(
        at now: Instant, _ definition: SagaDefinition, _ events: inout [Event]
    ) {
        emit(.compensationOverdue, at: now, definition, &events)
        let exhaustion = definition.compensation.whenExhausted
        for step in 0..<records.count {
            switch records[step].status {
            case .undoing, .undoBackingOff:
                emit(.undoExhausted(step: UInt8(step), exhaustion), at: now, definition, &events)
            case .pending, .calling, .backingOff, .stalled, .done, .skipped, .failed, .unknown, .undoStalled, .undone,
                .undoFailed, .resolved:
                break
            }
        }
        if exhaustion == .goesOn { emit(.compensationFailed, at: now, definition, &events) }
    }
}
