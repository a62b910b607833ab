/// Which way to read.
public enum ReadDirection: Hashable, Sendable {
    /// From old to new.
    case forward
    /// From new to old.
    case backward
}

/// A page of a stream.
public struct StreamPage: Hashable, Sendable {
    /// The events, in the direction of reading.
    public let events: [RecordedEvent]
    /// Where the next page begins; nil if there is none now.
    public let next: StreamVersion?
    /// The stream as it was when the page was read.
    public let state: StreamState

    /// A page.
    public init(events: [RecordedEvent], next: StreamVersion?, state: StreamState) {
        self.events = events
        self.next = next
        self.state = state
    }
}

/// Which events of the log a reader wants.
public enum LogFilter: Hashable, Sendable {
    /// All.
    case all
    /// Those of a category's streams; see ``StreamName/category``.
    case category(String)
    /// Those of some types.
    case types([String])
}

extension LogFilter {
    /// Whether a reader wants this event. Every reader gets tombstones of what it may have read: only a category's
    /// reader does not get those of other categories.
    public func includes(_ event: RecordedEvent) -> Bool {
        switch self {
        case .all: true
        case .category(let category): event.stream.category == category[...]
        case .types(let types): event.isTombstone || types.contains(event.event.type)
        }
    }
}

/// A page of the log.
public struct LogPage: Hashable, Sendable {
    /// Behind which it was read forward, or before which backward; nil for the start and the end.
    public let from: Position?
    /// The events that the filter lets through, in the direction of reading.
    public let events: [RecordedEvent]
    /// Up to where the log has been read, events included that were not wanted: what to read after, or before, next.
    public let reached: Position
    /// Whether there is nothing more in this direction now.
    public let isEnd: Bool
    /// The last position of the log; everything up to it is final.
    public let head: Position

    /// A page.
    public init(from: Position?, events: [RecordedEvent], reached: Position, isEnd: Bool, head: Position) {
        self.from = from
        self.events = events
        self.reached = reached
        self.isEnd = isEnd
        self.head = head
    }
}
