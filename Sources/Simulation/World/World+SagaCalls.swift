import Sagas
import Timeline

// The calls that sagas make, and what comes of them.

extension World {
    /// Asks for a worker of the home service, to make the calls that were decided.
    mutating func takeTurn(_ slot: UInt32) {
        sagas[slot].hasTurn = true
        var frame = Frame()
        frame.owner = .turn(saga: slot)
        frame.request = sagas[slot].request
        frame.errand = Errand(saga: .saga(slot), step: 0, kind: .detour)
        frame.cause = sagas[slot].cause
        frame.operation = UInt16(sagas.operation(slot))
        frame.flags = .isInternal
        frame.startedAt = port.now
        frame.attemptAt = port.now
        arrive(take(frame))
    }

    /// The worker has had its time: what was decided is carried out, as far as it still stands.
    mutating func turnTaken(_ slot: UInt32, _ settlement: Settlement) {
        guard !sagas[slot].machine.isOver, !sagas[slot].isDown else { return }
        guard settlement.outcome.isOK else {
            // A saga that was accepted is never dropped for lack of room: it asks again.
            sagas[slot].nextTurn = port.schedule(after: Self.turnRetry, .sagaAsksAgain(slot))
            return
        }
        sagas[slot].hasTurn = false
        let steps = sagas[slot].unsent
        sagas[slot].unsent = Saga.StepSet()
        let request = sagas[slot].request
        for step in steps.steps {
            // A call may come back at once, and end the saga.
            guard sagas[slot].request == request, !sagas[slot].isDown else { return }
            switch sagas[slot].machine.status(of: step) {
            case .calling: makeCall(slot, step, .act, on: sagas.action(slot, step: step))
            case .undoing:
                if let undo = sagas.undo(slot, step: step) { makeCall(slot, step, .undo, on: undo) }
            case .pending, .backingOff, .stalled, .done, .skipped, .failed, .unknown, .undoBackingOff, .undoStalled,
                .undone, .undoFailed, .resolved:
                continue
            }
            if faults.areActive, crashesAfterSending(slot, step) { return }
        }
    }

    private static let turnRetry = Duration.milliseconds(50)

    private mutating func makeCall(_ slot: UInt32, _ step: Int, _ kind: Errand.Kind, on call: CallPlan) {
        let attempt = sagas[slot].machine.attempts(of: step)
        let isUndo = kind == .undo
        let why = Why.step(UInt8(step), attempt: UInt16(clamping: attempt))
        note(saga: slot, isUndo ? .undoStarted : .stepStarted, why)
        var frame = Frame()
        frame.owner = .step(saga: slot, attempt: UInt32(clamping: attempt))
        frame.origin = UInt16(sagas[slot].load)
        frame.request = sagas[slot].request
        frame.errand = Errand(saga: .saga(slot), step: UInt8(step), kind: kind)
        frame.key = sagas[slot].key
        frame.amount = sagas.amount(slot, step: step, isUndo: isUndo)
        frame.written = sagas[slot].written
        frame.cause = sagas[slot].cause
        place(frame, on: call)
    }

    /// A call that the saga made has come back, perhaps too late to matter, or to nobody.
    mutating func stepReturned(
        _ slot: UInt32, _ errand: Errand, attempt: UInt32, _ settlement: Settlement, cause: EntryID
    ) {
        guard !sagas[slot].machine.isOver, !sagas[slot].isDown else { return }
        let (step, attempt) = (Int(errand.step), Int(attempt))
        let reply: Saga.Reply
        switch settlement.outcome {
        case .ok: reply = .success(errand.kind == .undo ? nil : sagas.result(slot, step: step))
        case .failed(let failure):
            // Who has voided a key refuses it for ever, whatever became of earlier attempts.
            let outcome: Saga.Outcome =
                failure == .voided ? .never : settlement.mayHaveHappened ? .unknown : .notExecuted
            let wait = settlement.retryAfter > .zero ? settlement.retryAfter : nil
            reply = .failure(Saga.Failure(failure, outcome), retryAfter: wait)
        }
        let input: Saga.Input =
            errand.kind == .undo
            ? .undoReplied(step: step, attempt: attempt, reply) : .stepReplied(step: step, attempt: attempt, reply)
        tell(slot, input, cause: cause)
    }
}

extension Saga.Failure {
    /// A call has failed in this way.
    init(_ failure: Failure, _ outcome: Saga.Outcome) {
        self.init(
            Saga.Code(rawValue: 16 + UInt16(failure.rawValue)), outcome, isRetryable: failure.isWorthAnotherAttempt)
    }

    /// The failure of the call behind it.
    var simulated: Failure {
        switch code {
        case .timedOut: .timedOut
        case .wrongResult: .invalid
        case .interrupted: .connectionLost
        default: Failure(rawValue: UInt8(clamping: Int(code.rawValue) - 16)) ?? .error
        }
    }
}

extension Failure {
    /// Whether a saga's step that failed so may succeed when it is called again.
    var isWorthAnotherAttempt: Bool {
        switch self {
        case .voided, .invalid, .soldOut: false
        default: true
        }
    }
}
