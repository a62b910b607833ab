public import Timeline

/// An event store in memory, as one value: a copy of it is a backup.
public struct MemoryEventStore: EventStore, Sendable {
    /// How much it takes at once.
    public let limits: AppendLimits
    /// What it has done so far.
    public internal(set) var metrics = EventStoreMetrics()

    /// The log, in the order in which it was written.
    var runs: [EventRun] = []
    /// The last position that was given out.
    var head = Position.start
    var streams: [Stream] = []
    var numbers: [StreamName: Int] = [:]
    /// Each category's places among the runs.
    var categories: [String: [Int]] = [:]

    /// An empty store.
    public init(limits: AppendLimits = .standard) {
        self.limits = limits
    }

    /// What there is to know about a stream.
    public func state(of stream: StreamName) -> StreamState {
        numbers[stream].map { streams[$0].state } ?? .none
    }

    /// Where a stream holds an append that began with an event of this id.
    public func append(beginningWith id: EventID, in stream: StreamName) -> StreamVersion? {
        numbers[stream].flatMap { streams[$0].beginnings[id] }
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
                let position = numbers[append.stream].flatMap {
                    run(with: repetition, of: $0)?.position(of: repetition)
                }
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
            number.flatMap { streams[$0].versions[id] }
        } idAt: { version in
            number.flatMap { run(with: version, of: $0)?.id(of: version) }
        }
        return (state, decision)
    }

    /// The run that holds an event of a stream, hidden or not; nil if the event was scavenged, or never was.
    func run(with version: StreamVersion, of number: Int) -> EventRun? {
        let places = streams[number].runs
        let index = places.firstIndex(from: 0) { runs[$0].endVersion > version }
        guard index < places.count, runs[places[index]].version <= version else { return nil }
        return runs[places[index]]
    }

    private mutating func store(_ append: StreamAppend, at now: Instant) -> Appended {
        guard !append.events.isEmpty else {
            return Appended(lastVersion: state(of: append.stream).lastVersion, position: nil, wasThere: false)
        }
        let number = number(of: append.stream)
        put(append.events, in: number, at: now)
        streams[number].count(append.events)
        return Appended(lastVersion: streams[number].state.lastVersion, position: head, wasThere: false)
    }

    /// Puts events at the end of the log.
    mutating func put(_ events: [EventData], in number: Int, at now: Instant) {
        streams[number].runs.append(runs.count)
        categories[streams[number].category, default: []].append(runs.count)
        runs.append(
            EventRun(events, of: number, from: streams[number].state.nextVersion, at: head + 1, now))
        head = head + events.count
    }

    /// The number of a stream, a new one for a new stream.
    mutating func number(of name: StreamName) -> Int {
        if let number = numbers[name] { return number }
        numbers[name] = streams.count
        streams.append(Stream(name: name))
        return streams.count - 1
    }
}
