import Timeline

/// Events that were appended to a stream together, as they lie in a store's memory: the array that their author handed
/// over, and once for all of them what follows from the first one's place.
struct EventRun: Sendable {
    /// The number of their stream.
    let stream: Int
    let recordedAt: Instant
    /// The first event's places.
    private(set) var version: StreamVersion
    private(set) var position: Position
    private(set) var events: [EventData]

    /// Events at the end of a stream and of the log.
    init(_ events: [EventData], of stream: Int, from version: StreamVersion, at position: Position, _ now: Instant) {
        self.events = events
        self.stream = stream
        self.version = version
        self.position = position
        recordedAt = now
    }

    /// Just behind the last event.
    var endVersion: StreamVersion { version + events.count }
    var endPosition: Position { position + events.count }

    /// The id of the event of a version that it holds, and its position.
    func id(of version: StreamVersion) -> EventID { events[Int(version.number - self.version.number)].id }
    func position(of version: StreamVersion) -> Position { position + Int(version.number - self.version.number) }

    /// Those of its events whose positions are among these.
    func indices(within span: Range<Position>) -> Range<Int> {
        let first = max(span.lowerBound, position)
        let end = max(first, min(span.upperBound, endPosition))
        return Int(first - position)..<Int(end - position)
    }

    /// An event with its places.
    func recorded(_ index: Int, of name: StreamName) -> RecordedEvent {
        RecordedEvent(
            stream: name, version: version + index, position: position + index, recordedAt: recordedAt,
            event: events[index])
    }

    /// Removes the events before a version, up to a position, and returns them. They are the first of the run: nothing
    /// is left of it if they are all.
    mutating func removeEvents(before version: StreamVersion, upTo position: Position) -> ArraySlice<EventData> {
        let count = events.indices.prefix { self.version + $0 < version && self.position + $0 <= position }.count
        let removed = events.prefix(count)
        events.removeFirst(count)
        self.version = self.version + count
        self.position = self.position + count
        return removed
    }
}
