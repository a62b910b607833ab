import Bulkheads
import Resilience
import Simulation
import Timeline

extension ReportWriter {
    /// The limiters, those of tenants each by its name.
    static func limiters(_ world: World, _ plan: Plan) -> JSON {
        .object(
            stages(of: .limiter, plan).flatMap { name, edge, stage in
                let parts = world.limiterParts(edge: edge, stage: stage)
                return (0..<parts).compactMap { part in
                    world.limiter(edge: edge, stage: stage, part: part).map { limiter in
                        let isTenants =
                            if case .limiter(let plan) = plan.edges[edge].guards[stage] {
                                plan.scope == .tenant
                            } else { false }
                        return JSON.Member(
                            isTenants ? "\(name) of \(plan.tenants[part])" : name,
                            [
                                "perSecond": .number(limiter.settings.rate.perSecond),
                                "granted": .integer(Int64(limiter.totals.granted)),
                                "delayed": .integer(Int64(limiter.totals.delayed)),
                                "rejected": .integer(Int64(limiter.totals.rejected)),
                                "givenBack": .integer(Int64(limiter.totals.givenBack)),
                                "reserved": .integer(Int64(limiter.reserved(at: world.now))),
                            ])
                    }
                }
            })
    }

    static func throttles(_ world: World, _ plan: Plan) -> JSON {
        guards(.throttle, plan, world.throttle(edge:stage:)) { throttle in
            [
                "allowed": .integer(Int64(throttle.totals.allowed)),
                "throttled": .integer(Int64(throttle.totals.rejected)),
                "accepted": .integer(Int64(throttle.totals.accepted)),
                "refused": .integer(Int64(throttle.totals.refused)),
                "rejectionProbability": .number(throttle.rejectionProbability(at: world.now)),
            ]
        }
    }

    static func concurrencyLimits(_ world: World, _ plan: Plan) -> JSON {
        guards(.concurrency, plan, world.concurrencyLimit(edge:stage:)) { limit in
            [
                "limit": .integer(Int64(limit.limit)),
                "lowest": .integer(Int64(limit.settings.minimum)),
                "highest": .integer(Int64(limit.settings.maximum)),
                "inFlight": .integer(Int64(limit.inFlight)),
                "admitted": .integer(Int64(limit.totals.admitted)),
                "rejected": .integer(Int64(limit.totals.rejected)),
                "dropped": .integer(Int64(limit.totals.dropped)),
                "raised": .integer(Int64(limit.totals.raised)),
                "lowered": .integer(Int64(limit.totals.lowered)),
                "unloadedMilliseconds": limit.unloadedTime.map { .number($0.milliseconds) } ?? .null,
            ]
        }
    }

    /// The compartments of all isolators, each by its edge and its own name.
    static func isolators(_ world: World, _ plan: Plan) -> JSON {
        .object(
            stages(of: .isolator, plan).flatMap { name, edge, stage in
                guard case .isolator(let isolator) = plan.edges[edge].guards[stage],
                    let compartments = world.isolator(edge: edge, stage: stage)?.compartments
                else { return [JSON.Member]() }
                return zip(isolator.names, compartments).map { JSON.Member("\(name) \($0)", compartment($1)) }
            })
    }

    private static func compartment(_ compartment: Compartment) -> JSON {
        let totals = compartment.totals
        return [
            "running": .integer(Int64(compartment.running)),
            "queued": .integer(Int64(compartment.queued)),
            "asked": .integer(Int64(totals.asked)),
            "started": .integer(Int64(totals.started)),
            "succeeded": .integer(Int64(totals.succeeded)),
            "failed": .integer(Int64(totals.failed)),
            "refused": .integer(Int64(totals.turnedAway)),
            "rateLimited": .integer(Int64(totals.rateLimited)),
            "circuitOpen": .integer(Int64(totals.circuitOpen)),
            "full": .integer(Int64(totals.full)),
            "expired": .integer(Int64(totals.expired)),
            "displaced": .integer(Int64(totals.displaced)),
            "workForNobody": .integer(
                Int64(compartment.threads?.totals.forNobody ?? compartment.semaphore?.totals.forNobody ?? 0)),
            "longestWaitMilliseconds": .number(totals.longestWait.milliseconds),
            "breaker": compartment.breaker.map { .text($0.state.name) } ?? .null,
            "answered": .integer(Int64(compartment.fallback.totals.succeeded)),
        ]
    }

    /// Who waits in pools whose order knows priorities, the most important first; nothing for others.
    static func priorities(_ pools: [ThreadPool], now: Instant) -> JSON {
        guard case .priority? = pools.first?.settings.order else { return .object([]) }
        return named(ThreadPool.Priority.allCases, { "\($0)" }) { priority in
            let oldest = pools.compactMap { $0.oldestWaiterSince(priority) }.min()
            return [
                "queued": .integer(pools.reduce(0) { $0 + Int64($1.queued(priority)) }),
                "oldestWaitMilliseconds": oldest.map { .number((now - $0).milliseconds) } ?? .null,
            ]
        }
    }
}
