internal import Timeline

extension Saga {
    /// What has become of a step.
    public enum StepStatus: UInt8, Hashable, Sendable, CaseIterable {
        /// Not called yet.
        case pending
        /// Called; its reply has not come.
        case calling
        /// Called in vain; it is called again later.
        case backingOff
        /// It would have to succeed and said that it never will: it waits for an operator.
        case stalled
        /// Done.
        case done
        /// An operator let the saga go on without it.
        case skipped
        /// Not done, and its undo has not been called.
        case failed
        /// Perhaps done, and its undo has not been called.
        case unknown
        /// Its undo is called.
        case undoing
        /// Its undo was called in vain; it is called again later.
        case undoBackingOff
        /// Its undo cannot be done, and waits for an operator.
        case undoStalled
        /// Taken back, or known never to happen.
        case undone
        /// Its undo was called and is not known to have succeeded.
        case undoFailed
        /// An operator says that it is taken back.
        case resolved
    }

    /// The way that the saga goes.
    @usableFromInline
    enum Course: UInt8, Sendable {
        case ready, locking, forward, back, completed, compensated, compensationFailed, killed
    }

    /// What has become of the time limit.
    enum TimeLimitState: UInt8, Sendable {
        /// It has not passed, or it has and the saga turned back.
        case open
        /// It passed while the pivot was being called: the reply decides what follows.
        case passedDuringPivot
        /// It passed, or the pivot's reply came, beyond the point of no return.
        case overdue
    }
}

extension Saga.StepStatus {
    /// Whether the saga has come past it on its way forward.
    func isSettled(isCritical: Bool) -> Bool {
        switch self {
        case .done, .skipped: true
        case .failed, .unknown: !isCritical
        case .pending, .calling, .backingOff, .stalled, .undoing, .undoBackingOff, .undoStalled, .undone, .undoFailed,
            .resolved:
            false
        }
    }

    /// Whether its undo, if it has one, is still to be called for the first time.
    var isBeforeUndo: Bool {
        switch self {
        case .calling, .backingOff, .stalled, .done, .skipped, .failed, .unknown: true
        case .pending, .undoing, .undoBackingOff, .undoStalled, .undone, .undoFailed, .resolved: false
        }
    }

    /// Whether its undo is under way, or waits for something.
    var isBeingUndone: Bool {
        switch self {
        case .undoing, .undoBackingOff, .undoStalled: true
        case .pending, .calling, .backingOff, .stalled, .done, .skipped, .failed, .unknown, .undone, .undoFailed,
            .resolved:
            false
        }
    }

    /// Whether it waits for an operator.
    public var waitsForOperator: Bool { self == .stalled || self == .undoStalled }
}
