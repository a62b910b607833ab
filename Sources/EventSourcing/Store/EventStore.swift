public import Timeline

/// Keeps events, each in its stream and all in one log, and never changes one.
///
/// - **Streams** number their events from 0 without gaps. Appends to one stream take place one after another, each
///   whole or not at all, under a condition on the stream's version.
/// - **The log** holds the events of all streams in the order in which they became final. What a reader has got up to a
///   position never changes, and nothing is ever put in before it; so a reader that goes on behind the last position
///   that it has dealt with misses nothing.
/// - **Repeated appends** change nothing: events are known by their ids, as far as `StreamState.decide` says.
///
/// Who reads at other moments than the writer sees all of an append or none of it.
public protocol EventStore {
    /// How much it takes at once.
    var limits: AppendLimits { get }

    /// What it has done so far.
    var metrics: EventStoreMetrics { get }

    /// Appends events to one or several streams: all of them, or none.
    ///
    /// What was there before in all its parts is not appended again; its old places are returned.
    /// - Throws: why nothing was appended. Only after ``EventStoreError/unavailable(_:)`` the outcome is unknown.
    mutating func append(_ appends: [StreamAppend], at now: Instant) throws(EventStoreError) -> [Appended]

    /// Reads a page of a stream.
    /// - Parameters:
    ///   - stream: the stream; one without events has an empty page.
    ///   - version: where to begin; nil for the first event forward, the last event backward.
    ///   - direction: which way.
    ///   - limit: how many events at most, 1 to 4096; what is outside counts as the nearest of these.
    /// - Throws: ``EventStoreError/streamDeleted(_:)`` for a stream that was deleted for ever.
    mutating func read(
        _ stream: StreamName, from version: StreamVersion?, _ direction: ReadDirection, limit: Int
    ) throws(EventStoreError) -> StreamPage

    /// Reads a page of the log.
    ///
    /// A page may hold few events, or none, where few of those that were looked at were wanted; ``LogPage/isEnd`` says
    /// whether there are more.
    /// - Parameters:
    ///   - filter: which events.
    ///   - position: behind which to begin forward, and before which backward; nil for the start and the end.
    ///   - direction: which way.
    ///   - limit: how many events at most, 1 to 4096; what is outside counts as the nearest of these.
    mutating func readLog(
        _ filter: LogFilter, from position: Position?, _ direction: ReadDirection, limit: Int
    ) throws(EventStoreError) -> LogPage

    /// What there is to know about a stream.
    mutating func state(of stream: StreamName) throws(EventStoreError) -> StreamState

    /// Where a stream holds an append that began with an event of this id, hidden or not, the latest of several; nil if it
    /// holds none. So a command is known that has been carried out before, however long ago.
    mutating func append(
        beginningWith id: EventID, in stream: StreamName
    ) throws(EventStoreError) -> StreamVersion?

    /// Hides a stream's events before a version, one behind its last at most; they stay in the log until they are
    /// scavenged. The stream's numbering goes on. What is hidden stays hidden.
    mutating func truncate(_ stream: StreamName, before version: StreamVersion) throws(EventStoreError)

    /// Deletes a stream; its events stay in the log until they are scavenged.
    /// - Parameters:
    ///   - stream: the stream.
    ///   - extent: for the time being, or for ever.
    ///   - expected: what must be true of it.
    ///   - now: the time.
    /// - Throws: ``EventStoreError/streamDeleted(_:)`` if it was deleted for ever before, else if it is not as expected.
    mutating func delete(
        _ stream: StreamName, for extent: Deletion, expecting expected: ExpectedVersion, at now: Instant
    ) throws(EventStoreError)

    /// Removes those events from the log, up to a position, that no reader of their streams can get any more.
    ///
    /// The position should be one that every projection has passed. Returns how many events were removed.
    mutating func scavenge(upTo position: Position) throws(EventStoreError) -> Int

    /// Keeps a snapshot in place of the stream's former one, if that is older.
    mutating func save(_ snapshot: Snapshot) throws(EventStoreError)

    /// The latest snapshot of a stream that its events bear out; nil if there is none.
    mutating func snapshot(of stream: StreamName) throws(EventStoreError) -> Snapshot?

    /// The streams that have events, in order of their names.
    /// - Parameters:
    ///   - category: of which category; nil for all.
    ///   - name: behind which name to begin; nil for the first.
    ///   - limit: how many at most, 1 to 4096; what is outside counts as the nearest of these.
    mutating func streams(
        in category: String?, after name: StreamName?, limit: Int
    ) throws(EventStoreError) -> [StreamListing]
}

/// How a stream is deleted.
public enum Deletion: Hashable, Sendable {
    /// Its events are hidden; new ones may follow, and go on with the numbering.
    case forNow
    /// A tombstone is its last event, and nothing can ever be appended again.
    case forEver
}

/// A stream in a list.
public struct StreamListing: Hashable, Sendable {
    /// The stream.
    public let stream: StreamName
    /// What is known about it.
    public let state: StreamState

    /// A stream in a list.
    public init(stream: StreamName, state: StreamState) {
        self.stream = stream
        self.state = state
    }
}

/// How much a store takes at once.
public struct AppendLimits: Hashable, Sendable {
    /// Events of all streams together.
    public let events: Int
    /// Bytes of data and metadata of all events together.
    public let bytes: Int

    /// 20 000 events and 64 MiB.
    public static var standard: AppendLimits { AppendLimits(events: 20_000, bytes: 64 << 20) }

    /// Limits; less than 1 counts as 1.
    public init(events: Int, bytes: Int) {
        self.events = max(1, events)
        self.bytes = max(1, bytes)
    }

    /// Refuses appends that are too large, or that name a stream twice.
    public func check(_ appends: [StreamAppend]) throws(EventStoreError) {
        var (count, size) = (0, 0)
        for append in appends {
            count += append.events.count
            for event in append.events { size += event.data.count + event.metadata.count }
        }
        guard count <= events else { throw .tooLarge(what: "events", given: count, limit: events) }
        guard size <= bytes else { throw .tooLarge(what: "bytes", given: size, limit: bytes) }
        guard appends.count > 1 else { return }
        var seen: Set<StreamName> = []
        for append in appends where !seen.insert(append.stream).inserted { throw .streamTwice(append.stream) }
    }
}

extension EventStore {
    /// Appends events to one stream: all of them, or none.
    @discardableResult
    public mutating func append(
        _ events: [EventData], to stream: StreamName, expecting expected: ExpectedVersion, at now: Instant
    ) throws(EventStoreError) -> Appended {
        try append([StreamAppend(events, to: stream, expecting: expected)], at: now)[0]
    }
}

/// A number of events for one page.
public enum PageSize {
    /// The most that a page holds.
    public static var limit: Int { 4_096 }

    /// The nearest number to this that a page can hold.
    public static func clamped(_ count: Int) -> Int { min(max(1, count), limit) }
}
