import Bulkheads
import CQRS
import EventSourcing
import Resilience
import Simulation
import Timeline

extension Reading {
    /// What it says now; nil without a sample.
    func number(in simulation: Simulation, over coverage: Coverage) -> Double? {
        switch metric {
        case .p50: quantile(0.5, Growth(simulation, coverage))
        case .p90: quantile(0.9, Growth(simulation, coverage))
        case .p99: quantile(0.99, Growth(simulation, coverage))
        case .p999: quantile(0.999, Growth(simulation, coverage))
        case .max: quantile(1, Growth(simulation, coverage))
        case .mean: latencies(Growth(simulation, coverage))?.mean.map { Double($0.nanoseconds) }
        case .rate: rate(.offered, Growth(simulation, coverage))
        case .okRate: rate(.ok, Growth(simulation, coverage))
        case .errorShare: errorShare(Growth(simulation, coverage))
        case .failed: count(.failed, Growth(simulation, coverage))
        case .rejected: count(.rejected, Growth(simulation, coverage))
        case .timedOut: count(.timedOut, Growth(simulation, coverage))
        case .queue: simulation.world.value(of: .queued(service: index))
        case .busy: simulation.world.value(of: .busy(service: index))
        case .utilisation: utilisation(simulation, Growth(simulation, coverage))
        case .inFlight: Double(simulation.world.callsUnderWay)
        case .bulkheadUse: bulkhead(simulation).map { Double($0.active) }
        case .bulkheadQueue: bulkhead(simulation).map { Double($0.queued) }
        case .connectionsInUse: pools(simulation)?.reduce(0) { $0 + Double($1.active) }
        case .connectionWaiters: pools(simulation)?.reduce(0) { $0 + Double($1.waiting) }
        case .connectionTimeouts: connectionTimeouts(Growth(simulation, coverage))
        case .memoryUse: memoryUse(simulation)
        case .hitRatio: hitRatio(simulation, Growth(simulation, coverage))
        case .loads: Growth(simulation, coverage)?.of(.loads(service: index))
        case .lostWrites: Double(simulation.world.cache(ofService: index)?.counts.lostWrites ?? 0)
        case .unwritten: Double(simulation.world.cache(ofService: index)?.unwritten ?? 0)
        case .staleHits: Double(simulation.world.cache(ofService: index)?.counts.staleReads ?? 0)
        case .running: tally(simulation, \.running, \.running)
        case .compensating: tally(simulation, \.compensating, \.compensating)
        case .completed: tally(simulation, \.completed, \.completed)
        case .compensated: tally(simulation, \.compensated, \.compensated)
        case .compensationFailed: Double(simulation.world.sagaTallies[index].compensationFailed)
        case .overdue: Double(simulation.world.sagaTallies[index].overdue)
        case .attention: tally(simulation, \.attention, \.attention)
        case .stuck: Double(simulation.world.sagaTallies[index].stuck)
        case .alarms: Double(simulation.world.sagaTallies[index].alarms)
        case .killed: tally(simulation, \.killed, \.closed)
        case .orphaned: Double(simulation.world.flowTallies[index].orphaned)
        case .recovered: Double(simulation.world.sagaTallies[index].recovered)
        case .leftOut: Double(simulation.world.sagaTallies[index].leftOut)
        case .stock: Double(simulation.world.stock(ofService: index).onHand)
        case .oversold: Double(simulation.world.stock(ofService: index).oversold)
        case .attempts: Growth(simulation, coverage)?.of(.attempts(edge: index))
        case .attemptRate:
            Growth(simulation, coverage).map { $0.of(.attempts(edge: index)) / $0.seconds }
        case .conflicts: Growth(simulation, coverage)?.of(.conflicts(service: index))
        case .retries: Growth(simulation, coverage)?.of(.retries(edge: index))
        case .timeouts: Growth(simulation, coverage)?.of(.timeouts(edge: index))
        case .trips: trips(simulation)
        case .ejected: balancer(simulation).map { Double($0.ejected) }
        case .unhealthy: balancer(simulation).map { Double($0.unhealthy) }
        case .eligible: balancer(simulation).map { Double($0.eligible) }
        case .busiestShare: balancer(simulation)?.busiestShare
        case .replicas: Double(simulation.world.running(ofService: index))
        case .limit: limit(simulation)
        case .rateLimited: Growth(simulation, coverage)?.of(.rateLimited(edge: index))
        case .throttledShare: throttledShare(Growth(simulation, coverage))
        case .faultsActive: Double(simulation.world.faultLog.count { $0.isActive })
        case .appended: Double(simulation.world.storeTotals(index).appended)
        case .lostEvents: Double(simulation.world.cluster(ofStore: index).totals.lostEvents)
        case .versionConflicts: Double(simulation.world.storeTotals(index).conflicts)
        case .storeTimeouts: Double(simulation.world.storeTotals(index).timedOut)
        case .conflictingEvents: Double(simulation.world.availableNodes(ofStore: index)?.concurrent ?? 0)
        case .diverged: Double(simulation.world.availableNodes(ofStore: index)?.diverged ?? 0)
        case .projected: Double(simulation.world.projection(index).projected)
        case .projectedTwice: Double(simulation.world.projection(index).projectedAgain)
        case .unprojected: Double(simulation.world.projection(index).unprojected)
        case .lag: Double(simulation.world.projection(index).lag)
        case .lagTime: Double(simulation.world.lagTime(ofProjection: index).nanoseconds)
        case .deadLetters: Double(deadLetters(simulation))
        case .staleReads: Double(simulation.world.projection(index).totals.staleReads)
        case .ownWritesMissed: Double(simulation.world.projection(index).totals.ownWritesMissed)
        case .commandsWaiting: Double(simulation.world.commandsWaiting(onBus: index))
        case .commandsDone: Double(simulation.world.commandBus(index).sum(\.done))
        case .commandRetries: Double(simulation.world.commandBus(index).sum(\.retried))
        case .overLimit, .unauthorized, .unrouted, .invalidRequests, .storedAnswers, .serverErrors, .believedHeaders,
            .keyFetches:
            gatewayCount(simulation.world)
        }
    }

    /// A count of a gateway.
    private func gatewayCount(_ world: World) -> Double? {
        guard let tally = world.gatewayTally(ofService: index) else { return nil }
        let count: UInt64? =
            switch metric {
            case .overLimit: tally.failed(.rateLimit)
            case .unauthorized: tally.failed(.auth)
            case .unrouted: tally.failed(.noRoute)
            case .invalidRequests:
                [GatewayEnd.malformed, .suspicious, .validation, .transform].reduce(0) { $0 + tally.failed($1) }
            case .storedAnswers: tally.ended(.stored) - tally.failed(.stored)
            case .serverErrors: tally.statuses.reduce(0) { $0 + ($1.code >= 500 ? $1.count : 0) }
            case .believedHeaders: tally.believed
            case .keyFetches: tally.keyFetches
            default: nil
            }
        return count.map { Double($0) }
    }

    /// The index in the plan of what is measured.
    private var index: Int {
        switch subject {
        case .system: 0
        case .operation(let name, _), .load(let name, _), .service(let name), .cache(let name, _, _), .edge(let name),
            .saga(let name), .choreography(let name), .store(let name), .projection(let name), .bus(let name):
            name.index
        case .stage(let name): name.edge
        }
    }

    /// A count of a saga, or of the flows of a choreography.
    private func tally(
        _ simulation: Simulation, _ ofSagas: KeyPath<SagaTally, UInt64>, _ ofFlows: KeyPath<FlowTally, UInt64>
    ) -> Double {
        if case .choreography = subject { return Double(simulation.world.flowTallies[index][keyPath: ofFlows]) }
        return Double(simulation.world.sagaTallies[index][keyPath: ofSagas])
    }

    private func series(_ count: History.Count) -> History.Series {
        if case .load(let name, _) = subject { return .load(name.index, count) }
        return .operation(index, count)
    }

    private func count(_ count: History.Count, _ growth: Growth?) -> Double? {
        growth?.of(series(count))
    }

    private func rate(_ count: History.Count, _ growth: Growth?) -> Double? {
        growth.map { $0.of(series(count)) / $0.seconds }
    }

    private func errorShare(_ growth: Growth?) -> Double? {
        guard let growth else { return nil }
        let failed = growth.of(series(.failed))
        let ended = failed + growth.of(series(.ok))
        return ended > 0 ? failed / ended : nil
    }

    private func latencies(_ growth: Growth?) -> Latencies? {
        switch subject {
        case .operation(let name, let kind):
            growth?.history.latencies(operation: name.index, kind, over: growth?.range)
        case .load(let name, let kind):
            growth?.history.latencies(load: name.index, kind, over: growth?.range)
        case .system, .service, .cache, .edge, .stage, .saga, .choreography, .store, .projection, .bus:
            nil
        }
    }

    private func quantile(_ share: Double, _ growth: Growth?) -> Double? {
        latencies(growth)?.quantile(share).map { Double($0.nanoseconds) }
    }

    private func utilisation(_ simulation: Simulation, _ growth: Growth?) -> Double? {
        let world = simulation.world
        let workers = (0..<world.running(ofService: index)).reduce(0.0) {
            $0 + Double(world.pool(ofService: index, replica: $1).settings.maximum)
        }
        return growth?.mean(of: .busy(service: index)).map { $0 / workers }
    }

    private func deadLetters(_ simulation: Simulation) -> Int {
        if case .bus = subject { return simulation.world.deadLetters(ofBus: index) }
        if case .choreography = subject { return Int(simulation.world.flowTallies[index].deadLetters) }
        return simulation.world.projection(index).setAside
    }

    private func hitRatio(_ simulation: Simulation, _ growth: Growth?) -> Double? {
        if case .projection = subject { return simulation.world.queryBus(ofProjection: index)?.metrics.hitRatio }
        guard let growth, case .cache(let service, let level, _) = subject else { return nil }
        let levels = simulation.world.cache(ofService: service.index)?.plan.levels.indices ?? 0..<0
        let meant = level == 0 ? levels : (level - 1)..<level
        let asked =
            level == 0
            ? growth.of(.lookups(service: service.index))
            : growth.of(.levelLookups(service: service.index, level: level - 1))
        let hits = meant.reduce(0.0) { $0 + growth.of(.levelHits(service: service.index, level: $1)) }
        return asked > 0 ? hits / asked : nil
    }

    private func bulkhead(_ simulation: Simulation) -> ThreadPool? {
        guard case .stage(let name) = subject else { return nil }
        return simulation.world.bulkhead(edge: name.edge, stage: name.stage)
    }

    private func balancer(_ simulation: Simulation) -> BalancerView? {
        guard case .stage(let name) = subject else { return nil }
        return simulation.world.balancer(edge: name.edge, stage: name.stage)
    }

    private func pools(_ simulation: Simulation) -> [ConnectionPool]? {
        guard case .stage(let name) = subject else { return nil }
        return simulation.world.connections(edge: name.edge, stage: name.stage)
    }

    private func connectionTimeouts(_ growth: Growth?) -> Double? {
        guard case .stage(let name) = subject else { return nil }
        return growth?.of(.connectionTimeouts(edge: name.edge, stage: name.stage))
    }

    private func memoryUse(_ simulation: Simulation) -> Double? {
        guard case .stage(let name) = subject else {
            return simulation.world.memory(ofService: index)?.usage(of: .pool)?.share
        }
        return simulation.world.memory(edge: name.edge, stage: name.stage).flatMap {
            $0.pool.usage(of: .child($0.child))?.share
        }
    }

    private func limit(_ simulation: Simulation) -> Double? {
        guard case .stage(let name) = subject else { return nil }
        return simulation.world.concurrencyLimit(edge: name.edge, stage: name.stage).map { Double($0.limit) }
    }

    private func throttledShare(_ growth: Growth?) -> Double? {
        guard let growth else { return nil }
        let asked = growth.of(.askedThrottle(edge: index))
        return asked > 0 ? growth.of(.throttled(edge: index)) / asked : nil
    }

    private func trips(_ simulation: Simulation) -> Double? {
        guard case .stage(let name) = subject else { return nil }
        return simulation.world.breakers(name).reduce(0) { $0 + Double($1.trips) }
    }
}

/// What has grown over some windows, of which there is at least one.
private struct Growth {
    let history: History
    /// The windows; nil for the whole run.
    let range: Range<Int>?
    let seconds: Double

    init?(_ simulation: Simulation, _ coverage: Coverage) {
        history = simulation.history
        switch coverage {
        case .windows(let windows):
            guard !windows.isEmpty, windows.upperBound <= history.windows else { return nil }
            range = windows
            seconds = Double(windows.count) * World.window.seconds
        case .wholeRun(let loaded):
            guard history.windows > 0 else { return nil }
            range = nil
            seconds = Double(max(1, min(loaded, history.windows))) * World.window.seconds
        }
    }

    private var windows: Range<Int> { range ?? 0..<history.windows }

    func of(_ series: History.Series) -> Double { history.growth(series, over: windows) }

    func mean(of series: History.Series) -> Double? {
        let samples = windows.compactMap { history.value(series, window: $0) }
        return samples.isEmpty ? nil : samples.reduce(0, +) / Double(samples.count)
    }
}
