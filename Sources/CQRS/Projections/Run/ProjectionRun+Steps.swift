public import EventSourcing
public import Resilience
public import Timeline

extension ProjectionRun {
    /// What whoever drives a run has to do next.
    public enum Step: Hashable, Sendable {
        /// Load the checkpoint and what is set aside, and answer with ``ProjectionRun/loaded(_:for:at:)``.
        case load(Ticket)
        /// Read a page of the log, and answer with ``ProjectionRun/received(_:for:at:)``.
        case read(after: Position, limit: Int, Ticket)
        /// Make the changes and move the checkpoint in one transaction, and answer with
        /// ``ProjectionRun/committed(_:for:at:)``.
        case apply(Batch)
        /// Deal again with events that were set aside, and answer with ``ProjectionRun/replayed(_:for:at:)``.
        case replay(Replay)
        /// Nothing until then, or until there is an answer or somebody calls; nil if no time would change that.
        case wait(until: Instant?)
        /// Nothing more: the run has stopped. It can be started again.
        case stopped(StopReason)
    }

    /// Events to be dealt with as one: all of it takes place in one transaction, or nothing.
    public struct Batch: Hashable, Sendable {
        /// What to answer with.
        public let ticket: Ticket
        /// How the checkpoint moves with it; also where no event is wanted.
        public let move: CheckpointMove
        /// The events, in order.
        public let entries: [Entry]
        /// Which attempt it is at these very events, from 1. An earlier one may have taken place: then the checkpoint
        /// is where it was to go, and this one must not.
        public let attempt: Int
        /// What the events up to this position do outside has been done before; see ``ReplayToken``.
        public let replayedThrough: Position
    }

    /// An event of a batch, and what becomes of it.
    public struct Entry: Hashable, Sendable {
        /// Its place in the log.
        public let position: Position
        /// Its sequence.
        public let sequence: SequenceKey
        /// What becomes of it.
        public let treatment: Treatment
    }

    /// What becomes of an event.
    public enum Treatment: Hashable, Sendable {
        /// The read model takes it in.
        case apply
        /// It is put on record as left out, with why it failed and after how many attempts.
        case skip(EventFailure, attempts: Int)
        /// It is set aside as the first of its sequence, with why it failed and after how many attempts.
        case quarantine(EventFailure, attempts: Int)
        /// It is set aside behind others of its sequence.
        case setAside
    }

    /// The first events of a sequence that was set aside, to be dealt with again.
    ///
    /// In one transaction, if the checkpoint is where it should be and this is still the first event that was set aside
    /// of its sequence, the read model takes it and those behind it in, or leaves it out, and they are taken out.
    public struct Replay: Hashable, Sendable {
        /// What to answer with.
        public let ticket: Ticket
        /// The sequence.
        public let sequence: SequenceKey
        /// Where the first of the events stands in the log.
        public let first: Position
        /// How many of them may be dealt with.
        public let limit: Int
        /// What becomes of them: they are applied, or the one event is put on record as left out.
        public let treatment: Treatment
        /// Where the checkpoint should be; it stays there.
        public let checkpoint: Position
        /// What the events up to this position do outside has been done before; see ``ReplayToken``.
        public let replayedThrough: Position
    }

    /// What there was to load. An error is not the same as nothing: then answer with
    /// ``ProjectionRun/failed(_:retryAfter:for:at:using:)``.
    public struct Loaded: Hashable, Sendable {
        /// The checkpoint; nil only if none was ever stored.
        public var checkpoint: Position?
        /// The sequences of the run's segment that are set aside.
        public var quarantined: [QuarantinedSequence]

        /// What there was to load.
        public init(checkpoint: Position?, quarantined: [QuarantinedSequence] = []) {
            self.checkpoint = checkpoint
            self.quarantined = quarantined
        }
    }

    /// Why a run has stopped.
    public enum StopReason: Hashable, Sendable {
        /// It was asked to. So many events were read and left; they will be read again.
        case requested(left: Int)
        /// It was asked to at this position, and all up to it is done.
        case goal(Position)
        /// An event cannot be dealt with. All before it is done.
        case poison(Position, EventFailure, attempts: Int)
        /// An event has to be set aside, and there is no more room for it. All before it is done.
        case quarantineFull(Position, SequenceKey)
        /// Somebody else has moved the checkpoint, to here.
        case rival(stored: Position)
        /// The world outside goes on failing.
        case gaveUp(Request, RetryPolicy.Reason)
    }

    /// What a run asks the world outside to do.
    public enum Request: Hashable, Sendable {
        /// To load the checkpoint.
        case load
        /// To read a page.
        case read
        /// To commit a batch, or a replay.
        case commit
    }
}
