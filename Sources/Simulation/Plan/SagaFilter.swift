import Sagas

/// The words for sagas that stand in a certain way: for a view of a list, for what is looked for in it, and for an order
/// to many.
///
/// Each goes by ``Saga/Standing``, by where a saga is going, or by what is wrong with it.
public enum SagaFilter: String, CaseIterable, Hashable, Sendable {
    /// All that are under way, or have ended with something left to do.
    case all
    /// On their way forward, whatever they wait for.
    case running
    /// Waiting before they try again.
    case waiting
    /// On their way back, whatever they wait for.
    case compensating
    /// Those that an operator has to deal with: that wait for one, are paused, or could not take all back.
    case attention
    /// Waiting for an operator: a step, an undo, or all of them after too many crashes.
    case `operator`
    /// Stopped by an operator.
    case paused
    /// Ended with something that is not undone.
    case failed
    /// Getting no step further for longer than their monitor allows.
    case stuck
    /// On their way back for longer than their monitor allows.
    case slow
    /// Older than their monitor allows.
    case old
    /// Past their time limit, with no way back.
    case overdue
    /// Waiting for their lock.
    case locking
    /// With an orchestrator that has crashed.
    case down

    /// Whether it means a saga.
    public func matches(_ saga: SagaRow) -> Bool {
        switch self {
        case .all: true
        case .running: !saga.isOver && !saga.hasTurnedBack
        case .waiting: saga.standing.isBackingOff
        case .compensating: !saga.isOver && saga.hasTurnedBack
        case .attention: saga.standing.needsOperator
        case .operator: saga.standing == .waitingForOperator
        case .paused: saga.standing == .paused
        case .failed: saga.standing == .compensationFailed
        case .stuck: saga.alarms.contains(.stuck)
        case .slow: saga.alarms.contains(.compensatesTooLong)
        case .old: saga.alarms.contains(.isOld)
        case .overdue: !saga.isOver && saga.isOverdue
        case .locking: saga.standing == .locking
        case .down: saga.isDown
        }
    }

    /// How they stand, behind `51 sagas` or `no saga is`.
    public var words: String {
        switch self {
        case .all: "under way or kept"
        case .running: "on the way forward"
        case .waiting: "waiting to try again"
        case .compensating: "on the way back"
        case .attention: "in need of an operator"
        case .operator: "waiting for an operator"
        case .paused: "paused"
        case .failed: "over with something not undone"
        case .stuck: "stuck"
        case .slow: "compensating for too long"
        case .old: "too old"
        case .overdue: "overdue"
        case .locking: "waiting for a lock"
        case .down: "without an orchestrator"
        }
    }
}
