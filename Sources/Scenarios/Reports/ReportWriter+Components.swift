import Bulkheads
import Caching
import Resilience
import Sagas
import Simulation
import Timeline

extension ReportWriter {
    /// All loads together, and each by its name.
    static func requests(_ simulation: Simulation, _ plan: Plan) -> JSON {
        let meters = simulation.world.loadMeters
        let history = simulation.history
        var all = Latencies()
        for index in plan.loads.indices { all.merge(history.latencies(load: index, .all, over: nil)) }
        let total = meters.reduce(Counts()) { $0 + Counts($1) }
        let loads = named(plan.loads.indices, { plan.loads[$0].name }) { index in
            .object(
                Counts(meters[index]).members
                    + latencyMembers(history.latencies(load: index, .all, over: nil)))
        }
        return .object(total.members + latencyMembers(all) + [JSON.Member("loads", loads)])
    }

    static func operations(_ simulation: Simulation, _ plan: Plan) -> JSON {
        let meters = simulation.world.operationMeters
        let history = simulation.history
        return named(plan.operations.indices, { plan.operations[$0].name }) { index in
            .object(
                Counts(meters[index]).members
                    + latencyMembers(history.latencies(operation: index, .all, over: nil)))
        }
    }

    private static func latencyMembers(_ latencies: Latencies) -> [JSON.Member] {
        let shares = [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p999", 0.999), ("max", 1)]
        return shares.map { name, share in
            JSON.Member("\(name)Milliseconds", latencies.quantile(share).map { .number($0.milliseconds) } ?? .null)
        } + [JSON.Member("meanMilliseconds", latencies.mean.map { .number($0.milliseconds) } ?? .null)]
    }

    static func services(_ world: World, _ plan: Plan) -> JSON {
        named(plan.services.indices, { plan.services[$0].name }) { index in
            let pools = (0..<world.replicas(ofService: index)).map { world.pool(ofService: index, replica: $0) }
            return .object(
                sum(of: pools) + [
                    JSON.Member("running", .integer(Int64(world.running(ofService: index)))),
                    JSON.Member("down", .bool(world.isDown(service: index))),
                    JSON.Member("workForNobody", .unsigned(world.workForNobody(service: index))),
                    JSON.Member("priorities", priorities(pools, now: world.now)),
                    JSON.Member("replicas", .list(pools.count > 1 ? pools.map { .object(sum(of: [$0])) } : [])),
                ])
        }
    }

    /// What pools do, all together.
    private static func sum(of pools: [ThreadPool]) -> [JSON.Member] {
        func sum(_ count: (ThreadPool) -> Int) -> JSON { .integer(pools.reduce(0) { $0 + Int64(count($1)) }) }
        return [
            JSON.Member("workers", sum(\.settings.maximum)), JSON.Member("busy", sum(\.active)),
            JSON.Member("queued", sum(\.queued)), JSON.Member("offered", sum(\.totals.submitted)),
            JSON.Member("completed", sum(\.totals.completed)), JSON.Member("rejected", sum(\.totals.rejected)),
        ]
    }

    static func edges(_ world: World, _ plan: Plan) -> JSON {
        named(plan.edges.indices, { plan.edges[$0].name }) { index in
            let stages = plan.edges[index].guards.indices
            let exhausted = stages.compactMap { world.retries(edge: index, stage: $0)?.exhausted }.reduce(0, +)
            let limits = stages.compactMap { stage in
                world.timeout(edge: index, stage: stage).map { JSON.number($0.currentLimit.milliseconds) }
            }
            return [
                "attempts": .unsigned(world.attempts(edge: index)),
                "retries": .unsigned(world.retries(edge: index)),
                "retriesExhausted": .unsigned(exhausted),
                "timeouts": .unsigned(world.timeouts(edge: index)),
                "limitsMilliseconds": .list(limits),
                "guards": .list(plan.edges[index].guards.map { .text($0.name) }),
            ]
        }
    }

    static func bulkheads(_ world: World, _ plan: Plan) -> JSON {
        guards(.bulkhead, plan, world.bulkhead(edge:stage:)) { pool in
            [
                "threads": .integer(Int64(pool.settings.maximum)),
                "active": .integer(Int64(pool.active)),
                "queued": .integer(Int64(pool.queued)),
                "submitted": .integer(Int64(pool.totals.submitted)),
                "rejected": .integer(Int64(pool.totals.rejected)),
                "workForNobody": .integer(Int64(pool.totals.forNobody)),
                "largestSize": .integer(Int64(pool.totals.largestSize)),
                "priorities": priorities([pool], now: world.now),
            ]
        }
    }

    static func semaphores(_ world: World, _ plan: Plan) -> JSON {
        guards(.semaphore, plan, world.semaphore(edge:stage:)) { semaphore in
            let totals = semaphore.totals
            return [
                "permits": .integer(Int64(semaphore.settings.permits)),
                "inUse": .integer(Int64(semaphore.inUse)),
                "waiting": .integer(Int64(semaphore.waiting)),
                "asked": .integer(Int64(totals.asked)),
                "permitted": .integer(Int64(totals.permitted)),
                "rejected": .integer(Int64(totals.rejected)),
                "timedOut": .integer(Int64(totals.timedOut)),
                "workForNobody": .integer(Int64(totals.forNobody)),
                "longestWaitMilliseconds": .number(totals.longestWait.milliseconds),
            ]
        }
    }

    /// The guards of a kind, by the names of their edges; the second on an edge has a 2 behind it.
    static func stages(of kind: GuardKind, _ plan: Plan) -> [(name: String, edge: Int, stage: Int)] {
        plan.edges.enumerated().flatMap { index, edge in
            let stages = edge.guards.indices.filter { edge.guards[$0].name == kind.rawValue }
            return stages.enumerated().map { number, stage in
                (number == 0 ? edge.name : "\(edge.name) \(number + 1)", index, stage)
            }
        }
    }

    /// An object with one member for each guard of a kind, by the name of its edge.
    static func guards<State>(
        _ kind: GuardKind, _ plan: Plan, _ state: (Int, Int) -> State?, _ value: (State) -> JSON
    ) -> JSON {
        .object(
            stages(of: kind, plan).compactMap { name, edge, stage in
                state(edge, stage).map { JSON.Member(name, value($0)) }
            })
    }

    static func caches(_ world: World, _ plan: Plan) -> JSON {
        let cached = plan.services.indices.filter { world.cache(ofService: $0) != nil }
        return named(cached, { plan.services[$0].name }) { index in
            guard let cache = world.cache(ofService: index) else { return .null }
            var members: [JSON.Member] = [
                JSON.Member("lookups", .integer(Int64(cache.counts.lookups))),
                JSON.Member("hits", .integer(Int64(cache.counts.hits))),
                JSON.Member("hitRatio", cache.hitRatio.map(JSON.number) ?? .null),
                JSON.Member("absentHits", .integer(Int64(cache.counts.absentHits))),
                JSON.Member("absentLoads", .integer(Int64(cache.counts.absentLoads))),
                JSON.Member("staleHits", .integer(Int64(cache.counts.staleReads))),
                JSON.Member("loads", .integer(Int64(cache.reads.loads))),
                JSON.Member("joins", .integer(Int64(cache.reads.joins))),
                JSON.Member("refreshes", .integer(Int64(cache.reads.refreshes))),
                JSON.Member("prefetches", .integer(Int64(cache.reads.prefetches))),
                JSON.Member("servedStale", .integer(Int64(cache.reads.servedStale))),
                JSON.Member("writes", .integer(Int64(cache.counts.writes))),
                JSON.Member("lostWrites", .integer(Int64(cache.counts.lostWrites))),
                JSON.Member("unwritten", .integer(Int64(cache.unwritten))),
                JSON.Member("invalidations", .integer(Int64(cache.counts.invalidations))),
                JSON.Member("overtakenLoads", .integer(Int64(cache.counts.overtakenLoads))),
            ]
            members += cache.plan.levels.indices.map { JSON.Member(cache.plan.levels[$0].name, level($0, of: cache)) }
            return .object(members)
        }
    }

    private static func level(_ level: Int, of cache: CacheView) -> JSON {
        let statistics = cache.statistics(ofLevel: level)
        return [
            "entries": .integer(Int64(cache.entries(inLevel: level))),
            "kilobytes": cache.plan.sizes == nil ? .null : .integer(Int64(cache.held(inLevel: level))),
            "hits": .integer(Int64(statistics.hits)),
            "misses": .integer(Int64(statistics.lookups - statistics.hits)),
            "conditionalHitRatio": statistics.conditionalHitRatio.map(JSON.number) ?? .null,
            "shareOfAll": cache.shareOfAll(level).map(JSON.number) ?? .null,
            "expired": .integer(Int64(statistics.evictions[.expired])),
            "evictions": .integer(Int64(statistics.evictions.total)),
            "promotions": .integer(Int64(statistics.promotions)),
            "demotions": .integer(Int64(statistics.demotions)),
        ]
    }

    static func sagas(_ world: World, _ plan: Plan) -> JSON {
        named(plan.sagas.indices, { plan.sagas[$0].definition.name }) { index in
            let tally = world.sagaTallies[index]
            return [
                "started": .unsigned(tally.started),
                "running": .unsigned(tally.running),
                "compensating": .unsigned(tally.compensating),
                "completed": .unsigned(tally.completed),
                "compensated": .unsigned(tally.compensated),
                "compensationFailed": .unsigned(tally.compensationFailed),
                "overdue": .unsigned(tally.overdue),
                "leftOut": .unsigned(tally.leftOut),
                "killed": .unsigned(tally.killed),
                "attention": .unsigned(tally.attention),
                "stuck": .unsigned(tally.stuck),
                "alarms": .unsigned(tally.alarms),
                "recovered": .unsigned(tally.recovered),
            ]
        }
    }

    static func choreographies(_ world: World, _ plan: Plan) -> JSON {
        named(plan.choreographies.indices, { plan.choreographies[$0].choreography.name }) { index in
            let tally = world.flowTallies[index]
            return [
                "started": .unsigned(tally.started),
                "running": .unsigned(tally.running),
                "compensating": .unsigned(tally.compensating),
                "completed": .unsigned(tally.completed),
                "compensated": .unsigned(tally.compensated),
                "orphaned": .unsigned(tally.orphaned),
                "parked": .unsigned(tally.parked),
                "closed": .unsigned(tally.closed),
                "deadLetters": .unsigned(tally.deadLetters),
            ]
        }
    }
}

/// What became of requests or calls.
private struct Counts {
    var offered: UInt64 = 0
    var ok: UInt64 = 0
    var failed: UInt64 = 0
    var rejected: UInt64 = 0
    var timedOut: UInt64 = 0

    init() {}

    init(_ meter: Meter) {
        offered = meter.offered
        ok = meter.ok
        failed = meter.failed
        rejected = meter.rejected
        timedOut = meter.count(.timedOut)
    }

    static func + (left: Counts, right: Counts) -> Counts {
        var sum = left
        sum.offered += right.offered
        sum.ok += right.ok
        sum.failed += right.failed
        sum.rejected += right.rejected
        sum.timedOut += right.timedOut
        return sum
    }

    var members: [JSON.Member] {
        [
            JSON.Member("offered", .unsigned(offered)), JSON.Member("ok", .unsigned(ok)),
            JSON.Member("failed", .unsigned(failed)), JSON.Member("rejected", .unsigned(rejected)),
            JSON.Member("timedOut", .unsigned(timedOut)),
        ]
    }
}
