public import CQRS
public import EventSourcing
public import Timeline

/// An event that a projection could not take in, or that waits behind one of its order's: all of it, so that it can be
/// dealt with again whatever has become of the log.
public struct SetAsideEvent: Hashable, Sendable {
    /// The event.
    public let event: RecordedEvent
    /// Why it could not be taken in; nil if it only waits behind others.
    public let failure: EventFailure?
    /// The same in one line; empty if nobody knows.
    public let detail: String
    /// How often it was tried.
    public let attempts: Int
    /// When it was set aside.
    public let at: Instant
    /// Whether it waits to be dealt with again, and with it what follows in its stream; else it was left out for good.
    public let waits: Bool

    /// An event that was set aside.
    public init(
        _ event: RecordedEvent, failure: EventFailure?, detail: String, attempts: Int, at: Instant, waits: Bool
    ) {
        self.event = event
        self.failure = failure
        self.detail = detail
        self.attempts = attempts
        self.at = at
        self.waits = waits
    }

    /// What it is kept in order with.
    public var sequence: SequenceKey { SequenceKey(event.stream) }
}
