public import Timeline

extension Saga {
    /// Why a saga cannot be run again from a step on; nil if it can.
    ///
    /// It must have ended, all steps before must stand, and none from there on that has an undo or decides: it would
    /// happen twice. What a step without an undo does is done again.
    public func rerunRefusal(from step: Int, under definition: SagaDefinition) -> OrderRefusal? {
        guard definition.has(step) else { return .noSuchStep(step) }
        guard isOver else { return .notEnded }
        for earlier in definition.steps.indices.prefix(step) {
            let isLeftOut = !definition.steps[earlier].isCritical && records[earlier].status == .failed
            let isDone = records[earlier].status == .done || records[earlier].status == .skipped
            guard isDone || isLeftOut else { return .notDone(step: definition.steps[earlier].name) }
        }
        let undoable = definition.steps.indices.prefix(step).filter { definition.steps[$0].undo != nil }
        if let other = undoable.first(where: { isAdopted($0) != isAdopted(undoable[0]) }) {
            return .severalRuns(step: definition.steps[other].name)
        }
        for later in definition.steps.indices.dropFirst(step) {
            let each = definition.steps[later]
            switch records[later].status {
            case .pending, .failed, .undone, .resolved: continue
            case .calling, .backingOff, .stalled, .done, .skipped, .unknown, .undoing, .undoBackingOff, .undoStalled,
                .undoFailed:
                if each.undo != nil || each.isPivot { return .wouldRepeat(step: each.name) }
            }
        }
        return nil
    }

    /// Whether a step was done by the saga that this one runs again.
    private func isAdopted(_ step: Int) -> Bool { records[step].has(.isAdopted) }

    /// The saga once more, from a step on: a new one that builds on what this one has done before.
    ///
    /// The earlier steps keep their idempotency keys, so that their undos find what they did. Source: DBOS,
    /// `fork_workflow`; Conductor's rerun.
    /// - Parameters:
    ///   - step: the position of the first step to call, or the first of its group.
    ///   - id: the new saga's.
    ///   - events: where what the new saga decides is appended.
    /// - Throws: ``rerunRefusal(from:under:)`` if there is one.
    public func rerun(
        from step: Int, as id: UInt64, at now: Instant, under definition: SagaDefinition, into events: inout [Event]
    ) throws(OrderRefusal) -> Saga {
        let first = definition.stages.first { $0.contains(step) }?.lowerBound ?? step
        if let refusal = rerunRefusal(from: first, under: definition) { throw refusal }
        var saga = Saga(id: id, data: data)
        let adopts = definition.steps.indices.prefix(first).contains { isAdopted($0) }
        saga.emit(.forked(of: adopts ? origin : self.id), at: now, definition, &events)
        for earlier in 0..<first {
            let result = result(of: earlier, under: definition)
            switch records[earlier].status {
            case .skipped, .failed: saga.emit(.stepSkipped(step: UInt8(earlier), result), at: now, definition, &events)
            default: saga.emit(.stepAdopted(step: UInt8(earlier), result), at: now, definition, &events)
            }
        }
        saga.emit(.started, at: now, definition, &events)
        saga.settle(at: now, definition, &events)
        return saga
    }
}
