public import CQRS
public import Resilience
public import Timeline

/// How a command bus stands.
public struct CommandBusView: Sendable {
    /// Whether its workers are down.
    public let isDown: Bool
    /// Workers that are busy.
    public let busy: Int
    /// Commands that wait in the queue.
    public let waiting: Int
    /// Commands that the queue holds: those that wait, and those that workers have.
    public let depth: Int
    /// When the oldest of those that wait was added; nil if none waits.
    public let oldestSince: Instant?
    /// Commands that are dead letters, or wait behind one.
    public let deadLetters: Int
    /// In how many sequences.
    public let sequencesParked: Int
    /// The dead letters that are being carried out again; nil if none are.
    public let replay: ReplayPlan?
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
    /// Its shards, each with the breaker before it.
    public let shards: [(name: String, metrics: ShardMetrics, breaker: CircuitBreaker)]
}

/// The commands of one sequence that are dead letters: the first of them, and those that wait behind it.
public struct ParkedSequenceView: Hashable, Sendable {
    /// The stream that they are about, by its category and its number: `order-12`.
    public let stream: String
    /// The first of them; its cause is nil if nobody has tried it, since it came from behind one that is gone.
    public let letter: DeadLetter
    /// The operation that sent it.
    public let operation: Int
    /// How many wait behind it.
    public let waiting: Int
    /// Whether it would fail again if it were carried out now, whatever the store says.
    public let isStillPoison: Bool
}

extension World {
    /// How a command bus stands.
    public func commandBus(_ index: Int) -> CommandBusView {
        let bus = buses[index]
        let queue = bus.machine.commands(in: BusHost.queue)
        let letters = bus.machine.deadLetters(of: BusHost.queue)
        return CommandBusView(
            isDown: bus.isDown, busy: bus.busy, waiting: queue?.waiting ?? 0, depth: queue?.depth ?? 0,
            oldestSince: queue?.oldestWaitingSince,
            deadLetters: letters?.count ?? 0, sequencesParked: letters?.sequenceCount ?? 0,
            replay: bus.replay,
            types: buses.names.indices.compactMap { operation in
                bus.machine.metrics(of: BusHost.type(ofOperation: operation)).map { (buses.names[operation], $0) }
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
            shards: queries[index].names.compactMap { name in
                guard let metrics = machine.shards.metrics(of: name), let breaker = machine.shards.breaker(of: name)
                else { return nil }
                return (name, metrics, breaker)
            })
    }

    /// The dead letters of a bus, sequence by sequence, those first that were touched longest ago; so many at most.
    public func deadLetterSequences(ofBus index: Int, atMost count: Int) -> [ParkedSequenceView] {
        let bus = buses[index]
        guard let letters = bus.machine.deadLetters(of: BusHost.queue) else { return [] }
        return letters.firstLetters.prefix(count).compactMap { letter in
            guard let matter = bus.matters[letter.id] else { return nil }
            return ParkedSequenceView(
                stream: "\(matter.fact.kind.category.name)-\(matter.stream + 1)", letter: letter,
                operation: Int(matter.fact.operation), waiting: letters.count(of: letter.sequence) - 1,
                isStillPoison: bus.isPoison(letter.id))
        }
    }

    /// How many commands of an operation were sent on a bus, repetitions included.
    func commandsSent(ofOperation operation: Int, onBus index: Int) -> Int {
        buses[index].machine.metrics(of: BusHost.type(ofOperation: operation))?.sent ?? 0
    }

    /// What became of the queries of a projection; nil if it has no query bus.
    func queryMetrics(ofProjection index: Int) -> QueryMetrics? {
        queries.exists(index) ? queries[index].machine.metrics(of: QueryHost.type) : nil
    }

    /// What a shard of a query bus has done; nil if there is none.
    func shardMetrics(_ shard: Int, ofProjection index: Int) -> ShardMetrics? {
        guard queries.exists(index) else { return nil }
        return queries[index].machine.shards.metrics(of: queries[index].names[shard])
    }

    /// Whether no command waits or is carried out on any bus; dead letters wait for an operator.
    var areBusesEmpty: Bool {
        buses.buses.allSatisfy { bus in
            bus.isDown || (bus.busy == 0 && (bus.machine.commands(in: BusHost.queue)?.depth ?? 0) == 0)
        }
    }
}

extension QueryMetrics {
    /// Queries for which an answer from before was looked for.
    var lookups: Int { hits + misses + coalesced }
}
