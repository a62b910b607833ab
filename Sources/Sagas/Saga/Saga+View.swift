public import Timeline

extension Saga {
    /// How a saga stands, in a word.
    public enum Phase: Hashable, Sendable {
        /// It has not been started.
        case ready
        /// It waits for its lock.
        case locking
        /// It goes forward.
        case forward
        /// It takes back.
        case compensating
        /// It is over.
        case ended(Ending)
    }

    /// How the saga stands.
    public var phase: Phase {
        switch course {
        case .ready: .ready
        case .locking: .locking
        case .forward: .forward
        case .back: .compensating
        case .completed: .ended(.completed(without: steps { $0.status == .failed || $0.status == .unknown }))
        case .compensated: .ended(.compensated(cause, byHand: steps { $0.status == .resolved }))
        case .compensationFailed: .ended(.compensationFailed(cause, notUndone: notUndone))
        case .killed: .ended(.killed(standing: steps { $0.mayStand }))
        }
    }

    /// Whether it is over. One whose compensation failed can be taken up again.
    @inlinable
    public var isOver: Bool {
        switch course {
        case .ready, .locking, .forward, .back: false
        case .completed, .compensated, .compensationFailed, .killed: true
        }
    }

    /// Whether it waits for its lock.
    @inlinable
    public var isLocking: Bool { course == .locking }

    /// Whether it has ended with something left that is not undone: work for a human.
    @inlinable
    public var compensationHasFailed: Bool { course == .compensationFailed }

    /// Whether an operator has ended it as it stood.
    @inlinable
    public var wasKilled: Bool { course == .killed }

    /// Whether it goes back, or went back until its end.
    @inlinable
    public var hasTurnedBack: Bool {
        switch course {
        case .back, .compensated, .compensationFailed: true
        case .ready, .locking, .forward, .completed, .killed: false
        }
    }

    /// Whether an operator has stopped it, or its recoveries have.
    @inlinable
    public var isStopped: Bool { isPaused }

    /// Whether something of it waits for an operator: a step, or an undo.
    @inline(__always)
    public var waitsForOperator: Bool {
        !isOver && (0..<records.count).contains { records[$0].stands(.stalled) || records[$0].stands(.undoStalled) }
    }

    /// When the saga was started; nil before.
    @inlinable
    public var startedAt: Instant? { course == .ready ? nil : startTime }

    /// When and why the saga turned back; nil as long as it goes forward.
    public var turnedBack: (at: Instant, because: Cause)? {
        hasTurnedBack ? (turnTime, cause) : nil
    }

    /// Since when it is paused; nil if it is not.
    public var pausedAt: Instant? { isPaused ? pauseTime : nil }

    /// Whether the time limit passed beyond the point of no return. Once overdue, always overdue.
    public var isOverdue: Bool { timeLimitState == .overdue }

    /// How often a call or an undo was made again, over all steps.
    public var retries: Int { Int(repeatedCalls) }

    /// How often it was read back after a crash, since an operator last looked at it.
    public var recoveredTimes: Int { Int(recoveries) }

    /// What went wrong last; nil if nothing has.
    public var lastError: StepError? { latestError }

    /// The saga that this one runs again, and how many steps it has taken over; nil if it is the first.
    public var rerunOf: UInt64? { origin == id ? nil : origin }

    /// The step whose failure turned it back, until an undo fails; nil if it was something else.
    public var failedStep: Int? {
        guard hasTurnedBack, cause == .stepFailed, let error = latestError, !error.isUndo else { return nil }
        return error.step
    }

    /// The last step that was called; nil before the start.
    public var furthestStep: Int? { (0..<records.count).last { records[$0].status != .pending } }
}

extension Saga {
    /// What has become of a step; the position must be one of the definition's.
    public func status(of step: Int) -> StepStatus { records[step].status }

    /// How often a step was called, or once the saga came to it, its undo.
    public func attempts(of step: Int) -> Int { Int(records[step].attempts) }

    /// Since when a step stands as it does.
    public func since(_ step: Int) -> Instant { records[step].since }

    /// When a step, or its undo, is called again; nil unless it waits for that.
    public func nextAttempt(of step: Int) -> Instant? {
        records[step].status.isBackingOff ? records[step].wakesAt : nil
    }

    /// What a step returned, once it was done; still there while it is undone.
    public func result(of step: Int, under definition: SagaDefinition) -> SagaValue? {
        guard records[step].has(.hasResult), let kind = definition.steps[step].result else { return nil }
        return SagaValue(records[step].word, as: kind)
    }

    /// The key that all attempts of a step, and its undo, carry.
    public func idempotencyKey(of step: Int) -> IdempotencyKey {
        IdempotencyKey(saga: records[step].has(.isAdopted) ? origin : id, step: step)
    }

    /// What a step is told when it is called: the values of its parameters, in order.
    public func arguments(of step: Int, under definition: SagaDefinition) -> [SagaValue?] {
        definition.sources[step].map { value(of: $0, definition) }
    }

    /// One of the values that a step is told, by the position of the parameter; without making a list of all of them.
    public func argument(_ parameter: Int, of step: Int, under definition: SagaDefinition) -> SagaValue? {
        value(of: definition.sources[step][parameter], definition)
    }

    /// One of the values that a step's undo is told.
    public func undoArgument(_ parameter: Int, of step: Int, under definition: SagaDefinition) -> SagaValue? {
        value(of: definition.undoSources[step][parameter], definition)
    }

    /// What a step's undo is told; nil where a step returned nothing that is known.
    public func undoArguments(of step: Int, under definition: SagaDefinition) -> [SagaValue?] {
        definition.undoSources[step].map { value(of: $0, definition) }
    }

    /// The steps whose undos are registered and have not been dealt with; in reverse order the last is undone first.
    public var undoStack: [Int] { (0..<records.count).filter { isOnUndoStack($0) } }

    /// How many undos are registered and have not been dealt with.
    public var undoStackDepth: Int { (0..<records.count).count { isOnUndoStack($0) } }

    private func isOnUndoStack(_ step: Int) -> Bool { awaitsUndo(step) || records[step].status.isBeingUndone }

    private func value(of source: ResolvedSource, _ definition: SagaDefinition) -> SagaValue? {
        switch source {
        case .constant(let value): value
        case .data(let field): data.value(of: field, under: definition)
        case .result(let step): result(of: step, under: definition)
        }
    }

    private func steps(where isOne: (StepRecord) -> Bool) -> StepSet {
        var steps = StepSet()
        for step in 0..<records.count where isOne(records[step]) { steps.insert(step) }
        return steps
    }
}

extension Saga.StepRecord {
    /// Whether it has happened, or may have, and has not been taken back.
    var mayStand: Bool {
        switch status {
        case .done, .unknown, .undoing, .undoBackingOff, .undoStalled, .undoFailed: true
        case .skipped, .failed: has(.mayHaveHappened)
        case .pending, .calling, .backingOff, .stalled, .undone, .resolved: false
        }
    }
}
