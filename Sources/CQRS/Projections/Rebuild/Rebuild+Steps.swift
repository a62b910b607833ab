public import EventSourcing
public import Resilience
public import Timeline

extension Rebuild {
    /// What whoever drives a rebuild has to do next. Every step may come again after a failure, and must then do no harm.
    public enum Step: Hashable, Sendable {
        /// Say so by ``ServingVersion/propose(_:number:)``, make the version's own tables unless they are there, and
        /// start its runs, which take all events for replays; answer with ``Rebuild/prepared(_:for:)``.
        case prepare(version: Int, Ticket)
        /// Let the new version serve by ``ServingVersion/change(from:to:number:checkpoints:)``, and answer with
        /// ``Rebuild/served(_:for:)``.
        case serve(from: Int, to: Int, Ticket)
        /// Tell the new version's runs that they take over behind the position, let the old version's runs stop at it,
        /// and answer with ``Rebuild/handedOver(_:)`` once they have.
        ///
        /// This is the last time to have the old version deal with what it has set aside: for the new version these
        /// events are replays, so that what they do outside is not done any more.
        case handOver(from: Int, at: Position, Ticket)
        /// Stop a version's runs if they still run. Then, in one transaction, say so by
        /// ``ServingVersion/withdraw(_:number:)``, and, if it says yes, drop its tables and checkpoints; answer with
        /// ``Rebuild/dropped(_:for:)``.
        case drop(version: Int, Ticket)
        /// Nothing until then, or until there is an answer or progress; nil if no time would change that.
        case wait(until: Instant?)
        /// Nothing more.
        case ended(Ending)
    }

    /// What a rebuild is at.
    public enum Phase: Hashable, Sendable {
        /// The new version's tables are being made.
        case preparing
        /// The new version catches up.
        case replaying
        /// The new version is being made to serve.
        case switching
        /// The new version serves; the old one finishes what is its own.
        case handingOver(at: Position)
        /// A version that is of no more use is being dropped.
        case dropping(version: Int, then: Ending)
        /// It is over.
        case ended(Ending)
    }

    /// How a rebuild ended.
    public enum Ending: Hashable, Sendable {
        /// The new version serves, from behind this position on.
        case switched(at: Position)
        /// It was called off; the old version serves as before.
        case cancelled
        /// Another version serves by now, or a later rebuild has begun.
        case overtaken
        /// A step went on failing; whether it took place is not known. A new rebuild from what serves goes on from there.
        case gaveUp(RetryPolicy.Reason)
    }

    /// What comes of calling a rebuild off.
    public enum Cancellation: Hashable, Sendable {
        /// The new version will be dropped; the old one has not noticed anything.
        case cancelled
        /// The same, unless the switch, which has been asked for, takes place first.
        case undecided
        /// The new version serves, or the rebuild is over.
        case tooLate
    }

    /// How far a rebuild is.
    public struct Progress: Hashable, Sendable {
        /// Up to where the new version is.
        public let position: Position
        /// How far it is behind, how fast it goes and when it will have caught up.
        public let lag: Lag
    }
}
