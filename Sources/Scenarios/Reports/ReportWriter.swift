import Simulation
import Timeline

/// Writes the JSON of a report from a session.
enum ReportWriter {
    static func json(_ session: Session, wallSeconds: Double?) -> JSON {
        let world = session.simulation.world
        let plan = session.scenario.plan
        return [
            "schemaVersion": .integer(Int64(Report.schemaVersion)),
            "scenario": .text(session.original.name),
            "seed": .unsigned(plan.seed),
            "digest": .text("\(world.runDigest)"),
            "verdict": .text(session.verdict.rawValue),
            "virtualTime": .text("\(session.now)"),
            "virtualTimeSeconds": .number(session.now.sinceZero.seconds),
            "drained": .bool(session.isDrained),
            "events": .unsigned(world.eventsExecuted),
            "wallSeconds": wallSeconds.map(JSON.number) ?? .null,
            "requests": requests(session.simulation, plan),
            "services": services(world, plan),
            "operations": operations(session.simulation, plan),
            "gateways": gateways(session.simulation, plan),
            "edges": edges(world, plan),
            "breakers": breakers(world, plan),
            "retries": retries(world, plan),
            "retryBudgets": retryBudgets(world, plan),
            "hedges": hedges(world, plan),
            "fallbacks": fallbacks(world, plan),
            "bulkheads": bulkheads(world, plan),
            "semaphores": semaphores(world, plan),
            "balancers": balancers(world, plan),
            "connections": connections(world, plan),
            "memory": memory(world, plan),
            "limiters": limiters(world, plan),
            "throttles": throttles(world, plan),
            "concurrencyLimits": concurrencyLimits(world, plan),
            "isolators": isolators(world, plan),
            "caches": caches(world, plan),
            "sagas": sagas(world, plan),
            "choreographies": choreographies(world, plan),
            "eventStores": eventStores(world, plan),
            "projections": projections(world, plan),
            "commandBuses": commandBuses(world, plan),
            "queryBuses": queryBuses(world, plan),
            "ledger": ledger(world, plan),
            "commands": .list(session.log.entries.filter { $0.time <= session.now }.map(command)),
            "faults": .list(world.faultLog.enumerated().map { fault($1, number: $0 + 1, plan) }),
            "invariants": invariants(world, plan),
            "expectations": .list(session.judgements.map(expectation)),
        ]
    }

    /// An object with one member for each component, by its name.
    static func named<Components: Collection>(
        _ components: Components, _ name: (Components.Element) -> String, _ value: (Components.Element) -> JSON
    ) -> JSON {
        .object(components.map { JSON.Member(name($0), value($0)) })
    }

    private static func command(_ entry: CommandLog.Entry) -> JSON {
        [
            "atSeconds": .number(entry.time.sinceZero.seconds),
            "command": .text("\(entry.command.command)"),
            "by": .text(entry.isLive ? "operator" : "scenario"),
        ]
    }

    private static func fault(_ fault: Fault, number: Int, _ plan: Plan) -> JSON {
        let target = TargetName(fault.plan.target, in: plan)
        return [
            "name": .text("F\(number)"),
            "fault": .text(fault.plan.text(on: target)),
            "target": .text(target.name),
            "atSeconds": .number(fault.since.sinceZero.seconds),
            "healedAtSeconds": fault.healedAt.map { .number($0.sinceZero.seconds) } ?? .null,
            "hits": .unsigned(fault.hits),
        ]
    }

    private static func expectation(_ judgement: Judgement) -> JSON {
        [
            "expectation": .text(judgement.expectation.text),
            "verdict": .text((judgement.verdict ?? .inconclusive).rawValue),
            "expected": .text(judgement.expected),
            "observed": judgement.observed.map(JSON.text) ?? .null,
            "reason": judgement.reason.map(JSON.text) ?? .null,
            "firstHeldSeconds": judgement.firstHeld.map { .number($0.sinceZero.seconds) } ?? .null,
            "firstViolationSeconds": judgement.firstViolated.map { .number($0.sinceZero.seconds) } ?? .null,
        ]
    }

    static func ledger(_ world: World, _ plan: Plan) -> JSON {
        let accounts = zip(plan.accounts, world.ledger.accounts).map { JSON.Member("\($0)Cents", .integer($1)) }
        return .object(
            accounts + [
                JSON.Member("pendingCents", .integer(world.ledger.pending)),
                JSON.Member("entries", .unsigned(world.ledger.entries)),
            ])
    }

    /// What must hold of every run, whether somebody expects it or not.
    private static func invariants(_ world: World, _ plan: Plan) -> JSON {
        let views = plan.projections.indices.map { world.projection($0) }
        return [
            "ledgerBalance": [
                "rule": .text("charged == confirmed + refunded + pending"),
                "holds": .bool(world.ledger.missing == 0),
                "differenceCents": .integer(world.ledger.missing),
            ],
            "projectedOnce": [
                "rule": .text("every event that counts is projected once, but for those set aside or left out"),
                "holds": .bool(views.allSatisfy { $0.projectedAgain == 0 && $0.unprojected == 0 }),
                "twice": .unsigned(views.reduce(0) { $0 + $1.projectedAgain }),
                "missing": .integer(views.reduce(0) { $0 + max(0, $1.unprojected) }),
            ],
        ]
    }
}
