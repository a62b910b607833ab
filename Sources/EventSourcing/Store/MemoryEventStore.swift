public import Timeline

/// An event store in memory, as one value: a copy of it is a backup.
public struct MemoryEventStore: EventStore, Sendable {
    /// How much it takes at once.
    public let limits: AppendLimits
    /// What it has done so far.
    public internal(set) var metrics = EventStoreMetrics()

    /// The log; nil where an event was scavenged. The event at position 1 comes first.
    var log: [RecordedEvent?] = []
    var streams: [Stream] = []
    var numbers: [StreamName: Int] = [:]
    /// The positions of each category's events.
    var categories: [String: [Position]] = [:]
    /// Where an id stands in its stream.
    var versions: [Identity: StreamVersion] = [:]
    /// Where an append began, by its first event's id.
    var beginnings: [Identity: StreamVersion] = [:]

    /// A stream with its places in the log.
    struct Stream: Sendable {
        let name: StreamName
        let category: String
        /// The place of each event, by its version; a tombstone's is the last.
        var positions: [Position] = []
        var state = StreamState.none
        var snapshot: Snapshot?
    }

    /// An event's id in a stream: the same id may occur in another one.
    struct Identity: Hashable {
        let stream: Int32
        let id: EventID
    }

    /// An empty store.
    public init(limits: AppendLimits = .standard) {
        self.limits = limits
    }

    /// The last position that was given out.
    var head: Position { Position(Int64(log.count)) }

    /// What there is to know about a stream.
    public func state(of stream: StreamName) -> StreamState {
        numbers[stream].map { streams[$0].state } ?? .none
    }

    /// Where a stream holds an append that began with an event of this id.
    public func append(beginningWith id: EventID, in stream: StreamName) -> StreamVersion? {
        numbers[stream].flatMap { beginnings[Identity(stream: Int32($0), id: id)] }
    }

    /// Appends events to one or several streams: all of them, or none.
    public mutating func append(_ appends: [StreamAppend], at now: Instant) throws(EventStoreError) -> [Appended] {
        do throws(EventStoreError) {
            let appended = try decideAndAppend(appends, at: now)
            metrics.count(appended, of: appends)
            return appended
        } catch {
            metrics.count(error)
            throw error
        }
    }

    private mutating func decideAndAppend(
        _ appends: [StreamAppend], at now: Instant
    ) throws(EventStoreError) -> [Appended] {
        try limits.check(appends)
        let batch = try AppendBatch(appends, decisions: appends.map { decision(about: $0) })
        var appended: [Appended] = []
        appended.reserveCapacity(appends.count)
        for (append, repetition) in batch.parts {
            if let repetition {
                let position = numbers[append.stream].map { streams[$0].positions[Int(repetition.number)] }
                appended.append(Appended(lastVersion: repetition, position: position, wasThere: true))
            } else {
                appended.append(store(append, at: now))
            }
        }
        return appended
    }

    private func decision(about append: StreamAppend) -> (StreamState, StreamState.Decision) {
        let number = numbers[append.stream]
        let state = number.map { streams[$0].state } ?? .none
        let decision = state.decide(expecting: append.expected, ids: append.events.lazy.map(\.id)) { id in
            number.flatMap { versions[Identity(stream: Int32($0), id: id)] }
        } idAt: { version in
            number.flatMap { event(version, of: streams[$0])?.event.id }
        }
        return (state, decision)
    }

    /// An event of a stream, hidden or not; nil if it was scavenged, or never was.
    func event(_ version: StreamVersion, of stream: Stream) -> RecordedEvent? {
        let index = Int(version.number)
        guard stream.positions.indices.contains(index) else { return nil }
        return log[Int(stream.positions[index].number) - 1]
    }

    private mutating func store(_ append: StreamAppend, at now: Instant) -> Appended {
        guard !append.events.isEmpty else {
            return Appended(lastVersion: state(of: append.stream).lastVersion, position: nil, wasThere: false)
        }
        let number = number(of: append.stream)
        var version = streams[number].state.nextVersion
        beginnings[Identity(stream: Int32(number), id: append.events[0].id)] = version
        for event in append.events {
            put(event, version, in: number, at: now)
            versions[Identity(stream: Int32(number), id: event.id)] = version
            streams[number].state.lastVersion = version
            version = version + 1
        }
        return Appended(lastVersion: streams[number].state.lastVersion, position: head, wasThere: false)
    }

    /// Puts an event at the end of the log.
    mutating func put(_ event: EventData, _ version: StreamVersion, in number: Int, at now: Instant) {
        let position = head + 1
        log.append(
            RecordedEvent(
                stream: streams[number].name, version: version, position: position, recordedAt: now, event: event))
        streams[number].positions.append(position)
        categories[streams[number].category, default: []].append(position)
    }

    /// The number of a stream, a new one for a new stream.
    mutating func number(of name: StreamName) -> Int {
        if let number = numbers[name] { return number }
        numbers[name] = streams.count
        streams.append(Stream(name: name, category: String(name.category)))
        return streams.count - 1
    }
}
