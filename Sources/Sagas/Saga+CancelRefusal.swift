extension Saga {
    /// Why a saga cannot be cancelled; its description is one line for the operator.
    public enum CancelRefusal: Error, Hashable, Sendable {
        /// The pivot is being called: whether the saga can turn back is known once it has replied.
        case pivotOutstanding(step: String)
        /// The saga can only go forward from this step on.
        case beyondPointOfNoReturn(step: String)
        /// The saga is on its way back already.
        case alreadyCompensating
        /// The saga is over.
        case alreadyEnded
    }
}

extension Saga.CancelRefusal: CustomStringConvertible {
    /// The reason, and what can be done.
    public var description: String {
        switch self {
        case .pivotOutstanding(let step): "the pivot \(step) is being called; try again once it has replied"
        case .beyondPointOfNoReturn(let step): "the saga has passed its point of no return, \(step)"
        case .alreadyCompensating: "the saga is compensating already"
        case .alreadyEnded: "the saga has ended"
        }
    }
}
