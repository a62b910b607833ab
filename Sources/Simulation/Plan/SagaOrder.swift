public import Sagas

/// What an operator wants of one saga, or of many.
public struct SagaOrder: Hashable, Sendable {
    /// What is to be done.
    public var deed: Deed
    /// Which saga of the plan they are.
    public var plan: Int
    /// Which of its runs.
    public var selection: Selection
    /// Why; empty if nothing was said.
    public var reason: String

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
    public init(_ deed: Deed, plan: Int, _ selection: Selection, reason: String = "") {
        self.deed = deed
        self.plan = plan
        self.selection = selection
        self.reason = reason
    }
}
