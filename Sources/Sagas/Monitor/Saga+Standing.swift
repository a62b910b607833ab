extension Saga {
    /// How a saga stands, in a word: finer than its ``Phase``, for lists and counts.
    public enum Standing: UInt8, Hashable, Sendable, CaseIterable {
        /// It has not been started.
        case ready
        /// It waits for its lock.
        case locking
        /// A step is being called.
        case running
        /// On its way forward it only waits for its next attempts.
        case backingOff
        /// Something of it waits for an operator: a step, an undo, or all of it because it was picked up after too many
        /// crashes.
        case waitingForOperator
        /// An operator has stopped it.
        case paused
        /// An undo is being called.
        case compensating
        /// On its way back it only waits for its next attempts.
        case compensationWaits
        /// It gets no further; see ``SagaMonitor``.
        case stuck
        /// All steps are done.
        case completed
        /// It is completed, and steps that it can do without were left out.
        case leftStepsOut
        /// All that was done is taken back.
        case compensated
        /// All that was done is taken back, some of it by an operator's hand.
        case compensatedByHand
        /// Not all that was done could be taken back.
        case compensationFailed
        /// An operator ended it as it stood.
        case killed
    }

    /// How the saga stands. Whether it is stuck depends on the time: ``SagaMonitor/standing(of:_:under:)``.
    public func standing(under definition: SagaDefinition) -> Standing {
        let seen = statuses
        switch course {
        case .ready: return .ready
        case .completed: return seen.contains(.failed) || seen.contains(.unknown) ? .leftStepsOut : .completed
        case .compensated: return seen.contains(.resolved) ? .compensatedByHand : .compensated
        case .compensationFailed: return .compensationFailed
        case .killed: return .killed
        case .locking, .forward, .back: break
        }
        if isPaused { return isHeld(under: definition) ? .waitingForOperator : .paused }
        if course == .locking { return .locking }
        if seen.contains(.stalled) || seen.contains(.undoStalled) { return .waitingForOperator }
        if course == .back {
            return seen.contains(.undoBackingOff) && !seen.contains(.undoing) ? .compensationWaits : .compensating
        }
        return seen.contains(.backingOff) && !seen.contains(.calling) ? .backingOff : .running
    }

    /// Whether it is paused because it was picked up after more crashes than its definition allows.
    func isHeld(under definition: SagaDefinition) -> Bool {
        isPaused && !isOver && Int(recoveries) > definition.maximumRecoveries
    }

    /// What has become of its steps, in one look at each.
    private var statuses: StatusSet {
        var set = StatusSet()
        for step in 0..<records.count { set.insert(records[step].status) }
        return set
    }

    /// Some of the fourteen statuses, as bits.
    private struct StatusSet {
        private var bits: UInt16 = 0

        mutating func insert(_ status: StepStatus) { bits |= 1 << UInt16(status.rawValue) }

        func contains(_ status: StepStatus) -> Bool { bits & 1 << UInt16(status.rawValue) != 0 }
    }
}
