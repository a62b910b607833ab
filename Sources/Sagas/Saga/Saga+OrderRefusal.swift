extension Saga {
    /// Why an order cannot be obeyed; its description is one line for the operator.
    public enum OrderRefusal: Error, Hashable, Sendable {
        /// The pivot is being called: whether the saga can turn back is known once it has replied.
        case pivotOutstanding(step: String)
        /// The saga can only go forward from this step on.
        case beyondPointOfNoReturn(step: String)
        /// The saga is on its way back already.
        case alreadyCompensating
        /// The saga is over.
        case alreadyEnded
        /// The saga has not been started.
        case notStarted
        /// It is paused.
        case alreadyPaused
        /// It is not paused.
        case notPaused
        /// Nothing waits for its next attempt: this step's reply is waited for, or with nil nothing at all.
        case nothingToRetry(calling: String?)
        /// There is no such step.
        case noSuchStep(Int)
        /// The saga would be past its point of no return while steps before it are still to be done.
        case tooEarly(step: String)
        /// The step has been done.
        case alreadyDone(step: String)
        /// The step returns another kind of value; nil for none.
        case wrongResult(step: String, expected: SagaValue.Kind?)
        /// Nothing has been given up.
        case nothingUndoFailed
        /// It has not ended: cancel or kill it first.
        case notEnded
        /// This step has been taken back, and cannot be built on.
        case notDone(step: String)
        /// This saga is a second run itself, and this step was not done in the same run as those before it.
        case severalRuns(step: String)
        /// This step stands, and would happen twice.
        case wouldRepeat(step: String)
    }

    /// Why an order cannot be obeyed, or not now; nil if it can.
    public func refusal(of order: Order, under definition: SagaDefinition) -> OrderRefusal? {
        switch order {
        case .retryCompensation: return hasGivenUpUndos ? nil : .nothingUndoFailed
        case .markResolved: return hasGivenUpUndos ? nil : .nothingUndoFailed
        case .retryNow, .skip, .pause, .resume, .cancel, .kill: break
        }
        switch course {
        case .completed, .compensated, .compensationFailed, .killed: return .alreadyEnded
        case .ready, .locking, .forward, .back: break
        }
        switch order {
        case .retryNow: return retryRefusal(under: definition)
        case .skip(let step, let result): return skipRefusal(step, result, definition)
        case .pause: return isPaused ? .alreadyPaused : course == .ready ? .notStarted : nil
        case .resume: return isPaused ? nil : .notPaused
        case .cancel: return cancelRefusal(under: definition)
        case .kill: return course == .ready ? .notStarted : nil
        case .retryCompensation, .markResolved: return nil
        }
    }

    /// Whether some undo waits for an operator, is given up, or found no time.
    private var hasGivenUpUndos: Bool {
        compensationHasFailed
            || (0..<records.count).contains { records[$0].status == .undoStalled || records[$0].status == .undoFailed }
    }

    private func retryRefusal(under definition: SagaDefinition) -> OrderRefusal? {
        if isPaused { return .alreadyPaused }
        let steps = definition.steps.indices
        if steps.contains(where: { records[$0].status.isBackingOff || records[$0].status.waitsForOperator }) {
            return nil
        }
        let called = steps.first { records[$0].status == .calling || records[$0].status == .undoing }
        return .nothingToRetry(calling: called.map { definition.steps[$0].name })
    }

    private func skipRefusal(_ step: Int, _ result: SagaValue?, _ definition: SagaDefinition) -> OrderRefusal? {
        guard definition.has(step) else { return .noSuchStep(step) }
        let each = definition.steps[step]
        switch course {
        case .ready, .locking: return .notStarted
        case .back: return .alreadyCompensating
        case .forward, .completed, .compensated, .compensationFailed, .killed: break
        }
        if each.kind != .compensatable, !isDue(step, definition) { return .tooEarly(step: each.name) }
        switch records[step].status {
        case .pending, .calling, .backingOff, .stalled: break
        case .done, .skipped, .failed, .unknown, .undoing, .undoBackingOff, .undoStalled, .undone, .undoFailed,
            .resolved:
            return .alreadyDone(step: each.name)
        }
        return result?.kind == each.result ? nil : .wrongResult(step: each.name, expected: each.result)
    }

    /// Whether all that comes before a step is settled.
    private func isDue(_ step: Int, _ definition: SagaDefinition) -> Bool {
        let settled = settledStages(definition)
        return settled >= definition.stages.count || definition.stages[settled].lowerBound >= step
            || definition.stages[settled].contains(step)
    }

    private func cancelRefusal(under definition: SagaDefinition) -> OrderRefusal? {
        if course == .back { return .alreadyCompensating }
        let name = definition.pointOfNoReturn.map { definition.steps[$0.step].name } ?? ""
        return switch position(under: definition) {
        case .before: nil
        case .inDoubt: .pivotOutstanding(step: name)
        case .beyond: .beyondPointOfNoReturn(step: name)
        }
    }
}

extension Saga.OrderRefusal: CustomStringConvertible {
    /// The reason, and what can be done.
    public var description: String {
        switch self {
        case .pivotOutstanding(let step): "the pivot \(step) is being called; try again once it has replied"
        case .beyondPointOfNoReturn(let step): "the saga has passed its point of no return, \(step)"
        case .alreadyCompensating: "the saga is compensating already"
        case .alreadyEnded: "the saga has ended"
        case .notStarted: "the saga has not begun its first step"
        case .alreadyPaused: "the saga is paused; resume it"
        case .notPaused: "the saga is not paused"
        case .nothingToRetry(.some(let step)): "nothing waits to be tried again: \(step) is being called"
        case .nothingToRetry(nil): "nothing waits to be tried again"
        case .noSuchStep(let step): "there is no step \(step + 1)"
        case .tooEarly(let step): "the steps before \(step) are not done; skip those first"
        case .alreadyDone(let step): "\(step) has been dealt with already"
        case .wrongResult(let step, .some(let kind)): "\(step) returns \(kind.words); give one"
        case .wrongResult(let step, nil): "\(step) returns nothing; give no result"
        case .nothingUndoFailed: "no undo has been given up"
        case .notEnded: "the saga has not ended; cancel or kill it first"
        case .notDone(let step): "\(step) was not done, or was taken back; run the saga again from there or before"
        case .severalRuns(let step):
            "\(step) was done in another run than the steps before it; run the saga again from there or before"
        case .wouldRepeat(let step): "\(step) stands, and would happen twice; take it back first"
        }
    }
}
