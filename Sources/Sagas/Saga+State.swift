internal import Timeline

extension Saga {
    /// What is known about one step; 16 bytes.
    struct StepRecord: Sendable {
        /// What the step's call returned.
        var result: Int64?
        var status = StepStatus.pending
        /// Whether any attempt had, or has, an unknown outcome.
        var mayHaveHappened = false
        /// Whether the step stands on the undo stack, or stood there.
        var undoRegistered = false
        /// The attempts of its call, or once the saga turned back and came to it, of its undo.
        var attempts: UInt32 = 0
    }

    /// What the saga is waiting for. The numbers of attempts are in the records.
    enum Activity: Sendable {
        case ready
        case calling(step: UInt8)
        case backingOff(until: Instant, step: UInt8)
        case undoing(step: UInt8)
        case undoBackingOff(until: Instant, step: UInt8)
        case completed
        case compensationOver
    }

    /// What has become of the time limit.
    enum TimeLimitState: Sendable {
        /// It has not passed, or it has and the saga turned back.
        case open
        /// It passed while the pivot was being called: the reply decides what follows.
        case passedDuringPivot
        /// It passed, or the pivot's reply came, beyond the point of no return.
        case overdue
    }

    /// The way back.
    struct Return: Sendable {
        var startedAt: Instant
        /// How many failures of the present undo count against its policy; saturates.
        var countedFailures: UInt16 = 0
        var cause: Cause
    }
}

extension UInt32 {
    /// One more, or the same at the end of the range.
    mutating func increment() {
        self += self < .max ? 1 : 0
    }
}
