import Gateway
import Simulation
import Timeline

extension ReportWriter {
    /// The services that are gateways, each by its name.
    static func gateways(_ simulation: Simulation, _ plan: Plan) -> JSON {
        let services = plan.services.indices.filter { plan.services[$0].gateway != nil }
        return .object(
            services.compactMap { service in
                simulation.world.gateway(ofService: service).map {
                    JSON.Member(plan.services[service].name, json($0, plan))
                }
            })
    }

    private static func json(_ gateway: GatewayView, _ plan: Plan) -> JSON {
        let tally = gateway.tally
        let statuses = tally.statuses.map { JSON.Member("\($0.code)", .unsigned($0.count)) }
        return [
            "taken": .unsigned(tally.taken),
            "underWay": .unsigned(tally.underWay),
            "lost": .unsigned(tally.lost),
            "statuses": .object(statuses),
            "ends": ends { tally.ended($0) },
            "failures": ends { tally.failed($0) },
            "routes": named(gateway.plan.routes.indices, { plan.operations[gateway.firstOperation + $0].name }) {
                route in
                ends { tally.ended($0, route: route) }
            },
            "stages": named(Stage.allCases, \.name) { stage in
                let count = tally.count(stage)
                return [
                    "passed": .unsigned(count.passed),
                    "answered": .unsigned(count.answered),
                    "meanMilliseconds": mean(count),
                ]
            },
            "storedResponses": .integer(Int64(gateway.stored.reduce(0, +))),
            "keyFetches": .unsigned(tally.keyFetches),
            "keyRotations": .unsigned(tally.keyRotations),
            "spoofed": .unsigned(tally.spoofed),
            "believed": .unsigned(tally.believed),
        ]
    }

    /// How many ended in each way, without those in which none did.
    private static func ends(_ count: (GatewayEnd) -> UInt64) -> JSON {
        .object(GatewayEnd.allCases.filter { count($0) > 0 }.map { JSON.Member($0.name, .unsigned(count($0))) })
    }

    private static func mean(_ count: GatewayTally.StageCount) -> JSON {
        count.all == 0 ? .null : .number(count.time.seconds * 1_000 / Double(count.all))
    }
}
