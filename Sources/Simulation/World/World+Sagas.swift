import Sagas
import Timeline

// The way of a saga: it decides, what it decides is stored, and then carried out by a worker of its home service.

extension World {
    /// A saga is asked for from outside.
    mutating func startSaga(_ saga: Int, from load: UInt32, key: UInt32) {
        let plan = sagas.plans.deployedVersion(of: saga)
        let operation = UInt16(sagas.plans.operation(plan))
        guard
            let (request, arrival) = admit(
                from: load, operation: operation, hasRoom: sagas.hasRoom, beside: sagas.live)
        else { return }
        let cause = port.note(.sagaStarted, .saga(UInt16(plan)), request: request, cause: arrival)
        let slot = sagas.open(plan: plan, request: request, load: load, key: key, cause: cause)
        ledger.open(.saga(slot), request: request, amount: sagas[slot].amount)
        tell(slot, .start)
    }

    /// Hands something to a saga, and does what it decides.
    mutating func tell(_ slot: UInt32, _ input: Saga.Input, cause: EntryID = .none) {
        var decided = sagas.handle(input, slot, at: port.now)
        if !decided.isEmpty {
            if cause != .none { sagas[slot].cause = cause }
            carryOut(&decided, slot)
        } else {
            setDue(slot, sagas.due(slot))
        }
        sagas.giveBack(decided)
    }

    /// Stores what a saga has decided, and does it, unless its orchestrator crashes over it.
    mutating func carryOut(_ decided: inout [Saga.Event], _ slot: UInt32) {
        port.touched.insert(.sagas)
        let crash = faults.areActive ? crashBeforeStoring(&decided, slot) : nil
        sagas.store(decided, slot)
        for event in decided { act(on: event, slot) }
        if let crash = crash ?? (faults.areActive ? crashBeforeSending(decided, slot) : nil) {
            return orchestratorCrashed(slot, by: crash)
        }
        sagas.count(slot)
        let due = look(slot)
        guard !sagas[slot].machine.isOver else { return end(slot) }
        setDue(slot, due)
        if sagas[slot].machine.isLocking {
            askForLock(slot)
        } else if !sagas[slot].unsent.isEmpty, !sagas[slot].hasTurn {
            takeTurn(slot)
        }
    }

    /// Sets the timer of what is due next in a saga, if that has changed.
    mutating func setDue(_ slot: UInt32, _ due: Instant) {
        guard !sagas[slot].isDown, due != sagas[slot].dueAt else { return }
        sagas[slot].dueAt = due
        port.cancel(&sagas[slot].due)
        if due != .distantFuture { sagas[slot].due = port.agenda.schedule(.sagaDue(slot), at: max(due, port.now)) }
    }

    /// A wait of a saga is over, or a limit of it has passed.
    mutating func sagaDue(_ slot: UInt32) {
        sagas[slot].due = .none
        sagas[slot].dueAt = .distantFuture
        _ = look(slot)
        tell(slot, .timePassed)
    }

    /// The monitor looks at a saga, and calls an operator once for each reason; the result is when something is due next.
    private mutating func look(_ slot: UInt32) -> Instant {
        let (alarms, due) = sagas.look(slot, at: port.now)
        guard !alarms.isEmpty else { return due }
        port.touched.insert(.sagas)
        port.note(
            .operatorCalled, .saga(sagas[slot].plan), why: .alarms(alarms), request: sagas[slot].request,
            cause: sagas[slot].cause)
        return due
    }

    /// A saga asks its service for a worker's time once more.
    mutating func askAgain(_ slot: UInt32) {
        sagas[slot].nextTurn = .none
        takeTurn(slot)
    }

    /// Does one thing that a saga has decided.
    private mutating func act(on event: Saga.Event, _ slot: UInt32) {
        switch event.what {
        case .stepRequested(let step, _), .undoRequested(let step, _):
            sagas[slot].unsent.insert(Int(step))
        case .stepDone(let step, let attempt, _):
            sagas[slot].unsent.remove(Int(step))
            note(saga: slot, .stepDone, .step(step, attempt: attempt))
        case .stepFailed(let step, _, let failure, let next):
            sagas[slot].unsent.remove(Int(step))
            noteFailure(slot, .stepFailed, step, failure, retryAt: next)
        case .undoDone(let step, let attempt):
            sagas[slot].unsent.remove(Int(step))
            note(saga: slot, .undoDone, .step(step, attempt: attempt))
        case .undoFailed(let step, _, let failure, let next, _):
            sagas[slot].unsent.remove(Int(step))
            noteFailure(slot, .undoFailed, step, failure, retryAt: next)
        case .turnedBack(let cause):
            sagas[slot].unsent = Saga.StepSet()
            note(saga: slot, .compensates, why(turnedBack: cause, slot))
        case .overdue:
            sagas.becameOverdue(slot)
            note(saga: slot, .overdue, .took(sagas.age(slot, at: port.now)))
        case .stepStalled(let step), .undoExhausted(let step, .waitsForOperator):
            note(saga: slot, .sagaStalled, .step(step, attempt: 0))
        case .stepSkipped(let step, _):
            sagas[slot].unsent.remove(Int(step))
            note(saga: slot, .stepSkipped, .step(step, attempt: 0))
        case .undoResolved(let step): note(saga: slot, .undoResolved, .step(step, attempt: 0))
        case .paused: note(saga: slot, .sagaPaused, .itself)
        case .resumed: note(saga: slot, .sagaResumed, .itself)
        case .recovered:
            sagas.wasRecovered(slot)
            note(saga: slot, .sagaRecovered, .itself)
        case .locked: note(saga: slot, .sagaLocked, .itself)
        case .started, .forked, .stepAdopted, .undoExhausted, .compensationRetried, .timeLimitPassed,
            .compensationOverdue, .ordered, .completed, .compensated, .compensationFailed, .killed:
            break
        }
    }

    /// An attempt has failed, and perhaps there is a next one. That a crash interrupted it was told before.
    private mutating func noteFailure(
        _ slot: UInt32, _ what: What, _ step: UInt8, _ failure: Saga.Failure, retryAt next: Instant?
    ) {
        guard failure.code != .interrupted else { return }
        note(saga: slot, what, .stepFailure(step, failure.simulated))
        if let next { note(saga: slot, .stepBacksOff, .delay(next - port.now)) }
    }

    private func why(turnedBack cause: Saga.Cause, _ slot: UInt32) -> Why {
        switch cause {
        case .stepFailed: .step(UInt8(clamping: sagas[slot].machine.failedStep ?? 0), attempt: 0)
        case .timeLimitPassed: .limit(sagas.timeLimit(slot) ?? .zero)
        case .cancelled, .lockRefused: .itself
        }
    }

    /// The saga is over. One that was over already, and was taken up again, has been answered.
    private mutating func end(_ slot: UInt32) {
        port.cancel(&sagas[slot].due)
        port.cancel(&sagas[slot].nextTurn)
        port.cancel(&sagas[slot].takeover)
        sagas[slot].unsent = Saga.StepSet()
        let took = sagas.age(slot, at: port.now)
        let outcome: Outcome
        switch sagas[slot].machine.phase {
        case .ended(.compensated):
            outcome = .failed(.compensated)
            note(saga: slot, .compensated, .took(took))
        case .ended(.compensationFailed(_, let left)):
            outcome = .failed(.leftUndone)
            note(saga: slot, .compensationFailed, .undone(UInt8(left.count), of: UInt8(sagas.undoCount(slot))))
        case .ended(.killed):
            outcome = .failed(.cancelled)
            note(saga: slot, .sagaKilled, .took(took))
        case .ended(.completed), .ready, .locking, .forward, .compensating:
            outcome = .ok
            note(saga: slot, .completed, .took(took))
        }
        sagas.close(slot, at: port.now)
        passLocksOn(slot)
        ledger.close(.saga(slot))
        if !sagas[slot].isAnswered { answer(slot, outcome, took: took) }
        port.touched.insert([.ledger, .sagas])
        if sagas.freeIfForgotten(slot) { idempotency.forget(.saga(slot)) }
    }

    private mutating func answer(_ slot: UInt32, _ outcome: Outcome, took: Duration) {
        sagas[slot].isAnswered = true
        answer(
            sagas[slot].asker, from: sagas[slot].load, sagas.operation(slot), outcome, took: took, slot: slot,
            cause: sagas[slot].cause)
    }

    /// Writes an entry about a saga; it becomes the cause of what the saga does next.
    mutating func note(saga slot: UInt32, _ what: What, _ why: Why) {
        sagas[slot].cause = port.note(
            what, .saga(sagas[slot].plan), why: why, request: sagas[slot].request, cause: sagas[slot].cause)
    }
}
