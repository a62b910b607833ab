public import Timeline

extension Saga {
    /// What a saga is doing.
    public enum Phase: Hashable, Sendable {
        /// It has not been started.
        case ready
        /// It waits for a reply of the step.
        case running(step: Int, attempt: Int)
        /// That attempt of the step has failed, and the next is due then.
        case backingOff(step: Int, attempt: Int, until: Instant)
        /// It waits for a reply of the step's undo.
        case compensating(step: Int, attempt: Int)
        /// That attempt of the step's undo has failed, and the next is due then.
        case compensationBackingOff(step: Int, attempt: Int, until: Instant)
        /// It is over.
        case ended(Ending)
    }

    /// What a saga waits for.
    public enum Wait: Hashable, Sendable {
        /// Its start.
        case start
        /// A reply of the step.
        case reply(step: Int)
        /// A reply of the step's undo.
        case undoReply(step: Int)
        /// Time, until this moment.
        case time(until: Instant)
        /// Nothing any more.
        case nothing
    }

    /// What has become of a step.
    public enum StepStatus: Hashable, Sendable, CaseIterable {
        /// Not called yet.
        case pending
        /// Called, or waiting to be called again.
        case running
        /// Done.
        case done
        /// Not done, and its undo has not been called.
        case failed
        /// Perhaps done, and its undo has not been called.
        case unknown
        /// Its undo is called, or waits to be called again.
        case undoing
        /// Taken back, or known never to happen.
        case undone
        /// Its undo was called and is not known to have succeeded.
        case undoFailed
    }

    /// What the saga is doing.
    public var phase: Phase {
        switch activity {
        case .ready: .ready
        case .calling(let step): .running(step: Int(step), attempt: attempts(of: Int(step)))
        case .backingOff(let until, let step):
            .backingOff(step: Int(step), attempt: attempts(of: Int(step)), until: until)
        case .undoing(let step): .compensating(step: Int(step), attempt: attempts(of: Int(step)))
        case .undoBackingOff(let until, let step):
            .compensationBackingOff(step: Int(step), attempt: attempts(of: Int(step)), until: until)
        case .completed: .ended(.completed)
        case .compensationOver: .ended(compensationEnding)
        }
    }

    /// What the saga waits for.
    public var waitsFor: Wait {
        switch activity {
        case .ready: .start
        case .calling(let step): .reply(step: Int(step))
        case .undoing(let step): .undoReply(step: Int(step))
        case .backingOff(let until, _), .undoBackingOff(let until, _): .time(until: until)
        case .completed, .compensationOver: .nothing
        }
    }

    /// When the saga was started; nil before.
    public var startedAt: Instant? {
        if case .ready = activity { nil } else { startTime }
    }

    /// When and why the saga turned back; nil as long as it goes forward.
    public var turnedBack: (at: Instant, because: Cause)? {
        wayBack.map { ($0.startedAt, $0.cause) }
    }

    /// Whether the time limit passed beyond the point of no return. Once overdue, always overdue.
    public var isOverdue: Bool { timeLimitState == .overdue }

    /// How often a call or an undo was made again, over all steps.
    public var retries: Int { Int(repeatedCalls) }

    /// What has become of a step; the position must be one of the definition's.
    public func status(of step: Int) -> StepStatus { records[step].status }

    /// What a step returned, once it was done; still there while it is undone.
    public func result(of step: Int) -> Int64? { records[step].result }

    /// The key that all attempts of a step, and its undo, carry.
    public func idempotencyKey(of step: Int) -> IdempotencyKey {
        IdempotencyKey(saga: id, step: step)
    }

    /// The last step that was called; nil before the start.
    public var furthestStep: Int? {
        (0..<records.count).last { records[$0].status != .pending }
    }

    /// The steps whose undos are registered and have not been dealt with; the last is undone first.
    public var undoStack: [Int] {
        (0..<records.count).filter { awaitsUndo($0) }
    }

    /// How many undos are registered and have not been dealt with.
    public var undoStackDepth: Int {
        (0..<records.count).count { awaitsUndo($0) }
    }
}

extension Saga {
    /// The undo that comes next on the way back.
    var topOfUndoStack: Int? {
        (0..<records.count).last { awaitsUndo($0) }
    }

    /// How the way back ends, or would end now.
    var compensationEnding: Ending {
        let cause = wayBack?.cause ?? .stepFailed
        let left = StepSet(
            (0..<records.count).filter { records[$0].undoRegistered && records[$0].status != .undone })
        return left.isEmpty ? .compensated(cause) : .compensationFailed(cause, notUndone: left)
    }

    private func awaitsUndo(_ step: Int) -> Bool {
        switch records[step].status {
        case .pending, .undone, .undoFailed: false
        case .running, .done, .failed, .unknown, .undoing: records[step].undoRegistered
        }
    }
}
