public import Resilience
public import Sagas
public import Timeline

/// A saga without an orchestrator: who reacts to which event, and with which call.
public struct ChoreographyPlan: Sendable {
    /// Its events, policies and timeouts.
    public var choreography: Choreography
    /// The service that carries its events: while it is down, none is delivered.
    public var broker: Int
    /// The operation that stands for a flow as a whole, in ``Plan/operations``.
    public var operation: Int
    /// What each policy does.
    public var reactions: [Reaction]
    /// How long an event takes to a subscriber.
    public var delivery: Distribution
    /// The share of deliveries that are made twice, 0 to 1.
    public var twice: Double
    /// How often an event is delivered that its subscriber could not deal with.
    public var redelivery: RetryPolicy
    /// What one flow is worth.
    public var amount: AmountLaw

    /// What a policy does.
    public struct Reaction: Sendable {
        /// What the policy is called.
        public var name: String
        /// The call that is made.
        public var call: CallPlan
        /// The policy whose work it takes back; nil if it does work of its own.
        public var undoes: Int?

        /// A reaction.
        public init(name: String, call: CallPlan, undoes: Int? = nil) {
            self.name = name
            self.call = call
            self.undoes = undoes
        }
    }

    /// A choreography whose events take no time, and are delivered once, or up to eight times until they are dealt with.
    public init(_ choreography: Choreography, broker: Int, operation: Int, reactions: [Reaction]) {
        self.choreography = choreography
        self.broker = broker
        self.operation = operation
        self.reactions = reactions
        delivery = .constant(.zero)
        twice = 0
        redelivery = .persistent
        amount = AmountLaw()
    }

    /// The name in full of one of its policies: `place-order.charge`.
    public func name(ofPolicy policy: Int) -> String { "\(choreography.name).\(reactions[policy].name)" }
}
