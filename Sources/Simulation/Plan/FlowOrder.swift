import Sagas

/// What an operator wants of one flow of a choreography, or of many.
public struct FlowOrder: Hashable, Sendable {
    /// What is to be done.
    public var deed: Deed
    /// Which choreography of the plan they belong to.
    public var plan: Int
    /// Which of its flows.
    public var selection: Selection

    /// What is to be done.
    public enum Deed: String, CaseIterable, Hashable, Sendable {
        /// Events that did not reach a subscriber, or that it could not deal with, are delivered to it.
        case resend
        /// A flow that went farther than it may goes on.
        case resume
        /// The flow ends as it stands.
        case close
    }

    /// Which flows are meant.
    public enum Selection: Hashable, Sendable {
        /// The one that this request began.
        case one(request: UInt64)
        /// All that stand so and can obey; with nil, all that have not ended.
        case all(FlowStanding?)
    }

    /// Why an order cannot be obeyed; its description is one line for the operator.
    public enum Refusal: Hashable, Sendable, CustomStringConvertible {
        /// The flow is over.
        case over
        /// No event of it is lost, or set aside.
        case nothingLost
        /// It is not parked.
        case notParked
        /// It is parked.
        case parked
        /// It has as many events as a flow can remember.
        case full

        /// The reason, and what can be done instead.
        public var description: String {
            switch self {
            case .over: "the flow is over"
            case .nothingLost: "every event has reached those who have subscribed to it, or is on its way"
            case .notParked: "it is not parked; only a flow that went too far waits to be resumed"
            case .parked: "it is parked: resume it first, or close it"
            case .full: "it has \(Flow.maximumEvents) events, and a flow cannot remember more: close it"
            }
        }
    }

    /// An order.
    public init(_ deed: Deed, plan: Int, _ selection: Selection) {
        self.deed = deed
        self.plan = plan
        self.selection = selection
    }
}
