import Sagas
import Timeline

// Crashes of what drives sagas, each at a point where something could be lost; and how they are taken over.

extension World {
    /// The fault by which an orchestrator crashes over what a saga has decided, before it is stored; what is lost is taken
    /// away. Nil if it does not crash.
    mutating func crashBeforeStoring(_ decided: inout [Saga.Event], _ slot: UInt32) -> Int? {
        for (place, event) in decided.enumerated() {
            if let (step, isUndo) = event.reply,
                let fault = crash(at: isUndo ? .beforeUndoReply : .beforeReply, step, slot)
            {
                decided.removeAll()
                return fault
            }
            if let (step, isUndo) = event.request,
                let fault = crash(at: isUndo ? .beforeUndoIntent : .beforeIntent, step, slot)
            {
                decided.removeSubrange(place...)
                return fault
            }
        }
        return nil
    }

    /// The fault by which an orchestrator crashes when what a saga has decided is stored, before it is carried out.
    mutating func crashBeforeSending(_ decided: [Saga.Event], _ slot: UInt32) -> Int? {
        for event in decided {
            guard let (step, isUndo) = event.request else { continue }
            if let fault = crash(at: isUndo ? .afterUndoIntent : .afterIntent, step, slot) { return fault }
        }
        return nil
    }

    /// Whether the orchestrator crashes when it has just made a call.
    mutating func crashesAfterSending(_ slot: UInt32, _ step: Int) -> Bool {
        guard sagas[slot].request != 0, !sagas[slot].machine.isOver, !sagas[slot].isDown else { return true }
        let point: CrashPoint = sagas[slot].machine.hasTurnedBack ? .afterUndoSend : .afterSend
        guard let fault = crash(at: point, step, slot) else { return false }
        orchestratorCrashed(slot, by: fault)
        return true
    }

    private mutating func crash(at point: CrashPoint, _ step: Int, _ slot: UInt32) -> Int? {
        faults.interrupts(at: point, step: step, ofSaga: Int(sagas[slot].plan))
    }

    /// The orchestrator of one saga crashes by a fault.
    mutating func orchestratorCrashed(_ slot: UInt32, by fault: Int) {
        interrupt(slot, cause: faults.faults[fault].entry)
        sagas[slot].takeover = port.schedule(after: sagas.takeover(slot), .sagaTakenOver(slot))
    }

    /// The service crashes whose workers drive these sagas.
    mutating func interruptSagas(home service: Int, cause: EntryID) {
        for slot in sagas.liveSlots where sagas.home(slot) == service && !sagas[slot].isDown {
            interrupt(slot, cause: cause)
        }
    }

    /// The service is back whose workers drive these sagas: they are read back, and go on.
    mutating func takeOverSagas(home service: Int) {
        for slot in sagas.liveSlots where sagas.home(slot) == service && sagas[slot].isDown {
            if sagas[slot].takeover == .none { takeOver(slot) }
        }
    }

    /// All that was not stored is lost: what had been decided, who was waited for, and every timer.
    private mutating func interrupt(_ slot: UInt32, cause: EntryID) {
        port.cancel(&sagas[slot].due)
        port.cancel(&sagas[slot].nextTurn)
        sagas[slot].dueAt = .distantFuture
        sagas[slot].unsent = Saga.StepSet()
        (sagas[slot].hasTurn, sagas[slot].isDown) = (false, true)
        sagas.readBack(slot)
        sagas.count(slot)
        sagas.countAttention(slot)
        sagas[slot].cause = cause
        note(saga: slot, .sagaInterrupted, .itself)
    }

    /// Whether the workers are down that drive the sagas of a service.
    private func isHomeDown(_ service: Int) -> Bool { services.isDown(services.stations(of: service).lowerBound) }

    /// Another orchestrator takes a saga over, once its service is there.
    mutating func takeOver(_ slot: UInt32) {
        sagas[slot].takeover = .none
        guard sagas[slot].request != 0, sagas[slot].isDown, !isHomeDown(sagas.home(slot))
        else { return }
        sagas[slot].isDown = false
        tell(slot, sagas[slot].tape.count == 0 ? .start : .recovered)
    }
}

extension Saga.Event {
    /// The step that it asks for, or the undo.
    fileprivate var request: (step: Int, isUndo: Bool)? {
        switch what {
        case .stepRequested(let step, _): (Int(step), false)
        case .undoRequested(let step, _): (Int(step), true)
        default: nil
        }
    }

    /// The step whose reply it takes in, or the undo.
    fileprivate var reply: (step: Int, isUndo: Bool)? {
        switch what {
        case .stepDone(let step, _, _): (Int(step), false)
        case .stepFailed(let step, _, let failure, _) where failure.code != .interrupted: (Int(step), false)
        case .undoDone(let step, _): (Int(step), true)
        case .undoFailed(let step, _, let failure, _, _) where failure.code != .interrupted: (Int(step), true)
        default: nil
        }
    }
}
