extension Saga {
    /// How a saga stands, in a word: finer than its ``Phase``, for lists, counts and orders to many.
    ///
    /// It says what a saga does or how it has ended; that it takes too long is an alarm of its ``SagaMonitor``.
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

        /// Whether the saga is over.
        public var isOver: Bool {
            switch self {
            case .completed, .leftStepsOut, .compensated, .compensatedByHand, .compensationFailed, .killed: true
            case .ready, .locking, .running, .backingOff, .waitingForOperator, .paused, .compensating,
                .compensationWaits:
                false
            }
        }

        /// Whether all that it waits for is the time of its next attempts.
        public var isBackingOff: Bool { self == .backingOff || self == .compensationWaits }

        /// Whether it gets no further without an operator, or has ended with something that is left for one to do.
        public var needsOperator: Bool {
            self == .waitingForOperator || self == .paused || self == .compensationFailed
        }
    }

    /// How the saga stands.
    public func standing(under definition: SagaDefinition) -> Standing {
        glance(maximumRecoveries: definition.maximumRecoveries).standing
    }

    /// How the saga stands, and at which step: the first that is called, undone or waits, or else the last that was
    /// called, or else the first; for lists of very many, in one look at each step.
    /// - Parameter maximumRecoveries: its definition's, so that nobody has to hand that over for it.
    public func glance(maximumRecoveries: Int) -> (standing: Standing, step: Int) {
        var (seen, present, furthest) = (StatusSet(), Int?.none, 0)
        for step in 0..<records.count {
            let status = records[step].status
            seen.insert(status)
            if status != .pending { furthest = step }
            if present == nil, status.isUnderWay { present = step }
        }
        return (standing(seen, maximumRecoveries), present ?? furthest)
    }

    @inline(__always)
    private func standing(_ seen: StatusSet, _ maximumRecoveries: Int) -> Standing {
        switch course {
        case .ready: return .ready
        case .completed: return seen.contains(.failed) || seen.contains(.unknown) ? .leftStepsOut : .completed
        case .compensated: return seen.contains(.resolved) ? .compensatedByHand : .compensated
        case .compensationFailed: return .compensationFailed
        case .killed: return .killed
        case .locking, .forward, .back: break
        }
        if isPaused { return Int(recoveries) > maximumRecoveries ? .waitingForOperator : .paused }
        if course == .locking { return .locking }
        if seen.contains(.stalled) || seen.contains(.undoStalled) { return .waitingForOperator }
        if course == .back {
            return seen.contains(.undoBackingOff) && !seen.contains(.undoing) ? .compensationWaits : .compensating
        }
        return seen.contains(.backingOff) && !seen.contains(.calling) ? .backingOff : .running
    }

    /// Whether its ``Standing/needsOperator``, for who does not want to know how it stands.
    public var needsOperator: Bool { isPaused || compensationHasFailed || waitsForOperator }

    /// Whether it is paused because it was picked up after more crashes than its definition allows.
    func isHeld(under definition: SagaDefinition) -> Bool {
        isPaused && !isOver && Int(recoveries) > definition.maximumRecoveries
    }

    /// Some of the fourteen statuses, as bits.
    private struct StatusSet {
        private var bits: UInt16 = 0

        mutating func insert(_ status: StepStatus) { bits |= 1 << UInt16(status.rawValue) }

        func contains(_ status: StepStatus) -> Bool { bits & 1 << UInt16(status.rawValue) != 0 }
    }
}

extension Saga.StepStatus {
    /// Whether the step, or its undo, is called or waits.
    fileprivate var isUnderWay: Bool {
        switch self {
        case .calling, .backingOff, .stalled, .undoing, .undoBackingOff, .undoStalled: true
        case .pending, .done, .skipped, .failed, .unknown, .undone, .undoFailed, .resolved: false
        }
    }
}

extension Saga.Standing: CustomStringConvertible {
    /// In words: `compensating, waiting to try again`.
    public var description: String {
        switch self {
        case .ready: "not started"
        case .locking: "waiting for its lock"
        case .running: "running"
        case .backingOff: "waiting to try again"
        case .waitingForOperator: "waiting for an operator"
        case .paused: "paused"
        case .compensating: "compensating"
        case .compensationWaits: "compensating, waiting to try again"
        case .completed: "completed"
        case .leftStepsOut: "completed without some steps"
        case .compensated: "compensated"
        case .compensatedByHand: "compensated by hand"
        case .compensationFailed: "compensation failed"
        case .killed: "killed"
        }
    }
}
