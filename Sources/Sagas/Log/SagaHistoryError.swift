public import Timeline

/// An event that cannot have happened where it stands; its description is one line for whoever looks after the store.
public struct SagaHistoryError: Error, Hashable, Sendable {
    /// Where it stands among the saga's events, from 0.
    public let position: Int
    /// The event; nil if there should be one more at the end.
    public let event: Saga.Event?
    /// The name of the step that it is about; nil if it is about none, or about one that the definition does not have.
    public let step: String?
    /// What was expected.
    public let rule: Rule

    /// The rules of a history.
    public enum Rule: Hashable, Sendable {
        /// Time does not go back: an earlier event is of this moment.
        case time(latest: Instant)
        /// The definition has no step at this position.
        case noSuchStep(Int)
        /// It does not happen to a saga that stands like this.
        case phase(Saga.Phase)
        /// It does not happen to a saga that is paused.
        case paused
        /// It does not happen to a step of which this has become.
        case status(Saga.StepStatus)
        /// Attempts are numbered without gaps, and only one is under way.
        case attempt(expected: Int, found: Int)
        /// A step returns what its definition says; nil for nothing.
        case result(expected: SagaValue.Kind?, found: SagaValue.Kind?)
        /// A next attempt does not come before its time, unless an operator wants it.
        case early(due: Instant)
        /// What is not worth another attempt gets none.
        case notRetryable
        /// Others come first.
        case turn
        /// Only a saga that runs another one again takes over what that one has done.
        case notRerun
        /// An undo is given up when its attempts or its time are used up.
        case attemptsLeft
        /// The time limit has passed before, or cannot pass like this.
        case limit
        /// The saga can only go forward.
        case pointOfNoReturn
        /// No step has failed that would turn the saga back.
        case noStepFailed
        /// There is more to do before that end, or nothing left for it.
        case unfinished
        /// The saga has not been picked up after a crash.
        case notRecovered
        /// An operator's order would have been refused.
        case refused(Saga.OrderRefusal)
        /// Only an operator does that, and none has given this order.
        case unordered(Saga.Order.Kind)
        /// What comes of this order has to be next.
        case effectMissing(Saga.Order.Kind)
        /// A step that must succeed has failed for good: that it waits for an operator has to be next.
        case stallMissing
        /// The last attempt of an undo has failed: that it is given up, or waits for an operator, has to be next.
        case exhaustionMissing
    }
}

extension SagaHistoryError: CustomStringConvertible {
    /// `event 4, SagaStepDone at=9000000 position=1 step=charge attempt=1: …`, with what was expected.
    public var description: String {
        guard let event else { return "after the last event, \(position - 1): \(rule)" }
        let stored = StoredSagaEvent(event, step: step ?? "")
        return "event \(position), \(stored): \(rule)"
    }
}

extension SagaHistoryError.Rule: CustomStringConvertible {
    /// The rule, and what was found instead.
    public var description: String {
        switch self {
        case .time(let latest): "time does not go back; an earlier event is of \(latest.nanoseconds) ns"
        case .noSuchStep(let step): "the definition has no step \(step + 1)"
        case .phase(let phase): "it does not happen to a saga that \(phase.clause)"
        case .paused: "it does not happen to a saga that is paused"
        case .status(let status): "it does not happen to a step that is \(status.word)"
        case .attempt(let expected, let found): "attempt \(expected) is expected, not \(found)"
        case .result(let expected, let found):
            "the step returns \(expected?.words ?? "nothing"), not \(found?.words ?? "nothing")"
        case .early(let due): "the next attempt is not due before \(due.nanoseconds) ns"
        case .notRetryable: "a failure that is not worth another attempt gets none"
        case .turn: "other steps come first"
        case .notRerun: "it runs no other saga again, and takes over nothing"
        case .attemptsLeft: "its last attempt has not failed, and its time is not up"
        case .limit: "the time limit cannot pass now, or has passed before"
        case .pointOfNoReturn: "the saga can only go forward"
        case .noStepFailed: "no step has failed that the saga cannot do without"
        case .unfinished: "what has become of the steps makes another end, or none yet"
        case .notRecovered: "it has not been picked up after a crash"
        case .refused(let refusal): "the order would have been refused: \(refusal)"
        case .unordered(let kind): "only an operator does that, and no order to \(kind.words) stands before it"
        case .effectMissing(let kind): "an order to \(kind.words) is followed by what comes of it"
        case .stallMissing: "a step that must succeed has failed for good; that it waits for an operator must follow"
        case .exhaustionMissing: "an undo has failed for good; what becomes of it must follow"
        }
    }
}

extension Saga.Phase {
    /// How the saga stands, as a clause.
    fileprivate var clause: String {
        switch self {
        case .ready: "has not been started"
        case .locking: "waits for its lock"
        case .forward: "goes forward"
        case .compensating: "is compensating"
        case .ended: "has ended"
        }
    }
}

extension Saga.StepStatus {
    /// What has become of the step, as a predicate.
    fileprivate var word: String {
        switch self {
        case .pending: "not called yet"
        case .calling: "being called"
        case .backingOff: "backing off"
        case .stalled: "waiting for an operator"
        case .done: "done"
        case .skipped: "skipped"
        case .failed: "failed"
        case .unknown: "perhaps done"
        case .undoing: "being undone"
        case .undoBackingOff: "backing off before its undo"
        case .undoStalled: "waiting for an operator to undo it"
        case .undone: "undone"
        case .undoFailed: "given up"
        case .resolved: "taken back by hand"
        }
    }
}

extension Saga.Order.Kind {
    /// The order in words, as an infinitive.
    fileprivate var words: String {
        switch self {
        case .retryNow: "retry now"
        case .skip: "skip a step"
        case .pause: "pause"
        case .resume: "resume"
        case .cancel: "cancel"
        case .kill: "kill"
        case .retryCompensation: "retry the compensation"
        case .markResolved: "mark what is resolved"
        }
    }
}
