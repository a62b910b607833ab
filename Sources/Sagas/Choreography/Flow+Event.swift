internal import Timeline

extension Flow {
    /// An event of a flow as the bus delivers it.
    public struct Event: Hashable, Sendable {
        /// What tells it from all others; the same whenever it is delivered again.
        public var id: UInt64
        /// The number of its type.
        public var type: Int
        /// The event that made it happen, its causation id; nil if it came from outside.
        public var cause: UInt64?

        /// An event.
        public init(id: UInt64, type: Int, cause: UInt64? = nil) {
            self.id = id
            self.type = type
            self.cause = cause
        }
    }

    /// Something that a participant has to do.
    public struct Action: Hashable, Sendable {
        /// The flow that it belongs to.
        public let flow: UInt64
        /// The number of the policy that asks for it.
        public let policy: Int
        /// The event that it reacts to.
        public let event: UInt64

        /// An action, as somebody has kept it.
        public init(flow: UInt64, policy: Int, event: UInt64) {
            self.flow = flow
            self.policy = policy
            self.event = event
        }

        /// The idempotency key: the same for the same flow, policy and event, however often it is asked for. A
        /// participant that has seen it has acted, and only says again what came of it.
        public var key: UInt64 {
            var digest = Digest()
            digest.mix(flow, event)
            digest.mix(UInt64(truncatingIfNeeded: policy))
            return digest.value
        }

        /// The event that tells what came of it. There is one id for all of its answers, since it has but one.
        public func answer(_ type: Int) -> Event {
            Event(id: RandomStream.scramble(key), type: type, cause: event)
        }
    }

    /// The actions that one event asks for, in the order in which the choreography gives their policies.
    public struct Actions: Hashable, Sendable, Sequence, IteratorProtocol {
        /// The flow that they belong to.
        public let flow: UInt64
        /// The event that asks for them.
        public let event: UInt64
        /// The policies that have to act.
        public private(set) var policies: PolicySet

        /// The next one; nil after the last.
        public mutating func next() -> Action? {
            policies.popFirst().map { Action(flow: flow, policy: $0, event: event) }
        }
    }

    /// What follows from an event.
    public enum Reaction: Hashable, Sendable {
        /// These must act now: all policies on it, or if it was delivered before, those that have not been acknowledged.
        /// There may be none.
        case act(Actions)
        /// It ended the flow.
        case ended(Ending)
        /// It parked the flow. It was not taken in: it has to be delivered again after ``Flow/resume(under:)``.
        case parked(Parking)
        /// Nothing, and why.
        case ignored(Reason)
    }

    /// Why an event changes nothing.
    public enum Reason: Hashable, Sendable {
        /// It was delivered before, and all who had to act because of it have been acknowledged.
        case duplicate
        /// The flow is over.
        case flowOver
        /// The flow is parked: deliver it again when it has been resumed.
        case flowParked
        /// The flow has not begun, and this event does not begin it.
        case notStarted
        /// The flow has begun already, with another event.
        case startedAlready
        /// It answers something that has been answered already, perhaps in another way.
        case answeredAlready
        /// It answers something that was given up when a timeout struck.
        case tooLate
        /// It neither comes from outside nor answers anything that the flow asked for, or not yet.
        case unexpected
    }
}
