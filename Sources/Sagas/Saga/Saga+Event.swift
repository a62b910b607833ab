public import Timeline

extension Saga {
    /// Something that a saga has decided, or was told. A saga is what its events have made of it.
    public struct Event: Hashable, Sendable {
        /// When.
        public var time: Instant
        /// What.
        public var what: What

        /// An event.
        public init(time: Instant, what: What) {
            self.time = time
            self.what = what
        }

        /// What can happen to a saga. Steps are given by their positions.
        public enum What: Hashable, Sendable {
            /// It began. With a semantic lock that applies, it asks for it: ``SagaDefinition/lockKey(of:)``.
            case started
            /// It has its lock.
            case locked
            /// It runs another one again, from a later step on.
            case forked(of: UInt64)
            /// A step was done by the saga that this one runs again.
            case stepAdopted(step: UInt8, SagaValue?)
            /// A step is to be called.
            case stepRequested(step: UInt8, attempt: UInt16)
            /// A step is done.
            case stepDone(step: UInt8, attempt: UInt16, SagaValue?)
            /// An attempt has failed; it is repeated then, or with nil the step has failed for good.
            case stepFailed(step: UInt8, attempt: UInt16, Failure, retryAt: Instant?)
            /// A step that must succeed says that it never will: an operator has to look at it.
            case stepStalled(step: UInt8)
            /// An operator lets the saga go on as if the step were done.
            case stepSkipped(step: UInt8, SagaValue?)
            /// From now on it takes back.
            case turnedBack(Cause)
            /// A step's undo is to be called.
            case undoRequested(step: UInt8, attempt: UInt16)
            /// A step is undone.
            case undoDone(step: UInt8, attempt: UInt16)
            /// An attempt has failed; it is repeated then, or with nil its attempts are used up. A failure that named a
            /// time to retry after is waited out and does not count.
            case undoFailed(step: UInt8, attempt: UInt16, Failure, retryAt: Instant?, counts: Bool)
            /// An undo is given up, or waits for an operator.
            case undoExhausted(step: UInt8, SagaDefinition.Exhaustion)
            /// An operator says that a step is taken back.
            case undoResolved(step: UInt8)
            /// What could not be undone is to be undone after all.
            case compensationRetried
            /// The time limit passed while the pivot was being called.
            case timeLimitPassed
            /// The time limit passed beyond the point of no return.
            case overdue
            /// The time limit of the way back passed.
            case compensationOverdue
            /// It stops where it is.
            case paused(Pause)
            /// It goes on.
            case resumed
            /// The orchestrator has crashed and read it back.
            case recovered
            /// An operator wants something.
            case ordered(Order.Kind)
            /// All steps are done.
            case completed
            /// All that was done is taken back.
            case compensated
            /// Not all that was done could be taken back.
            case compensationFailed
            /// An operator ended it as it stood.
            case killed
        }
    }

    /// Why a saga turned back.
    public enum Cause: UInt8, Hashable, Sendable {
        /// A step has failed for good.
        case stepFailed
        /// The time limit of the saga passed.
        case timeLimitPassed
        /// An operator cancelled it.
        case cancelled
        /// Another saga held the lock.
        case lockRefused
    }

    /// Why a saga was paused.
    public enum Pause: UInt8, Hashable, Sendable {
        /// An operator wanted it.
        case ordered
        /// It was picked up after crashes more often than its definition allows.
        case tooManyRecoveries
    }

    /// How a saga ended.
    public enum Ending: Hashable, Sendable {
        /// All critical steps are done; these others were left out.
        case completed(without: StepSet)
        /// Every undo that was registered has succeeded, or was done by an operator's hand.
        case compensated(Cause, byHand: StepSet)
        /// These steps have, or may have, happened and are not known to be undone: work for a human.
        case compensationFailed(Cause, notUndone: StepSet)
        /// An operator ended it; these steps have, or may have, happened and stand.
        case killed(standing: StepSet)
    }
}
