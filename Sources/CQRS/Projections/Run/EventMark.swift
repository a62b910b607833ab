public import EventSourcing
public import Timeline

/// What a run needs to know of an event: not what it says, but where it stands.
public struct EventMark: Hashable, Sendable {
    /// Its place in the log.
    public var position: Position
    /// What it must be kept in order with.
    public var sequence: SequenceKey
    /// When it was appended.
    public var recordedAt: Instant
    /// Whether the projection handles such events.
    public var isWanted: Bool

    /// An event's place.
    public init(position: Position, sequence: SequenceKey, recordedAt: Instant, isWanted: Bool = true) {
        self.position = position
        self.sequence = sequence
        self.recordedAt = recordedAt
        self.isWanted = isWanted
    }

    /// The place of a recorded event, to be kept in order with its stream.
    public init(_ event: RecordedEvent, isWanted: Bool = true) {
        self.init(
            position: event.position, sequence: SequenceKey(event.stream), recordedAt: event.recordedAt,
            isWanted: isWanted)
    }
}

/// A page of the log, as a run is told of it.
public struct MarkPage: Hashable, Sendable {
    /// Behind which it was read.
    public var after: Position
    /// The events, in ascending order.
    public var events: [EventMark]
    /// Up to where the log has been read, events included that nobody wanted. A page may claim only what was looked at.
    public var reached: Position
    /// Whether there is nothing more now.
    public var isEnd: Bool
    /// The last position of the log.
    public var head: Position

    /// A page.
    public init(after: Position, events: [EventMark], reached: Position, isEnd: Bool, head: Position) {
        self.after = after
        self.events = events
        self.reached = reached
        self.isEnd = isEnd
        self.head = head
    }

    /// A page that was read forward.
    /// - Parameters:
    ///   - page: the page.
    ///   - isWanted: whether the projection handles an event.
    public init(_ page: LogPage, isWanted: (RecordedEvent) -> Bool = { _ in true }) {
        self.init(
            after: page.from ?? .start, events: page.events.map { EventMark($0, isWanted: isWanted($0)) },
            reached: page.reached, isEnd: page.isEnd, head: page.head)
    }

    /// Whether it is what it says: events in ascending order between where it begins and where it ends, and, unless it
    /// is at the end, a way to go on.
    var isSound: Bool {
        var last = after
        for event in events {
            guard event.position > last else { return false }
            last = event.position
        }
        return last <= reached && (isEnd || reached > after)
    }
}
