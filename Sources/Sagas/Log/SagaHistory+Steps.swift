internal import Timeline

// What can happen to a step, and to its undo.

extension SagaHistory {
    typealias Rule = SagaHistoryError.Rule

    /// Why an event about a step's call cannot have happened; nil for one that can, and for all others.
    func objectionToStep(_ event: Saga.Event) -> Rule? {
        switch event.what {
        case .stepAdopted(let step, let result): adoptionObjection(Int(step), result)
        case .stepRequested(let step, let attempt): requestObjection(Int(step), Int(attempt), at: event.time)
        case .stepDone(let step, let attempt, let result):
            phaseObjection(.forward)
                ?? statusObjection(Int(step)) { $0 == .calling || $0 == .backingOff }
                ?? attemptObjection(Int(step), Int(attempt), isPast: true)
                ?? resultObjection(Int(step), result)
        case .stepFailed(let step, let attempt, let failure, let next):
            phaseObjection(.forward)
                ?? statusObjection(Int(step)) { $0 == .calling }
                ?? attemptObjection(Int(step), Int(attempt))
                ?? retryObjection(failure, next, at: event.time)
        case .stepStalled(let step):
            phaseObjection(.forward) ?? (hasFailedForGood(Int(step)) ? nil : .status(saga.status(of: Int(step))))
        case .stepSkipped(let step, let result): skipObjection(Int(step), result)
        default: nil
        }
    }

    /// Whether a step has failed that must succeed, and nobody has been told yet.
    func hasFailedForGood(_ step: Int) -> Bool {
        guard saga.course == .forward, definition.steps[step].isCritical else { return false }
        return switch (saga.status(of: step), definition.steps[step].kind) {
        case (.unknown, .pivot), (.unknown, .retriable), (.failed, .retriable): true
        default: false
        }
    }

    /// A saga that runs another one again begins with what that one has done, in order.
    private func adoptionObjection(_ step: Int, _ result: SagaValue?) -> Rule? {
        if let rule = phaseObjection(.ready) { return rule }
        guard isRerun else { return .notRerun }
        guard saga.status(of: step) == .pending else { return .status(saga.status(of: step)) }
        guard step == 0 || saga.status(of: step - 1) != .pending else { return .turn }
        return result == nil && !definition.steps[step].isCritical ? nil : resultObjection(step, result)
    }

    private func requestObjection(_ step: Int, _ attempt: Int, at now: Instant) -> Rule? {
        if let rule = phaseObjection(.forward) ?? pauseObjection { return rule }
        guard attempt > 1 else {
            let settled = saga.settledStages(definition)
            return statusObjection(step) { $0 == .pending } ?? firstObjection(attempt)
                ?? (definition.stages[min(settled, definition.stages.count - 1)].contains(step) ? nil : .turn)
        }
        return statusObjection(step) { $0 == .backingOff || $0 == .stalled } ?? repeatObjection(step, attempt, at: now)
    }

    private func skipObjection(_ step: Int, _ result: SagaValue?) -> Rule? {
        if saga.course == .ready { return adoptionObjection(step, result) }
        return phaseObjection(.forward) ?? orderObjection(.skip)
            ?? statusObjection(step) { $0 == .pending || $0 == .calling || $0 == .backingOff || $0 == .stalled }
            ?? resultObjection(step, result)
    }

    private func resultObjection(_ step: Int, _ result: SagaValue?) -> Rule? {
        let expected = definition.steps[step].result
        return result?.kind == expected ? nil : .result(expected: expected, found: result?.kind)
    }
}

extension SagaHistory {
    /// Why an event about a step's undo cannot have happened; nil for one that can, and for all others.
    func objectionToUndo(_ event: Saga.Event) -> Rule? {
        switch event.what {
        case .undoRequested(let step, let attempt): undoRequestObjection(Int(step), Int(attempt), at: event.time)
        case .undoDone(let step, let attempt):
            phaseObjection(.back)
                ?? statusObjection(Int(step)) { $0.isBeingUndone || $0 == .undoFailed }
                ?? attemptObjection(Int(step), Int(attempt), isPast: true)
        case .undoFailed(let step, let attempt, let failure, let next, _):
            phaseObjection(.back)
                ?? statusObjection(Int(step)) { $0 == .undoing }
                ?? attemptObjection(Int(step), Int(attempt))
                ?? retryObjection(failure, next, at: event.time)
        case .undoExhausted(let step, _):
            phaseObjection(.back)
                ?? statusObjection(Int(step)) { $0 == .undoing || $0 == .undoBackingOff }
                ?? (isGivingUp || hasFailedLast(undoOf: Int(step)) ? nil : .attemptsLeft)
        case .undoResolved(let step):
            (isResolving ? nil : orderObjection(.markResolved))
                ?? statusObjection(Int(step)) { status in
                    let hadNoTime = saga.compensationHasFailed && saga.notUndone.contains(Int(step))
                    return status == .undoStalled || status == .undoFailed || hadNoTime
                }
        default: nil
        }
    }

    private func undoRequestObjection(_ step: Int, _ attempt: Int, at now: Instant) -> Rule? {
        if let rule = phaseObjection(.back) ?? pauseObjection { return rule }
        guard attempt > 1 else {
            guard saga.awaitsUndo(step) else { return .status(saga.status(of: step)) }
            let isFree = definition.undoPrecedence[step].steps.allSatisfy {
                !saga.awaitsUndo($0) && !saga.status(of: $0).isBeingUndone
            }
            return firstObjection(attempt) ?? (isFree ? nil : .turn)
        }
        return statusObjection(step) { $0 == .undoBackingOff || $0 == .undoStalled }
            ?? repeatObjection(step, attempt, at: now)
    }

    /// Whether the last attempt of a step's undo has just failed.
    func hasFailedLast(undoOf step: Int) -> Bool {
        guard case .undoFailed(let other, _, _, nil, _) = last?.what else { return false }
        return Int(other) == step
    }

    /// Whether an operator is just saying what has been taken back by hand.
    private var isResolving: Bool {
        guard case .undoResolved = last?.what else { return false }
        return true
    }
}

// What a call and an undo have in common.

extension SagaHistory {
    func phaseObjection(_ course: Saga.Course) -> Rule? { saga.course == course ? nil : .phase(saga.phase) }

    var pauseObjection: Rule? { saga.isStopped ? .paused : nil }

    private func statusObjection(_ step: Int, _ isAllowed: (Saga.StepStatus) -> Bool) -> Rule? {
        isAllowed(saga.status(of: step)) ? nil : .status(saga.status(of: step))
    }

    /// The present attempt, or perhaps an earlier one.
    private func attemptObjection(_ step: Int, _ attempt: Int, isPast: Bool = false) -> Rule? {
        let present = saga.attempts(of: step)
        let isKnown = attempt == present || isPast && attempt >= 1 && attempt < present
        return isKnown ? nil : .attempt(expected: present, found: attempt)
    }

    private func firstObjection(_ attempt: Int) -> Rule? { attempt == 1 ? nil : .attempt(expected: 1, found: attempt) }

    /// Another attempt is the next one, and does not come before its time unless an operator wants it.
    private func repeatObjection(_ step: Int, _ attempt: Int, at now: Instant) -> Rule? {
        let next = min(saga.attempts(of: step) + 1, Int(UInt16.max))
        guard attempt == next else { return .attempt(expected: next, found: attempt) }
        guard hurriedAt != now else { return nil }
        guard let due = saga.nextAttempt(of: step) else { return .unordered(.retryNow) }
        return now < due ? .early(due: due) : nil
    }

    private func retryObjection(_ failure: Saga.Failure, _ next: Instant?, at now: Instant) -> Rule? {
        guard let next else { return nil }
        guard failure.isRetryable else { return .notRetryable }
        return next < now ? .early(due: now) : nil
    }
}
