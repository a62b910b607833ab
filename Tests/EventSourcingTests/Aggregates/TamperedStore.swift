import EventSourcing
import Timeline

/// A store that can be made to misbehave.
struct TamperedStore: EventStore {
    var base = MemoryEventStore()
    /// An event that is left out of what is read.
    var hidden: StreamVersion?
    /// How often somebody else appends just before the next append.
    var rivals = 0
    /// Whether snapshots cannot be kept.
    var losesSnapshots = false
    /// How many snapshots were offered, by their versions.
    var offered: [Int64] = []

    var limits: AppendLimits { base.limits }
    var metrics: EventStoreMetrics { base.metrics }

    mutating func append(_ appends: [StreamAppend], at now: Instant) throws(EventStoreError) -> [Appended] {
        if rivals > 0 {
            rivals -= 1
            let rival = EventData(
                id: EventID(high: 99, low: UInt64(rivals)), type: "Added", schema: 2, data: Array("1000".utf8))
            try base.append([rival], to: appends[0].stream, expecting: .any, at: now)
        }
        return try base.append(appends, at: now)
    }

    mutating func read(
        _ stream: StreamName, from version: StreamVersion?, _ direction: ReadDirection, limit: Int
    ) throws(EventStoreError) -> StreamPage {
        let page = try base.read(stream, from: version, direction, limit: limit)
        return StreamPage(events: page.events.filter { $0.version != hidden }, next: page.next, state: page.state)
    }

    mutating func save(_ snapshot: Snapshot) throws(EventStoreError) {
        offered.append(snapshot.version.number)
        if losesSnapshots { throw .storage("the disk is full") }
        base.save(snapshot)
    }

    mutating func readLog(
        _ filter: LogFilter, from position: Position?, _ direction: ReadDirection, limit: Int
    ) throws(EventStoreError) -> LogPage {
        base.readLog(filter, from: position, direction, limit: limit)
    }

    mutating func state(of stream: StreamName) throws(EventStoreError) -> StreamState { base.state(of: stream) }

    mutating func append(
        beginningWith id: EventID, in stream: StreamName
    ) throws(EventStoreError) -> StreamVersion? {
        base.append(beginningWith: id, in: stream)
    }

    mutating func truncate(_ stream: StreamName, before version: StreamVersion) throws(EventStoreError) {
        try base.truncate(stream, before: version)
    }

    mutating func delete(
        _ stream: StreamName, for extent: Deletion, expecting expected: ExpectedVersion, at now: Instant
    ) throws(EventStoreError) {
        try base.delete(stream, for: extent, expecting: expected, at: now)
    }

    mutating func scavenge(upTo position: Position) throws(EventStoreError) -> Int { base.scavenge(upTo: position) }

    mutating func snapshot(of stream: StreamName) throws(EventStoreError) -> Snapshot? { base.snapshot(of: stream) }

    mutating func streams(
        in category: String?, after name: StreamName?, limit: Int
    ) throws(EventStoreError) -> [StreamListing] {
        base.streams(in: category, after: name, limit: limit)
    }
}
