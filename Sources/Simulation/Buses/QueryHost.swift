import CQRS
import EventSourcing
import Resilience
import Timeline

/// The chapter of the query buses: one before the table of each projection that has one.
struct QueryHost: Sendable {
    private(set) var buses: [Bus]
    /// Where each projection's bus stands in `buses`; -1 for none.
    private let places: [Int]
    /// Queries that shards work on.
    var executions = Slots<Execution>()

    /// One query bus; a value is the number of the last event in a row, 0 for none.
    struct Bus: Sendable {
        private(set) var plan: QueryBusPlan
        var machine: QueryBus<UInt32>
        private(set) var latencyDraws: RandomStream
        /// The names of its shards.
        let names: [String]
        /// What each shard's breaker did last, as far as the journal has it.
        var breakers: [Breaker]

        init(_ plan: QueryBusPlan, of projection: ProjectionPlan, seed: UInt64) {
            self.plan = plan
            latencyDraws = RandomStream(seed: seed, name: projection.name, purpose: "shards")
            names = (0..<plan.shards).map { projection.name(ofShard: $0) }
            breakers = Array(repeating: Breaker(), count: plan.shards)
            do {
                machine = QueryBus(
                    try QueryBusSettings(
                        cacheCapacity: plan.cache, concurrency: 1_000_000,
                        shards: QueryShards.Settings(
                            balancing: .leastInFlight, breaker: plan.breaker, detector: plan.detector)))
                try machine.register(
                    QueryType(
                        QueryHost.type, handledBy: QueryHost.type, timeToLive: plan.cache > 0 ? plan.timeToLive : nil,
                        reach: .shard))
                for name in names {
                    try machine.addShard(name, replicas: plan.replicas, at: .zero)
                }
            } catch {
                preconditionFailure("a plan's settings are checked: \(error)")
            }
        }

        /// Which shard has this name.
        func shard(named name: String) -> Int {
            guard let shard = names.firstIndex(of: name) else { preconditionFailure("the bus knows its shards") }
            return shard
        }

        /// How long a shard works on the next query.
        mutating func sampleLatency() -> Duration { plan.latency.sample(using: &latencyDraws) }

        /// What the breaker of a shard has become since it was looked at last.
        mutating func newTransition(ofShard shard: Int) -> CircuitBreaker.Transition? {
            let transition = machine.shards.breaker(of: names[shard])?.lastTransition
            guard transition != breakers[shard].transition else { return nil }
            breakers[shard].transition = transition
            return transition
        }

        /// Takes over what can change while it runs.
        mutating func change(to plan: QueryBusPlan) {
            self.plan.latency = plan.latency
            self.plan.invalidates = plan.invalidates
        }
    }

    /// A shard's breaker, as far as the journal has it.
    struct Breaker: Sendable {
        var transition: CircuitBreaker.Transition?
        /// The entry of that.
        var entry = EntryID.none
    }

    /// A query that a shard works on.
    struct Execution: Sendable {
        let projection: UInt16
        let shard: UInt16
        let ticket: QueryBus<UInt32>.Ticket
        let stream: UInt32
        let failure: FailureKind?
        /// What made it fail, or the call that asked.
        let cause: EntryID
    }

    /// The one type of queries: for the row of an aggregate.
    static let type = "row"

    init(plan: Plan) {
        var (buses, places) = ([Bus](), [Int]())
        for projection in plan.projections {
            places.append(projection.queries == nil ? -1 : buses.count)
            if let queries = projection.queries { buses.append(Bus(queries, of: projection, seed: plan.seed)) }
        }
        (self.buses, self.places) = (buses, places)
    }

    mutating func change(to plan: Plan) {
        for (index, projection) in plan.projections.enumerated() where places[index] >= 0 {
            if let queries = projection.queries { buses[places[index]].change(to: queries) }
        }
    }

    func exists(_ projection: Int) -> Bool { places[projection] >= 0 }

    /// The bus of a projection that has one.
    subscript(projection: Int) -> Bus {
        get { buses[places[projection]] }
        _modify { yield &buses[places[projection]] }
    }

    /// The query for the row of a stream.
    static func query(_ stream: UInt32) -> Query {
        do throws(SettingError) {
            return try Query(type, key: "\(stream)")
        } catch {
            preconditionFailure("the type has a name: \(error)")
        }
    }

    func mix(into digest: inout Digest) {
        for bus in buses {
            var draws = bus.latencyDraws
            digest.mix(draws.next(), UInt64(bus.machine.cachedResults))
            digest.mix(UInt64(bus.machine.invalidatedResults), UInt64(bus.machine.lateReplies))
        }
        executions.mix(into: &digest)
    }
}
