import EventSourcing
import Orders
import Timeline

/// A store that can be made to misbehave.
struct ShakyStore: EventStore {
    var base = MemoryEventStore()
    /// What somebody else asks of an order just before each of the next appends to it.
    var rivals: [Order.Command] = []
    /// How many of the next appends take place without an answer.
    var lostAnswers = 0
    /// How many of the next appends do not take place, for want of an answer.
    var outages = 0
    /// How many of the next pages of the log cannot be read.
    var readOutages = 0
    private var rivalCommands = 0

    var limits: AppendLimits { base.limits }
    var metrics: EventStoreMetrics { base.metrics }

    mutating func append(_ appends: [StreamAppend], at now: Instant) throws(EventStoreError) -> [Appended] {
        if !rivals.isEmpty, let order = appends.first?.stream.id {
            rivalCommands += 1
            let id = EventID(high: 99, low: UInt64(rivalCommands))
            let repository = try? Repository<Order>(category: OrderHandler.category)
            // A rival may be refused as anybody else.
            _ = try? repository?.decide(
                rivals.removeFirst(), on: order, commandID: id, correlation: id, in: &base, at: now)
        }
        if outages > 0 {
            outages -= 1
            throw .unavailable("nobody is there")
        }
        let appended = try base.append(appends, at: now)
        guard lostAnswers > 0 else { return appended }
        lostAnswers -= 1
        throw .unavailable("the answer is lost")
    }

    mutating func read(
        _ stream: StreamName, from version: StreamVersion?, _ direction: ReadDirection, limit: Int
    ) throws(EventStoreError) -> StreamPage {
        try base.read(stream, from: version, direction, limit: limit)
    }

    mutating func readLog(
        _ filter: LogFilter, from position: Position?, _ direction: ReadDirection, limit: Int
    ) throws(EventStoreError) -> LogPage {
        if readOutages > 0 {
            readOutages -= 1
            throw .unavailable("nobody is there")
        }
        return base.readLog(filter, from: position, direction, limit: limit)
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

    mutating func save(_ snapshot: Snapshot) throws(EventStoreError) { base.save(snapshot) }

    mutating func snapshot(of stream: StreamName) throws(EventStoreError) -> Snapshot? { base.snapshot(of: stream) }

    mutating func streams(
        in category: String?, after name: StreamName?, limit: Int
    ) throws(EventStoreError) -> [StreamListing] {
        base.streams(in: category, after: name, limit: limit)
    }
}
