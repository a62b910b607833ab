internal import Timeline

// What can happen to a saga as a whole.

extension SagaHistory {
    /// Why an event about the saga's way cannot have happened; nil for one that can, and for all others.
    func objectionToTurn(_ event: Saga.Event) -> Rule? {
        switch event.what {
        case .started: phaseObjection(.ready)
        case .locked: phaseObjection(.locking)
        case .forked: count == 0 ? nil : .phase(saga.phase)
        case .turnedBack(let cause): turnObjection(cause)
        case .compensationRetried: orderObjection(.retryCompensation)
        case .timeLimitPassed:
            phaseObjection(.forward) ?? pauseObjection
                ?? (saga.timeLimitState == .open && position == .inDoubt ? nil : .limit)
        case .overdue: overdueObjection
        case .compensationOverdue:
            phaseObjection(.back) ?? pauseObjection ?? (saga.isCompensationOverdue ? .limit : nil)
        case .completed:
            phaseObjection(.forward) ?? pauseObjection
                ?? (saga.settledStages(definition) == definition.stages.count ? nil : .unfinished)
        case .compensated: compensatedObjection
        case .compensationFailed: compensationFailedObjection
        case .killed: orderObjection(.kill)
        default: nil
        }
    }

    /// Why an event about the saga's operation cannot have happened; nil for one that can, and for all others.
    func objectionToOperation(_ what: Saga.Event.What) -> Rule? {
        switch what {
        case .paused(.ordered): orderObjection(.pause)
        case .paused(.tooManyRecoveries): pauseObjection ?? (saga.recoveredTimes > 0 ? nil : .notRecovered)
        case .resumed: orderObjection(.resume)
        case .recovered: saga.course == .ready ? .phase(saga.phase) : nil
        case .ordered(let kind): refusal(of: kind).map { .refused($0) }
        default: nil
        }
    }

    /// An operator's wish is the event before what comes of it.
    func orderObjection(_ kind: Saga.Order.Kind) -> Rule? {
        last?.what == .ordered(kind) ? nil : .unordered(kind)
    }

    private var position: Saga.Position { saga.position(under: definition) }

    private func turnObjection(_ cause: Saga.Cause) -> Rule? {
        switch cause {
        case .lockRefused: return phaseObjection(.locking)
        case .cancelled: return orderObjection(.cancel)
        case .stepFailed: return phaseObjection(.forward) ?? pauseObjection ?? (hasFailedStep ? nil : .noStepFailed)
        case .timeLimitPassed:
            guard saga.course == .forward || saga.course == .locking else { return .phase(saga.phase) }
            if let pauseObjection { return pauseObjection }
            if saga.timeLimitState != .open { return hasFailedStep ? nil : .limit }
            return position == .before ? nil : .pointOfNoReturn
        }
    }

    /// Whether a step without which the saga cannot go on has failed for good, and the saga can go back from it.
    private var hasFailedStep: Bool {
        definition.steps.indices.contains { step in
            guard definition.steps[step].isCritical else { return false }
            return switch (saga.status(of: step), definition.steps[step].kind) {
            case (.failed, .compensatable), (.unknown, .compensatable), (.failed, .pivot): true
            default: false
            }
        }
    }

    private var overdueObjection: Rule? {
        if let rule = phaseObjection(.forward) { return rule }
        guard position == .beyond, saga.timeLimitState != .overdue else { return .limit }
        return saga.timeLimitState == .open ? pauseObjection : nil
    }

    /// Whether some undo is called, or is still to be.
    private var hasUndosLeft: Bool {
        definition.steps.indices.contains { saga.awaitsUndo($0) || saga.status(of: $0).isBeingUndone }
    }

    private var compensatedObjection: Rule? {
        guard saga.notUndone.isEmpty else { return .unfinished }
        if saga.course == .compensationFailed { return nil }
        return phaseObjection(.back) ?? pauseObjection ?? (hasUndosLeft ? .unfinished : nil)
    }

    private var compensationFailedObjection: Rule? {
        if let rule = phaseObjection(.back) ?? pauseObjection { return rule }
        return saga.notUndone.isEmpty || hasUndosLeft && !isGivingUp ? .unfinished : nil
    }

    /// Why an order would have been refused; which step is skipped says the event that follows.
    private func refusal(of kind: Saga.Order.Kind) -> Saga.OrderRefusal? {
        let order: Saga.Order
        switch kind {
        case .retryNow: order = .retryNow
        case .pause: order = .pause
        case .resume: order = .resume
        case .cancel: order = .cancel
        case .kill: order = .kill
        case .retryCompensation: order = .retryCompensation
        case .markResolved: order = .markResolved
        case .skip: return saga.isOver ? .alreadyEnded : nil
        }
        return saga.refusal(of: order, under: definition)
    }
}

extension SagaHistory {
    /// What is missing between the last event and this one, or the end: some are never decided alone.
    func missing(before next: Saga.Event.What?) -> Rule? {
        switch last?.what {
        case .ordered(let kind): next.map { kind.isEffect($0) } == true ? nil : .effectMissing(kind)
        case .stepFailed(let step, _, _, nil) where hasFailedForGood(Int(step)):
            next == .stepStalled(step: step) ? nil : .stallMissing
        case .undoFailed(_, _, _, nil, _): isExhaustion(next) ? nil : .exhaustionMissing
        case .compensationOverdue, .undoExhausted:
            !isGivingUp || !hasUndosUnderWay || isExhaustion(next) ? nil : .exhaustionMissing
        default: nil
        }
    }

    private var hasUndosUnderWay: Bool {
        definition.steps.indices.contains {
            saga.status(of: $0) == .undoing || saga.status(of: $0) == .undoBackingOff
        }
    }

    private func isExhaustion(_ what: Saga.Event.What?) -> Bool {
        guard case .undoExhausted = what else { return false }
        return true
    }
}

extension Saga.Order.Kind {
    /// Whether an event is what comes first of such an order.
    fileprivate func isEffect(_ what: Saga.Event.What) -> Bool {
        switch (self, what) {
        case (.retryNow, .stepRequested), (.retryNow, .undoRequested), (.skip, .stepSkipped),
            (.pause, .paused(.ordered)),
            (.resume, .resumed), (.cancel, .turnedBack(.cancelled)), (.kill, .killed),
            (.retryCompensation, .compensationRetried), (.markResolved, .undoResolved):
            true
        default: false
        }
    }
}
