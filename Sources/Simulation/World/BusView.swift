public import CQRS
public import Timeline

/// How a command bus stands.
public struct CommandBusView: Sendable {
    /// Whether its workers are down.
    public let isDown: Bool
    /// Workers that are busy.
    public let busy: Int
    /// Commands that wait in the queue.
    public let waiting: Int
    /// When the oldest of them was added; nil if none waits.
    public let oldestSince: Instant?
    /// Commands that are dead letters, or wait behind one.
    public let deadLetters: Int
    /// In how many sequences.
    public let sequencesParked: Int
    /// Whether dead letters are being carried out again.
    public let isReplaying: Bool
    /// What became of the commands, by their types.
    public let types: [(name: String, metrics: CommandMetrics)]

    /// A count of all types together.
    public func sum(_ count: (CommandMetrics) -> Int) -> Int { types.reduce(0) { $0 + count($1.metrics) } }
}

/// How a query bus stands.
public struct QueryBusView: Sendable {
    /// What became of the queries.
    public let metrics: QueryMetrics
    /// Answers that are kept.
    public let cached: Int
    /// Answers that were dropped since the row had changed.
    public let invalidated: Int
    /// Its shards.
    public let shards: [(name: String, metrics: ShardMetrics)]
}

extension World {
    /// How a command bus stands.
    public func commandBus(_ index: Int) -> CommandBusView {
        let bus = buses[index]
        let queue = bus.machine.commands(in: BusHost.queue)
        let letters = bus.machine.deadLetters(of: BusHost.queue)
        return CommandBusView(
            isDown: bus.isDown, busy: bus.busy, waiting: queue?.waiting ?? 0, oldestSince: queue?.oldestWaitingSince,
            deadLetters: letters?.count ?? 0, sequencesParked: letters?.sequenceCount ?? 0,
            isReplaying: bus.replay != nil,
            types: bus.machine.registeredTypes.compactMap { type in
                bus.machine.metrics(of: type.name).map { (type.name, $0) }
            })
    }

    /// Commands that wait in the queue of a bus.
    public func commandsWaiting(onBus index: Int) -> Int {
        buses[index].machine.commands(in: BusHost.queue)?.waiting ?? 0
    }

    /// Commands of a bus that are dead letters, or wait behind one.
    public func deadLetters(ofBus index: Int) -> Int { buses[index].machine.deadLetters(of: BusHost.queue)?.count ?? 0 }

    /// How the query bus of a projection stands; nil if it has none.
    public func queryBus(ofProjection index: Int) -> QueryBusView? {
        guard queries.exists(index) else { return nil }
        let machine = queries[index].machine
        guard let metrics = machine.metrics(of: QueryHost.type) else { return nil }
        return QueryBusView(
            metrics: metrics, cached: machine.cachedResults, invalidated: machine.invalidatedResults,
            shards: (0..<queries[index].plan.shards).compactMap { shard in
                let name = projections[index].plan.name(ofShard: shard)
                return machine.shards.metrics(of: name).map { (name, $0) }
            })
    }

    /// Whether no command waits or is carried out on any bus; dead letters wait for an operator.
    var areBusesEmpty: Bool {
        buses.buses.allSatisfy { bus in
            bus.isDown || (bus.busy == 0 && (bus.machine.commands(in: BusHost.queue)?.depth ?? 0) == 0)
        }
    }
}
