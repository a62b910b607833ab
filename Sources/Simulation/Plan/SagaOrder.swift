public import Sagas

/// What an operator wants of one saga, or of many.
public struct SagaOrder: Hashable, Sendable {
    /// What is to be done.
    public var deed: Deed
    /// Which saga of the plan they are.
    public var plan: Int
    /// Which of its runs.
    public var selection: Selection

    /// What is to be done.
    public enum Deed: Hashable, Sendable {
        /// An order that the saga itself obeys, or refuses.
        case order(Saga.Order)
        /// The saga is run once more from a step on, as a new one.
        case rerun(from: Int)
    }

    /// Which runs of a saga are meant.
    public enum Selection: Hashable, Sendable {
        /// The one that this request started.
        case one(request: UInt64)
        /// All that can obey, of those that stand so.
        case all(SagaFilter)
    }

    /// An order.
    public init(_ deed: Deed, plan: Int, _ selection: Selection) {
        self.deed = deed
        self.plan = plan
        self.selection = selection
    }
}

/// The sagas that stand in a certain way: what a view of a list shows, and what an order for many means.
public enum SagaFilter: String, CaseIterable, Hashable, Sendable {
    /// All that are under way, or have ended with something left to do.
    case all
    /// On their way forward.
    case running
    /// Waiting before they try again.
    case waiting
    /// Waiting for their lock.
    case locking
    /// On their way back.
    case compensating
    /// Ended with something that is not undone.
    case failed
    /// Waiting for an operator: a step, an undo, or all of them.
    case attention
    /// Stopped by an operator, or by too many recoveries.
    case paused
    /// Past their time limit, with no way back.
    case overdue
    /// With an orchestrator that has crashed.
    case down

    /// Whether a saga stands so.
    public func matches(_ saga: Saga, isDown: Bool) -> Bool {
        switch self {
        case .all: true
        case .running: !saga.isOver && !saga.hasTurnedBack
        case .waiting: !saga.isOver && saga.isBackingOff
        case .locking: saga.isLocking
        case .compensating: !saga.isOver && saga.hasTurnedBack
        case .failed: saga.compensationHasFailed
        case .attention: saga.waitsForOperator || saga.isStopped || saga.compensationHasFailed
        case .paused: saga.isStopped
        case .overdue: !saga.isOver && saga.isOverdue
        case .down: isDown
        }
    }
}
