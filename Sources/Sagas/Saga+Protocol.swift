public import Timeline

extension Saga {
    /// What whoever drives a saga has to do next.
    public enum Directive: Hashable, Sendable {
        /// Call the step, and report with the same numbers how it went.
        case call(step: Int, attempt: Int)
        /// Call the undo of the step, and report with the same numbers how it went.
        case undo(step: Int, attempt: Int)
        /// Call ``Saga/resume(at:under:)`` at this moment.
        case wait(until: Instant)
        /// The saga is over. It gives no directive after this one.
        case ended(Ending)
        /// Nothing: what was reported came too late to matter, or the saga waits for something else.
        case none
    }

    /// How a call went.
    public enum Reply: Hashable, Sendable {
        /// It was done. The result can be read by later steps and undos; that of an undo is not kept.
        case success(result: Int64)
        /// It was not done, or perhaps it was. The time to retry after is what the callee, or a guard before it,
        /// asked for.
        case failure(retryAfter: Duration?, outcome: Outcome)
    }

    /// What is known about a call that failed.
    public enum Outcome: Hashable, Sendable {
        /// The service has not done it, and will not do it later: it refused, or a guard kept the call from it.
        case notExecuted
        /// The service may have done it or may still do it: the reply was lost, or did not come in time.
        case unknown
    }

    /// How a saga ended.
    public enum Ending: Hashable, Sendable {
        /// All steps are done.
        case completed
        /// Every undo that was registered has succeeded.
        case compensated(Cause)
        /// These steps have, or may have, happened and are not known to be undone: work for a human.
        case compensationFailed(Cause, notUndone: StepSet)
    }

    /// Why a saga turned back.
    public enum Cause: Hashable, Sendable {
        /// A step has failed for good.
        case stepFailed
        /// The time limit of the saga passed.
        case timeLimitPassed
        /// An operator cancelled it.
        case cancelled
    }

    /// What makes all attempts of one step one and the same to the service.
    ///
    /// A service honours it like this. A call with a key that it has done is not done again but gets the first
    /// result. An undo takes back what was done under the key, once. An undo of a key that it does not know
    /// succeeds and leaves a mark, so that the call itself, should it come late, is refused: otherwise a slow
    /// network could bring back what was compensated.
    public struct IdempotencyKey: Hashable, Sendable {
        /// The saga's ``Saga/id``.
        public let saga: UInt64
        /// The position of the step.
        public let step: Int
    }
}
