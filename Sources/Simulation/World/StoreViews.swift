public import EventSourcing
public import Timeline

/// An event in the log of a store, as it stands now.
public struct LoggedEvent: Hashable, Sendable {
    /// Its number in the store.
    public let entry: UInt32
    /// Where it stands in the log.
    public let position: Position
    /// What has become of it.
    public let fate: PositionLog.Fate
    /// The number of its stream, from 0 in the order in which they began.
    public let stream: UInt32
    /// Where it stands in its stream.
    public let version: StreamVersion
    /// What happened.
    public let kind: CommandPlan.Kind
    /// Cents that it is about.
    public let amount: Int64
    /// The schema that it is written in.
    public let schema: Int
    /// The request that it was decided for.
    public let request: UInt64
    /// The epoch of the leader that wrote it.
    public let epoch: UInt32
    /// When the leader wrote it.
    public let writtenAt: Instant
    /// The journal entry that says so once it counts; before that the one that made it happen.
    public let cause: EntryID
}

// What can be seen of the event stores from outside. Indices are those of the plan.

extension World {
    /// What an event store has done so far.
    public func storeTotals(_ store: Int) -> StoreTotals { stores[store].totals }

    /// The nodes of an event store, with what they have written. If it prefers availability they have written nothing:
    /// see ``availableNodes(ofStore:)``.
    public func cluster(ofStore store: Int) -> StoreCluster { stores[store].cluster }

    /// How many events of an event store count.
    public func eventsCommitted(inStore store: Int) -> UInt64 {
        stores[store].available?.events ?? stores[store].cluster.log.committedCount
    }

    /// The nodes of an event store that prefers availability; nil if it does not.
    public func availableNodes(ofStore store: Int) -> AvailableNodes? { stores[store].available }

    /// The event at a position of a store's log; nil if the log does not go so far.
    public func event(at position: Position, ofStore store: Int) -> LoggedEvent? { stores[store].event(at: position) }

    /// How many positions ``recentEvents(store:count:upTo:where:)`` looks back at.
    public static let recentPositions = 2_000

    /// The newest events of a store's log that meet a condition, newest first: those that count, those that do not any
    /// more or never will, and those of which nobody knows yet. Only the last 2,000 positions are looked at.
    /// - Parameters:
    ///   - index: the store.
    ///   - count: how many at most.
    ///   - last: the position to begin with; nil for the end of the log.
    ///   - isMeant: the condition.
    public func recentEvents(
        store index: Int, count: Int, upTo last: Position? = nil, where isMeant: (LoggedEvent) -> Bool = { _ in true }
    ) -> [LoggedEvent] {
        let store = stores[index]
        let end = store.cluster.log.last
        var number = min(last ?? end, end).number
        let oldest = max(0, number - Int64(Self.recentPositions))
        var events: [LoggedEvent] = []
        while number > oldest, events.count < count {
            if let event = store.event(at: Position(number)), isMeant(event) { events.append(event) }
            number -= 1
        }
        return events
    }

    /// The latest events of a stream that count, newest first.
    public func events(ofStream stream: UInt32, inStore index: Int, atMost count: Int) -> [LoggedEvent] {
        let store = stores[index]
        guard Int(stream) < store.cluster.streamCount else { return [] }
        var (events, entry) = ([LoggedEvent](), store.latest(of: stream))
        while events.count < count, let event = store.event(entry) {
            events.append(event)
            entry = store.cluster.tree[entry].previousInStream
        }
        return events
    }
}

extension Store {
    /// An event by its number, from 1; nil if there is none, or only a leader's mark.
    func event(_ entry: UInt32) -> LoggedEvent? {
        guard entry > 0, entry <= cluster.tree.count else { return nil }
        let event = cluster.tree[entry]
        guard event.stream != HistoryTree.Entry.leaderMark else { return nil }
        let fact = facts[event.payload]
        return LoggedEvent(
            entry: entry, position: event.position, fate: cluster.log.fate(of: event.position), stream: event.stream,
            version: event.version, kind: fact.kind, amount: fact.amount, schema: Int(fact.schema),
            request: fact.request, epoch: event.epoch, writtenAt: event.writtenAt, cause: fact.cause)
    }

    /// The event at a position of the log; nil if the log does not go so far.
    fileprivate func event(at position: Position) -> LoggedEvent? {
        guard position > .start, position <= cluster.log.last else { return nil }
        return event(cluster.log.entry(at: position))
    }
}
