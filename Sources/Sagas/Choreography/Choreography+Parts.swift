public import Timeline

extension Choreography {
    /// A type of events.
    public struct EventType: Hashable, Sendable {
        /// What such an event is called: `PaymentTaken`.
        public var name: String
        /// What part it plays in a flow.
        public var kind: Kind

        /// A type; the choreography checks it together with the others.
        public init(_ name: String, _ kind: Kind = .step) {
            self.name = name
            self.kind = kind
        }

        /// The parts that events play.
        public enum Kind: Hashable, Sendable {
            /// It begins a flow and comes from outside.
            case start
            /// It may come from outside at any time: a customer has changed her mind.
            case outside
            /// Something follows from it.
            case step
            /// Nothing need follow from it: a mail was sent.
            case note
            /// It ends the flow, and all is well.
            case endsWell
            /// It ends the flow, and what had to be taken back has been.
            case endsBadly
        }
    }

    /// What a participant does when an event happens.
    public struct Policy: Hashable, Sendable {
        /// The event that it reacts to.
        public var event: String
        /// Who acts.
        public var participant: String
        /// What it does.
        public var action: String
        /// The events of which one tells that it was done; none if nobody tells, and then it is over when the
        /// participant acknowledges it.
        public var success: [String]
        /// The events of which one tells that it was not done, and that nothing of it has to be taken back.
        public var failure: [String]

        /// A policy; the choreography checks it together with the others.
        public init(
            on event: String, _ participant: String, does action: String, success: [String] = [],
            failure: [String] = []
        ) {
            self.event = event
            self.participant = participant
            self.action = action
            self.success = success
            self.failure = failure
        }

        /// All events of which one is the answer.
        public var answers: [String] { success + failure }

        /// What tells it from all others: `payment charges on OrderPlaced`.
        public var name: String { "\(participant) \(action) on \(event)" }
    }

    /// What happens when nothing happens: the choreography's own watchdog publishes an event.
    public struct Timeout: Hashable, Sendable {
        /// The event from which time is counted; from the first one if there are several before any that is awaited.
        public var event: String
        /// How long.
        public var length: Duration
        /// The events of which one must come in time; none for a plain delay.
        public var awaited: [String]
        /// The event that happens instead.
        public var consequence: String
        /// What becomes of what comes too late.
        public var lateAnswers: LateAnswers

        /// A timeout; the choreography checks it together with the others.
        /// - Parameters:
        ///   - event: from which event on.
        ///   - length: more than zero.
        ///   - awaited: the events of which one must come.
        ///   - consequence: the event that happens if none does.
        ///   - lateAnswers: refused by default.
        public init(
            after event: String, within length: Duration, noneOf awaited: [String], then consequence: String,
            lateAnswers: LateAnswers = .refused
        ) {
            self.event = event
            self.length = length
            self.awaited = awaited
            self.consequence = consequence
            self.lateAnswers = lateAnswers
        }

        /// What tells it from all others: `PaymentTimedOut after OrderPlaced`.
        public var name: String { "\(consequence) after \(event)" }
    }

    /// What becomes of what was under way when a timeout struck.
    public enum LateAnswers: Hashable, Sendable {
        /// Whatever could still lead to an awaited event is given up: it does not act any more, and its answer changes
        /// nothing. So the flow takes one way only; what may have happened all the same has to be taken back by a policy
        /// on the timeout's event, since the outcome of what was given up is unknown.
        case refused
        /// It goes on; the timeout only lets something happen beside it, such as a reminder.
        case accepted
    }
}
