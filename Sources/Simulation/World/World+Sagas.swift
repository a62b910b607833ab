import Sagas
import Timeline

// The way of a saga: its machine decides, a worker of its home service carries the decision out.

extension World {
    /// A saga is asked for from outside.
    mutating func startSaga(_ plan: Int, from load: UInt32, key: UInt32) {
        let request = nextRequest()
        let operation = UInt16(sagas.operation(ofPlan: plan))
        meters.begin(load: load)
        meters.begin(operation: operation)
        let arrival = port.note(.arrived, .load(UInt16(load)), request: request)
        guard sagas.hasRoom else {
            port.note(.outOfRoom, .system, why: .count(UInt32(sagas.live)), request: request, cause: arrival)
            meters.end(operation: operation, .failed(.outOfRoom), took: .zero)
            meters.end(load: load, .failed(.outOfRoom), took: .zero)
            loads.answered(load, &port)
            return
        }
        let cause = port.note(.sagaStarted, .saga(UInt16(plan)), request: request, cause: arrival)
        let slot = sagas.open(plan: plan, request: request, load: load, key: key, cause: cause)
        ledger.open(saga: slot, request: request, amount: sagas[slot].machine.amountInCents)
        port.touched.insert(.sagas)
        let now = port.now
        let directive = sagas.decide(slot) { saga, definition, _ in saga.start(at: now, under: definition) }
        setDeadline(slot)
        follow(slot, directive)
    }

    /// Sets the timer of the time limit that the saga is under now, that of the whole or that of turning back.
    mutating func setDeadline(_ slot: UInt32) {
        port.cancel(&sagas[slot].deadline)
        guard let (due, event) = sagas.nextDeadline(slot) else { return }
        sagas[slot].deadline = port.agenda.schedule(event, at: max(due, port.now))
    }

    /// The wait of a saga is over.
    mutating func resume(saga slot: UInt32) {
        let now = port.now
        sagas[slot].resumption = .none
        follow(slot, sagas.decide(slot) { saga, definition, _ in saga.resume(at: now, under: definition) })
    }

    /// The time limit of the whole has passed.
    mutating func deadlinePassed(_ slot: UInt32) {
        let now = port.now
        sagas[slot].deadline = .none
        follow(slot, sagas.decide(slot) { saga, definition, _ in saga.deadlinePassed(at: now, under: definition) })
    }

    /// The time limit of turning back has passed.
    mutating func compensationDeadlinePassed(_ slot: UInt32) {
        let now = port.now
        sagas[slot].deadline = .none
        follow(
            slot,
            sagas.decide(slot) { saga, definition, _ in saga.compensationDeadlinePassed(at: now, under: definition) })
    }

    /// The attempt that a saga waits for has taken too long.
    mutating func attemptLimitPassed(_ slot: UInt32) {
        sagas[slot].attemptLimit = .none
        giveUpAttempt(slot)
    }

    /// A saga asks its service for a worker's time once more.
    mutating func askAgain(_ slot: UInt32) {
        sagas[slot].nextTurn = .none
        takeTurn(slot)
    }

    /// Does what the machine says.
    private mutating func follow(_ slot: UInt32, _ directive: Saga.Directive) {
        noteTurningPoints(slot)
        switch directive {
        case .none:
            return
        case .call, .undo:
            port.cancel(&sagas[slot].resumption)
            sagas[slot].pending = directive
            if !sagas[slot].hasTurn { takeTurn(slot) }
        case .wait(let until):
            sagas[slot].pending = .none
            note(slot, .stepBacksOff, .delay(until - port.now))
            port.cancel(&sagas[slot].resumption)
            sagas[slot].resumption = port.agenda.schedule(.sagaResumes(slot), at: max(until, port.now))
        case .ended(let ending):
            end(slot, ending)
        }
    }

    /// Tells when a saga has turned back or become overdue.
    private mutating func noteTurningPoints(_ slot: UInt32) {
        if let (_, because) = sagas[slot].machine.turnedBack, !sagas[slot].isCompensating {
            port.cancel(&sagas[slot].attemptLimit)
            sagas.turnedBack(slot)
            setDeadline(slot)
            note(slot, .compensates, why(turnedBack: because, slot))
        }
        if sagas[slot].machine.isOverdue, !sagas[slot].isOverdue {
            sagas.becameOverdue(slot)
            note(slot, .overdue, .took(sagas.age(slot, at: port.now)))
        }
        port.touched.insert(.sagas)
    }

    private func why(turnedBack cause: Saga.Cause, _ slot: UInt32) -> Why {
        switch cause {
        case .stepFailed:
            .step(UInt8(clamping: sagas[slot].machine.furthestStep ?? 0), attempt: 0)
        case .timeLimitPassed:
            .limit(sagas.timeLimit(slot) ?? .zero)
        case .cancelled:
            .itself
        }
    }

    /// Asks for a worker of the home service, to start or end a call.
    private mutating func takeTurn(_ slot: UInt32) {
        sagas[slot].hasTurn = true
        var frame = Frame()
        frame.owner = .turn(saga: slot)
        frame.request = sagas[slot].request
        frame.errand = Errand(saga: slot, step: 0, kind: .detour)
        frame.cause = sagas[slot].cause
        frame.operation = UInt16(sagas.operation(ofPlan: Int(sagas[slot].plan)))
        frame.flags = .isInternal
        frame.startedAt = port.now
        frame.attemptAt = port.now
        arrive(take(frame))
    }

    /// The worker has had its time: the decision is carried out, if it still stands.
    mutating func turnTaken(_ slot: UInt32, _ settlement: Settlement, cause: EntryID) {
        guard !sagas[slot].isEnded else { return }
        guard settlement.outcome.isOK else {
            // A saga that was accepted is never dropped for lack of room: it asks again.
            sagas[slot].nextTurn = port.schedule(after: Self.turnRetry, .sagaAsksAgain(slot))
            return
        }
        sagas[slot].hasTurn = false
        let directive = sagas[slot].pending
        sagas[slot].pending = .none
        switch directive {
        case .call(let step, let attempt): makeCall(slot, step, attempt)
        case .undo(let step, let attempt): makeUndo(slot, step, attempt)
        case .wait, .ended, .none: break
        }
    }

    private static let turnRetry = Duration.milliseconds(50)

    private mutating func makeCall(_ slot: UInt32, _ step: Int, _ attempt: Int) {
        note(slot, .stepStarted, .step(UInt8(step), attempt: UInt16(clamping: attempt)))
        watchAttempt(slot, step)
        place(errandFrame(slot, step, attempt, .act), on: sagas.action(slot, step: step))
    }

    private mutating func makeUndo(_ slot: UInt32, _ step: Int, _ attempt: Int) {
        note(slot, .undoStarted, .step(UInt8(step), attempt: UInt16(clamping: attempt)))
        watchAttempt(slot, step)
        guard let undo = sagas.undo(slot, step: step) else {
            preconditionFailure("an undo is asked for only where there is one")
        }
        place(errandFrame(slot, step, attempt, .undo), on: undo)
    }

    private mutating func watchAttempt(_ slot: UInt32, _ step: Int) {
        guard let limit = sagas.attemptLimit(slot, step: step) else { return }
        sagas[slot].attemptLimit = port.schedule(after: limit, .sagaAttemptLimit(slot))
    }

    private func errandFrame(_ slot: UInt32, _ step: Int, _ attempt: Int, _ kind: Errand.Kind) -> Frame {
        var frame = Frame()
        frame.owner = .step(saga: slot, attempt: UInt32(clamping: attempt))
        frame.origin = UInt16(sagas[slot].load)
        frame.request = sagas[slot].request
        frame.errand = Errand(saga: slot, step: UInt8(step), kind: kind)
        frame.key = sagas[slot].machine.key
        frame.amount = sagas[slot].machine.amountInCents
        frame.written = sagas[slot].written
        frame.cause = sagas[slot].cause
        return frame
    }

    /// An attempt has taken too long: whether it happens, nobody knows.
    private mutating func giveUpAttempt(_ slot: UInt32) {
        switch sagas[slot].machine.phase {
        case .running(let step, let attempt):
            let errand = Errand(saga: slot, step: UInt8(step), kind: .act)
            report(slot, errand, attempt, Settlement(.failed(.timedOut)))
        case .compensating(let step, let attempt):
            let errand = Errand(saga: slot, step: UInt8(step), kind: .undo)
            report(slot, errand, attempt, Settlement(.failed(.timedOut)))
        case .ready, .backingOff, .compensationBackingOff, .ended:
            break
        }
    }

    /// A call that the saga made has come back, perhaps too late to matter.
    mutating func stepReturned(
        _ slot: UInt32, _ errand: Errand, attempt: UInt32, _ settlement: Settlement, cause: EntryID
    ) {
        guard !sagas[slot].isEnded else { return }
        if awaits(slot, errand, attempt: Int(attempt)) {
            sagas[slot].cause = cause
            port.cancel(&sagas[slot].attemptLimit)
        }
        report(slot, errand, Int(attempt), settlement)
    }

    /// Whether this is the call that the saga waits for now. Part of its callers, since else the whole world is copied.
    @inline(__always)
    private func awaits(_ slot: UInt32, _ errand: Errand, attempt: Int) -> Bool {
        switch sagas[slot].machine.phase {
        case .running(let step, let current):
            errand.kind == .act && errand.step == UInt8(step) && current == attempt
        case .compensating(let step, let current):
            errand.kind == .undo && errand.step == UInt8(step) && current == attempt
        case .ready, .backingOff, .compensationBackingOff, .ended:
            false
        }
    }

    /// Tells the machine how an attempt went.
    private mutating func report(_ slot: UInt32, _ errand: Errand, _ attempt: Int, _ settlement: Settlement) {
        let now = port.now
        let isUndo = errand.kind == .undo
        let isCurrent = awaits(slot, errand, attempt: attempt)
        let reply: Saga.Reply
        switch settlement.outcome {
        case .ok:
            reply = .success(result: sagas[slot].machine.amountInCents)
            if isCurrent {
                note(slot, isUndo ? .undoDone : .stepDone, .step(errand.step, attempt: UInt16(clamping: attempt)))
            }
        case .failed(let failure):
            let wait = settlement.retryAfter > .zero ? settlement.retryAfter : nil
            reply = .failure(retryAfter: wait, outcome: settlement.mayHaveHappened ? .unknown : .notExecuted)
            if isCurrent { note(slot, isUndo ? .undoFailed : .stepFailed, .stepFailure(errand.step, failure)) }
        }
        let step = Int(errand.step)
        let directive = sagas.decide(slot) { saga, definition, random in
            isUndo
                ? saga.undoReplied(
                    step: step, attempt: attempt, reply: reply, at: now, under: definition, using: &random)
                : saga.stepReplied(
                    step: step, attempt: attempt, reply: reply, at: now, under: definition, using: &random)
        }
        follow(slot, directive)
    }

    private mutating func end(_ slot: UInt32, _ ending: Saga.Ending) {
        port.cancel(&sagas[slot].deadline)
        port.cancel(&sagas[slot].attemptLimit)
        port.cancel(&sagas[slot].resumption)
        port.cancel(&sagas[slot].nextTurn)
        let took = sagas.age(slot, at: port.now)
        let outcome: Outcome
        switch ending {
        case .completed:
            outcome = .ok
            note(slot, .completed, .took(took))
        case .compensated:
            outcome = .failed(.compensated)
            note(slot, .compensated, .took(took))
        case .compensationFailed(_, let left):
            outcome = .failed(.leftUndone)
            let all = UInt8(sagas.undoCount(slot))
            note(slot, .compensationFailed, .undone(UInt8(left.count), of: all))
        }
        let load = sagas[slot].load
        meters.end(operation: UInt16(sagas.operation(ofPlan: Int(sagas[slot].plan))), outcome, took: took)
        meters.end(load: load, outcome, took: took)
        port.sign(outcome, slot)
        ledger.close(saga: slot)
        port.touched.insert([.ledger, .sagas])
        sagas.close(slot, ending, at: port.now)
        if sagas.freeIfForgotten(slot) { idempotency.forget(saga: slot) }
        loads.answered(load, &port)
    }

    /// Writes an entry about a saga; it becomes the cause of what the saga does next.
    private mutating func note(_ slot: UInt32, _ what: What, _ why: Why) {
        sagas[slot].cause = port.note(
            what, .saga(sagas[slot].plan), why: why, request: sagas[slot].request, cause: sagas[slot].cause)
    }
}
