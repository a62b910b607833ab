import Resilience
import Simulation

extension ReportWriter {
    static func breakers(_ world: World, _ plan: Plan) -> JSON {
        .object(
            stages(of: .breaker, plan).map { name, edge, stage in
                let parts = (0..<world.breakerParts(edge: edge, stage: stage)).compactMap {
                    world.breaker(edge: edge, stage: stage, part: $0)
                }
                let names = partNames(plan, edge, stage)
                let each = named(parts.count > 1 ? parts.indices : 0..<0, { names[$0] }) {
                    .object(sum(of: [parts[$0]]))
                }
                return JSON.Member(name, .object(sum(of: parts) + [JSON.Member("parts", each)]))
            })
    }

    /// What breakers did, all together, and the state of the first that is not closed.
    private static func sum(of breakers: [CircuitBreaker]) -> [JSON.Member] {
        func sum(_ count: (CircuitBreaker) -> Int) -> JSON { .integer(breakers.reduce(0) { $0 + Int64(count($1)) }) }
        let state = (breakers.first { $0.state != .closed } ?? breakers.first)?.state ?? .closed
        return [
            JSON.Member("state", .text(state.name)), JSON.Member("trips", sum { Int($0.trips) }),
            JSON.Member("permitted", sum(\.totals.permitted)), JSON.Member("rejected", sum(\.totals.rejected)),
            JSON.Member("succeeded", sum(\.totals.succeeded)), JSON.Member("failed", sum(\.totals.failed)),
            JSON.Member("slow", sum(\.totals.slow)), JSON.Member("stale", sum(\.totals.stale)),
        ]
    }

    /// For what a guard has a breaker each.
    private static func partNames(_ plan: Plan, _ edge: Int, _ stage: Int) -> [String] {
        let target = plan.edges[edge].target
        guard case .breaker(let breaker) = plan.edges[edge].guards[stage] else { return [] }
        return switch breaker.scope {
        case .edge, .caller: [plan.edges[edge].name]
        case .operation: plan.operations(of: target).map { plan.operations[$0].name }
        case .replica:
            (0..<plan.services[target].replicas).map { plan.services[target].name(ofReplica: $0) }
        }
    }
}
