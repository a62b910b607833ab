public import Bulkheads
import CQRS
import Caching
public import Resilience
public import Timeline

// What can be seen of the world from outside. Indices are those of the plan.

extension World {
    /// The virtual time.
    public var now: Instant { port.now }

    /// How many events have been executed.
    public var eventsExecuted: UInt64 { port.executed }

    /// How many events are pending.
    public var eventsPending: Int { port.agenda.count }

    /// The fingerprint of all events executed, with their times and outcomes: equal for equal runs.
    public var runDigest: Digest { port.digest }

    /// The number that the next journal entry will have.
    public var nextEntry: EntryID { port.nextEntry }

    /// How many calls are under way, late ones included. Health checks are none.
    public var callsUnderWay: Int { frames.live - balancers.probesUnderWay }

    /// What has changed since the run last went on.
    public var changes: Watch { port.touched }

    /// How many requests have arrived.
    public var requestsArrived: UInt64 { requests }

    /// Whether nobody asks for anything any more: no call, no saga and no command is under way, no write waits in a cache
    /// for its store, every projection that goes on has what the stores have, and nodes that can have told each other all
    /// they know.
    public var isIdle: Bool {
        callsUnderWay == 0 && sagas.live == 0 && flows.areAtRest && areBusesEmpty && areProjectionsSettled
            && areNodesAlike && caches.areWritten
    }

    /// The workers and the queue of a service, of one replica or of the first.
    public func pool(ofService service: Int, replica: Int = 0) -> ThreadPool {
        services.pool(services.stations(of: service).lowerBound + replica)
    }

    /// How many replicas a service has.
    public func replicas(ofService service: Int) -> Int { services.replicas(of: service) }

    /// Whether a replica of a service is down, or with nil all of them that run.
    public func isDown(service: Int, replica: Int? = nil) -> Bool {
        let stations = services.runningStations(of: service)
        return replica.map { services.isDown(stations.lowerBound + $0) } ?? stations.allSatisfy(services.isDown)
    }

    /// How many calls a service finished for callers that had already gone.
    public func workForNobody(service: Int) -> UInt64 {
        services.stations(of: service).reduce(0) { $0 + services.workForNobody($1) }
    }

    /// A count of all replicas of a service together.
    private func sum(_ service: Int, _ count: (ThreadPool) -> Int) -> Double {
        Double(services.stations(of: service).reduce(0) { $0 + count(services.pool($1)) })
    }

    /// How many writings of a service's row found that it had changed.
    public func conflicts(service: Int) -> UInt64 { rows.conflicts(ofService: service) }

    /// A service's cache, if it has one.
    public func cache(ofService service: Int) -> CacheView? { caches.tier(service).map(CacheView.init) }

    /// How many attempts went out on an edge.
    public func attempts(edge: Int) -> UInt64 { meters.edges[edge].offered }

    /// The breaker at a place of an edge's chain; if there are several, that of one operation or replica.
    public func breaker(edge: Int, stage: Int, part: Int = 0) -> CircuitBreaker? {
        guard case .breaker(let index)? = edges.guardRef(UInt16(edge), UInt8(stage)) else { return nil }
        return breakers.breaker(Int(index), part: part)
    }

    /// How many breakers stand at a place of an edge's chain.
    public func breakerParts(edge: Int, stage: Int) -> Int {
        guard case .breaker(let index)? = edges.guardRef(UInt16(edge), UInt8(stage)) else { return 0 }
        return breakers.parts(Int(index))
    }

    /// The bulkhead at a place of an edge's chain.
    public func bulkhead(edge: Int, stage: Int) -> ThreadPool? {
        guard case .bulkhead(let index)? = edges.guardRef(UInt16(edge), UInt8(stage)) else { return nil }
        return bulkheads.pools[Int(index)]
    }

    /// The semaphore at a place of an edge's chain.
    public func semaphore(edge: Int, stage: Int) -> Semaphore? {
        guard case .semaphore(let index)? = edges.guardRef(UInt16(edge), UInt8(stage)) else { return nil }
        return semaphores.semaphores[Int(index)]
    }

    /// The number of a bulkhead among all, in the order of the plan, for ``History``.
    public func bulkheadNumber(edge: Int, stage: Int) -> Int? {
        guard case .bulkhead(let index)? = edges.guardRef(UInt16(edge), UInt8(stage)) else { return nil }
        return Int(index)
    }

    /// The connection pools at a place of an edge's chain; none if no connections stand there.
    public func connections(edge: Int, stage: Int) -> [ConnectionPool] {
        guard case .connections(let index)? = edges.guardRef(UInt16(edge), UInt8(stage)) else { return [] }
        return connections.pools(Int(index))
    }

    /// How many connections a fault keeps in use at a place of an edge's chain.
    public func leakedConnections(edge: Int, stage: Int) -> Int {
        guard case .connections(let index)? = edges.guardRef(UInt16(edge), UInt8(stage)) else { return 0 }
        return connections.guards[Int(index)].leaksInUse
    }

    /// How many connections were secured at a place of an edge's chain.
    public func handshakes(edge: Int, stage: Int) -> UInt64 {
        guard case .connections(let index)? = edges.guardRef(UInt16(edge), UInt8(stage)) else { return 0 }
        return connections.guards[Int(index)].handshakes
    }

    /// The memory that the guard at a place of an edge's chain takes from, and which of its children the guard is.
    public func memory(edge: Int, stage: Int) -> (pool: MemoryPool, child: Int)? {
        guard case .memory(let index)? = edges.guardRef(UInt16(edge), UInt8(stage)) else { return nil }
        let each = memories.guards[Int(index)]
        return (memories.memory(each.pool), each.child)
    }

    /// The memory of a service, if it has a limit.
    public func memory(ofService service: Int) -> MemoryPool? {
        memories.pool(ofService: service).map { memories.memory($0) }
    }

    /// A count of the connection pools at a place of an edge's chain together.
    private func sum(edge: Int, stage: Int, _ count: (ConnectionPool) -> Int) -> Double {
        Double(connections(edge: edge, stage: stage).reduce(0) { $0 + count($1) })
    }

    /// How many retries the guard at a place of an edge's chain has made, and how many calls it gave up.
    public func retries(edge: Int, stage: Int) -> (made: UInt64, exhausted: UInt64)? {
        guard case .retry(let index)? = edges.guardRef(UInt16(edge), UInt8(stage)) else { return nil }
        let totals = retries.totals(Int(index))
        return (UInt64(totals.retries), UInt64(totals.failed - totals.notRetryable))
    }

    /// What became of the calls that passed the retry at a place of an edge's chain.
    public func retryTotals(edge: Int, stage: Int) -> RetryTotals? {
        guard case .retry(let index)? = edges.guardRef(UInt16(edge), UInt8(stage)) else { return nil }
        return retries.totals(Int(index))
    }

    /// What became of the calls that passed the hedge at a place of an edge's chain, and after how long it hedges now.
    public func hedge(edge: Int, stage: Int) -> (totals: HedgeTotals, delay: Duration?)? {
        guard case .hedge(let index)? = edges.guardRef(UInt16(edge), UInt8(stage)) else { return nil }
        return (hedges.totals(Int(index)), hedges.delay(Int(index)))
    }

    /// The fallback at a place of an edge's chain.
    public func fallback(edge: Int, stage: Int) -> Fallback? {
        guard case .fallback(let index)? = edges.guardRef(UInt16(edge), UInt8(stage)) else { return nil }
        return fallbacks.fallback(Int(index))
    }

    /// The budget that the retries and hedges of an edge share, if they have one.
    public func retryBudget(edge: Int) -> RetryBudget? { edges.budget(UInt16(edge)).map { retries.budget($0) } }

    /// How many calls took longer than the limit at a place of an edge's chain.
    public func timeouts(edge: Int, stage: Int) -> UInt64? {
        guard case .timeout(let index)? = edges.guardRef(UInt16(edge), UInt8(stage)) else { return nil }
        return timeLimits.expirations(Int(index))
    }

    /// The time limit at a place of an edge's chain.
    public func timeout(edge: Int, stage: Int) -> Timeout? {
        guard case .timeout(let index)? = edges.guardRef(UInt16(edge), UInt8(stage)) else { return nil }
        return timeLimits.timeout(Int(index))
    }

    /// How many retries all guards of an edge have made.
    public func retries(edge: Int) -> UInt64 {
        (0..<EdgePlan.guardLimit).reduce(0) { $0 + (retries(edge: edge, stage: $1)?.made ?? 0) }
    }

    /// How many calls took longer than the limits of an edge.
    public func timeouts(edge: Int) -> UInt64 {
        (0..<EdgePlan.guardLimit).reduce(0) { $0 + (timeouts(edge: edge, stage: $1) ?? 0) }
    }

    /// What was measured of each operation.
    public var operationMeters: [Meter] { meters.operations }

    /// What was measured of the attempts on each edge.
    public var edgeMeters: [Meter] { meters.edges }

    /// What was measured of each load.
    public var loadMeters: [Meter] { meters.loads }

    /// Every fault since the beginning; fault number n is at n − 1.
    public var faultLog: [Fault] { faults.faults }

    /// What a service has in stock.
    public func stock(ofService service: Int) -> Stock { stocks.stocks[service] }

    /// How the sagas of each plan stand.
    public var sagaTallies: [SagaTally] { sagas.tallies }

    /// The latest sagas that have ended, oldest first.
    public var endedSagas: [EndedSaga] { sagas.ended }

    /// The sagas under way, in order of arrival.
    public var runningSagas: [RunningSaga] {
        sagas.liveSlots.map { RunningSaga(sagas[$0]) }.sorted { $0.request < $1.request }
    }

    /// The value of a series now.
    public func value(of series: History.Series) -> Double {
        switch series {
        case .operation(let index, let count): meters.operations[index].value(of: count)
        case .load(let index, let count): meters.loads[index].value(of: count)
        case .queued(let service): sum(service, \.queued)
        case .replicaQueued(let service, let replica): Double(pool(ofService: service, replica: replica).queued)
        case .replicaRejected(let service, let replica):
            Double(pool(ofService: service, replica: replica).totals.rejected)
        case .busy(let service): sum(service, \.active)
        case .rejected(let service): sum(service, \.totals.rejected)
        case .bulkheadActive(let index): Double(bulkheads.pools[index].active)
        case .bulkheadQueued(let index): Double(bulkheads.pools[index].queued)
        case .bulkheadRejected(let index): Double(bulkheads.pools[index].totals.rejected)
        case .conflicts(let service): Double(rows.conflicts(ofService: service))
        case .lookups(let service): Double(caches[service].counts.lookups)
        case .levelLookups(let service, let level): Double(caches[service].levels.statistics(of: level).lookups)
        case .levelHits(let service, let level): Double(caches[service].levels.statistics(of: level).hits)
        case .loads(let service): Double(caches[service].paths.reduce(0) { $0 + $1.counts.loads })
        case .staleReads(let service): Double(caches[service].counts.staleReads)
        case .told(let service): Double(caches[service].counts.invalidations)
        case .storedWrites(let service): Double(caches[service].counts.storedWrites)
        case .reads(let service, let read): Double(caches[service].paths.reduce(0) { $0 + $1.counts[read] })
        case .moves(let service, let level, let move): Double(caches[service].levels.statistics(of: level)[move])
        case .attempts(let edge): Double(meters.edges[edge].offered)
        case .retries(let edge): Double(retries(edge: edge))
        case .timeouts(let edge): Double(timeouts(edge: edge))
        case .connectionsInUse(let edge, let stage): sum(edge: edge, stage: stage, \.active)
        case .semaphoreWaiters(let edge, let stage): Double(semaphore(edge: edge, stage: stage)?.waiting ?? 0)
        case .semaphoreRejected(let edge, let stage):
            Double(semaphore(edge: edge, stage: stage)?.totals.rejected ?? 0)
        case .compartmentQueued(let edge, let stage, let part):
            Double(isolator(edge: edge, stage: stage)?.compartments[part].queued ?? 0)
        case .compartmentRefused(let edge, let stage, let part):
            isolator(edge: edge, stage: stage).map { Double($0.compartments[part].totals.turnedAway) } ?? 0
        case .connectionWaiters(let edge, let stage): sum(edge: edge, stage: stage, \.waiting)
        case .connectionTimeouts(let edge, let stage): sum(edge: edge, stage: stage, \.totals.timedOut)
        case .memoryUse(let service): memory(ofService: service)?.usage(of: .pool)?.share ?? 0
        case .rateLimited(let edge): Double(rateLimited(edge: edge))
        case .throttled(let edge): Double(throttled(edge: edge).rejected)
        case .askedThrottle(let edge): Double(throttled(edge: edge).asked)
        case .appended(let store): Double(stores[store].totals.appended)
        case .lag(let projection): Double(self.projection(projection).lag)
        case .commandsWaiting(let bus): Double(commandsWaiting(onBus: bus))
        case .commandsSent(let bus, let operation): Double(commandsSent(ofOperation: operation, onBus: bus))
        case .commandsDone(let bus): Double(commandBus(bus).sum(\.done))
        case .queriesAsked(let projection): Double(queryMetrics(ofProjection: projection)?.asked ?? 0)
        case .queryLookups(let projection): Double(queryMetrics(ofProjection: projection)?.lookups ?? 0)
        case .queryHits(let projection): Double(queryMetrics(ofProjection: projection)?.hits ?? 0)
        case .shardCalls(let projection, let shard):
            Double(shardMetrics(shard, ofProjection: projection)?.calls ?? 0)
        case .underWay: Double(callsUnderWay)
        }
    }
}

extension Meter {
    fileprivate func value(of count: History.Count) -> Double {
        switch count {
        case .offered: Double(offered)
        case .ok: Double(ok)
        case .failed: Double(failed)
        case .rejected: Double(rejected)
        case .timedOut: Double(self.count(.timedOut))
        }
    }
}

extension World {
    /// Whether nothing is due by an instant.
    func isQuiet(until instant: Instant) -> Bool {
        port.agenda.nextTime.map { $0 > instant } ?? true
    }

    /// The fingerprint of the whole state: equal for worlds that go on alike.
    public var stateDigest: Digest {
        var digest = Digest()
        digest.mix(UInt64(bitPattern: port.now.nanoseconds), port.executed)
        digest.mix(port.digest.value, port.nextEntry.number)
        digest.mix(requests, UInt64(frames.live))
        for due in port.agenda.pending { digest.mix(UInt64(bitPattern: due.time.nanoseconds), due.event.code) }
        frames.mix(into: &digest)
        loads.mix(into: &digest)
        services.mix(into: &digest)
        edges.mix(into: &digest)
        breakers.mix(into: &digest)
        bulkheads.mix(into: &digest)
        semaphores.mix(into: &digest)
        retries.mix(into: &digest)
        caches.mix(into: &digest)
        gateways.mix(into: &digest)
        sagas.mix(into: &digest)
        flows.mix(into: &digest)
        faults.mix(into: &digest)
        rows.mix(into: &digest)
        stocks.mix(into: &digest)
        stores.mix(into: &digest)
        projections.mix(into: &digest)
        buses.mix(into: &digest)
        queries.mix(into: &digest)
        meters.mix(into: &digest)
        timeLimits.mix(into: &digest)
        hedges.mix(into: &digest)
        fallbacks.mix(into: &digest)
        balancers.mix(into: &digest)
        connections.mix(into: &digest)
        memories.mix(into: &digest)
        limiters.mix(into: &digest)
        throttles.mix(into: &digest)
        concurrencies.mix(into: &digest)
        isolators.mix(into: &digest)
        idempotency.mix(into: &digest)
        ledger.mix(into: &digest)
        return digest
    }

    /// About how many bytes a copy takes once the original goes on.
    var footprint: Int {
        let fixed = 64 << 10
        return fixed + port.agenda.count * 32 + frames.slots * MemoryLayout<Frame>.stride
            + sagas.footprint + flows.footprint + caches.entries * 64
            + stores.footprint + projections.footprint + gateways.footprint
    }
}
