import Timeline

/// What was measured in each second of the run, outside the world: for graphs, reports and expectations.
///
/// Window n covers the time from second n to second n + 1. Turning time back forgets the windows after it.
public struct History: Sendable {
    /// Something that is measured every second.
    public enum Series: Hashable, Sendable {
        /// A count of an operation, since the beginning.
        case operation(Int, Count)
        /// A count of a load, since the beginning.
        case load(Int, Count)
        /// Calls in a service's queue.
        case queued(service: Int)
        /// Calls in the queue of one of several replicas.
        case replicaQueued(service: Int, replica: Int)
        /// Calls that it turned away since its queue was full, since the beginning.
        case replicaRejected(service: Int, replica: Int)
        /// Workers of a service that are busy.
        case busy(service: Int)
        /// Calls that a service turned away since its queue was full, since the beginning.
        case rejected(service: Int)
        /// Calls in a bulkhead.
        case bulkheadActive(Int)
        /// Calls in line at a bulkhead.
        case bulkheadQueued(Int)
        /// Calls that a bulkhead turned away, since the beginning.
        case bulkheadRejected(Int)
        /// Calls in line at a semaphore at a place of an edge's chain.
        case semaphoreWaiters(edge: Int, stage: Int)
        /// Calls that it turned away, since the beginning.
        case semaphoreRejected(edge: Int, stage: Int)
        /// Calls in line at a compartment of an isolator there.
        case compartmentQueued(edge: Int, stage: Int, compartment: Int)
        /// Calls that it turned away, since the beginning.
        case compartmentRefused(edge: Int, stage: Int, compartment: Int)
        /// Writings of a service's row that found it changed, since the beginning.
        case conflicts(service: Int)
        /// Lookups of a service's cache, since the beginning.
        case lookups(service: Int)
        /// Lookups that reached a level of it, from 0, since the beginning.
        case levelLookups(service: Int, level: Int)
        /// Those that the level answered, since the beginning.
        case levelHits(service: Int, level: Int)
        /// Loads that the cache's misses made, those in the background included, since the beginning.
        case loads(service: Int)
        /// Answers of the cache that were older than the latest write, since the beginning.
        case staleReads(service: Int)
        /// Messages about writes that reached another replica of a service, since the beginning.
        case told(service: Int)
        /// Writes that reached their store later than they were answered, since the beginning.
        case storedWrites(service: Int)
        /// What a cache's reads came to, since the beginning.
        case reads(service: Int, Read)
        /// Entries that came into a level of it from the level below or above, since the beginning.
        case moves(service: Int, level: Int, Move)
        /// Attempts that went out on an edge, since the beginning.
        case attempts(edge: Int)
        /// Retries on an edge, since the beginning.
        case retries(edge: Int)
        /// Calls on an edge that took longer than its limits, since the beginning.
        case timeouts(edge: Int)
        /// Connections in use at a place of an edge's chain.
        case connectionsInUse(edge: Int, stage: Int)
        /// Calls in line for a connection there.
        case connectionWaiters(edge: Int, stage: Int)
        /// Calls that waited for a connection in vain there, since the beginning.
        case connectionTimeouts(edge: Int, stage: Int)
        /// The share of a service's memory in use.
        case memoryUse(service: Int)
        /// Calls on an edge that its limiters refused, since the beginning.
        case rateLimited(edge: Int)
        /// Calls on an edge that its throttles held back, since the beginning.
        case throttled(edge: Int)
        /// Calls on an edge that came to its throttles, since the beginning.
        case askedThrottle(edge: Int)
        /// Events of an event store that count, or did when they were appended, since the beginning.
        case appended(store: Int)
        /// Positions between a projection and the end of what it hears of.
        case lag(projection: Int)
        /// Commands that wait in the queue of a bus.
        case commandsWaiting(bus: Int)
        /// Commands of an operation that were sent on its bus, repetitions included, since the beginning.
        case commandsSent(bus: Int, operation: Int)
        /// Commands of a bus that were done, since the beginning.
        case commandsDone(bus: Int)
        /// Queries that the query bus of a projection was asked, since the beginning.
        case queriesAsked(projection: Int)
        /// Of these, those for which it looked for an answer from before, since the beginning.
        case queryLookups(projection: Int)
        /// Of those, how many it found one for, since the beginning.
        case queryHits(projection: Int)
        /// Calls that a shard of a query bus got, since the beginning.
        case shardCalls(projection: Int, shard: Int)
        /// Calls under way.
        case underWay
    }

    /// What is counted of operations and loads.
    public enum Count: Int, CaseIterable, Hashable, Sendable {
        /// How many began.
        case offered
        /// How many ended well.
        case ok
        /// How many ended badly.
        case failed
        /// How many were turned away before any work.
        case rejected
        /// How many took too long.
        case timedOut
    }

    /// What is counted of a cache's reads.
    public enum Read: CaseIterable, Hashable, Sendable {
        /// Readers that waited for somebody else's load.
        case joined
        /// Loads of what was still fresh.
        case refreshed
        /// Readers that got a value whose life was over.
        case servedStale
    }

    /// What moves between the levels of a cache.
    public enum Move: CaseIterable, Hashable, Sendable {
        /// What was found below came up.
        case promoted
        /// What had no more room above came down.
        case demoted
    }

    private var columns: [Series: Int] = [:]
    private var order: [Series] = []
    private var rows: [Double] = []
    /// How many windows have closed.
    public private(set) var windows = 0
    private var firstWindow = 0
    private var operationLatencies: [LatencyLog]
    private var loadLatencies: [LatencyLog]
    private var edgeLatencies: [LatencyLog]

    /// How many windows are kept: two hours. Graphs and windowed expectations reach back so far; quantiles over
    /// the whole run are exact all the same.
    public static let windowsKept = 7_200

    init(plan: Plan) {
        operationLatencies = plan.operations.map { _ in LatencyLog() }
        loadLatencies = plan.loads.map { _ in LatencyLog() }
        edgeLatencies = plan.edges.map { _ in LatencyLog() }
        var series: [Series] = [.underWay]
        for count in Count.allCases {
            series +=
                plan.operations.indices.map { .operation($0, count) } + plan.loads.indices.map { .load($0, count) }
        }
        for (index, service) in plan.services.enumerated() {
            series += [.queued(service: index), .busy(service: index), .rejected(service: index)]
            if service.replicas > 1 {
                series += (0..<service.replicas).flatMap {
                    [Series.replicaQueued(service: index, replica: $0), .replicaRejected(service: index, replica: $0)]
                }
            }
            if service.keepsRow { series.append(.conflicts(service: index)) }
            if let cache = service.cache {
                series += [.lookups(service: index), .loads(service: index), .staleReads(service: index)]
                if cache.coherence != nil { series.append(.told(service: index)) }
                if cache.behind != nil { series.append(.storedWrites(service: index)) }
                series += Read.allCases.map { .reads(service: index, $0) }
                for level in cache.levels.indices {
                    series += Move.allCases.map { .moves(service: index, level: level, $0) }
                    series += [.levelLookups(service: index, level: level), .levelHits(service: index, level: level)]
                }
            }
            if service.memory != nil { series.append(.memoryUse(service: index)) }
        }
        series += plan.edges.indices.flatMap {
            [Series.attempts(edge: $0), .retries(edge: $0), .timeouts(edge: $0)]
        }
        for (index, edge) in plan.edges.enumerated() {
            let kinds = edge.guards.map(\.name)
            if kinds.contains("limiter") { series.append(.rateLimited(edge: index)) }
            if kinds.contains("throttle") { series += [.throttled(edge: index), .askedThrottle(edge: index)] }
        }
        let pools = plan.edges.flatMap(\.guards).count { if case .bulkhead = $0 { true } else { false } }
        series += (0..<pools).flatMap { [Series.bulkheadActive($0), .bulkheadQueued($0), .bulkheadRejected($0)] }
        for (edge, plan) in plan.edges.enumerated() {
            for (stage, each) in plan.guards.enumerated() { series += Self.series(of: each, edge: edge, stage: stage) }
        }
        series += plan.stores.indices.map { .appended(store: $0) }
        series += plan.projections.indices.map { .lag(projection: $0) }
        series += Self.series(ofBuses: plan)
        order = series
        for (column, each) in series.enumerated() { columns[each] = column }
    }

    /// What is measured of command buses and of query buses.
    private static func series(ofBuses plan: Plan) -> [Series] {
        var series = plan.buses.indices.flatMap { [Series.commandsWaiting(bus: $0), .commandsDone(bus: $0)] }
        series += plan.operations.indices.compactMap { operation in
            plan.operations[operation].command?.bus.map { .commandsSent(bus: $0, operation: operation) }
        }
        for (index, projection) in plan.projections.enumerated() {
            guard let queries = projection.queries else { continue }
            series += [.queriesAsked(projection: index), .queryLookups(projection: index)]
            series.append(.queryHits(projection: index))
            series += (0..<queries.shards).map { .shardCalls(projection: index, shard: $0) }
        }
        return series
    }

    /// What is measured of a guard by its place.
    private static func series(of plan: GuardPlan, edge: Int, stage: Int) -> [Series] {
        switch plan {
        case .connections:
            [
                .connectionsInUse(edge: edge, stage: stage), .connectionWaiters(edge: edge, stage: stage),
                .connectionTimeouts(edge: edge, stage: stage),
            ]
        case .semaphore:
            [.semaphoreWaiters(edge: edge, stage: stage), .semaphoreRejected(edge: edge, stage: stage)]
        case .isolator(let isolator):
            isolator.names.indices.flatMap { part -> [Series] in
                [
                    .compartmentQueued(edge: edge, stage: stage, compartment: part),
                    .compartmentRefused(edge: edge, stage: stage, compartment: part),
                ]
            }
        default: []
        }
    }

    /// Takes the window that has just closed.
    mutating func record(_ world: borrowing World) {
        for series in order { rows.append(world.value(of: series)) }
        for index in operationLatencies.indices { operationLatencies[index].record(world.operationMeters[index]) }
        for index in loadLatencies.indices { loadLatencies[index].record(world.loadMeters[index]) }
        for index in edgeLatencies.indices { edgeLatencies[index].record(world.edgeMeters[index]) }
        windows += 1
        if windows - firstWindow > Self.windowsKept * 2 { forgetOldest() }
    }

    /// Forgets the windows that close after this moment.
    mutating func truncate(to time: Instant) {
        let kept = Int(max(0, time.nanoseconds) / World.window.nanoseconds)
        guard kept < windows else { return }
        windows = kept
        firstWindow = min(firstWindow, kept)
        rows.removeLast(rows.count - (windows - firstWindow) * order.count)
        for index in operationLatencies.indices { operationLatencies[index].truncate(to: kept) }
        for index in loadLatencies.indices { loadLatencies[index].truncate(to: kept) }
        for index in edgeLatencies.indices { edgeLatencies[index].truncate(to: kept) }
    }

    private mutating func forgetOldest() {
        let surplus = windows - firstWindow - Self.windowsKept
        rows.removeFirst(surplus * order.count)
        firstWindow += surplus
        for index in operationLatencies.indices { operationLatencies[index].fold(before: firstWindow) }
        for index in loadLatencies.indices { loadLatencies[index].fold(before: firstWindow) }
        for index in edgeLatencies.indices { edgeLatencies[index].fold(before: firstWindow) }
    }
}

extension History {
    /// The value of a series when a window closed; nil if the window is not held, or the plan has no such series.
    public func value(_ series: Series, window: Int) -> Double? {
        guard let column = columns[series], window >= firstWindow, window < windows else { return nil }
        return rows[(window - firstWindow) * order.count + column]
    }

    /// The last values of a series, oldest first, at most so many.
    public func recent(_ series: Series, _ count: Int) -> [Double] {
        (max(firstWindow, windows - count)..<max(windows, firstWindow)).compactMap { value(series, window: $0) }
    }

    /// By how much a count grew in each of the last windows, oldest first: a rate per second.
    public func rates(_ series: Series, _ count: Int) -> [Double] {
        (max(firstWindow, windows - count)..<max(windows, firstWindow)).compactMap { window in
            guard let value = value(series, window: window), let start = start(of: window, series) else { return nil }
            return value - start
        }
    }

    /// By how much a count grew over a range of windows.
    public func growth(_ series: Series, over range: Range<Int>) -> Double {
        guard let last = value(series, window: range.upperBound - 1) else { return 0 }
        return last - (start(of: range.lowerBound, series) ?? value(series, window: range.lowerBound) ?? 0)
    }

    /// The value of a count when a window began; nil if that is not held any more.
    private func start(of window: Int, _ series: Series) -> Double? {
        window == 0 ? 0 : value(series, window: window - 1)
    }

    /// The latencies of an operation's calls that ended in a range of windows; nil for the whole run.
    public func latencies(operation: Int, _ kind: LatencyLog.Kind, over range: Range<Int>?) -> Latencies {
        operationLatencies[operation].latencies(kind, over: range)
    }

    /// The latencies of an edge's attempts that came back in a range of windows; nil for the whole run.
    public func latencies(edge: Int, _ kind: LatencyLog.Kind, over range: Range<Int>?) -> Latencies {
        edgeLatencies[edge].latencies(kind, over: range)
    }

    /// The latencies of a load's requests that ended in a range of windows; nil for the whole run.
    public func latencies(load: Int, _ kind: LatencyLog.Kind, over range: Range<Int>?) -> Latencies {
        loadLatencies[load].latencies(kind, over: range)
    }
}
