import Resilience
import Simulation

extension ReportWriter {
    static func balancers(_ world: World, _ plan: Plan) -> JSON {
        .object(
            stages(of: .balancer, plan).compactMap { name, edge, stage in
                world.balancer(edge: edge, stage: stage).map { balancer in
                    JSON.Member(name, json(balancer, plan.services[plan.edges[edge].target]))
                }
            })
    }

    private static func json(_ balancer: BalancerView, _ service: ServicePlan) -> JSON {
        [
            "by": .text(balancer.by.rawValue),
            "picked": .unsigned(balancer.replicas.reduce(0) { $0 + $1.picked }),
            "refused": .unsigned(balancer.refused),
            "eligible": .integer(Int64(balancer.eligible)),
            "ejected": .integer(Int64(balancer.ejected)),
            "ejections": .integer(balancer.replicas.reduce(0) { $0 + Int64($1.ejections) }),
            "unhealthy": .integer(Int64(balancer.unhealthy)),
            "panics": .unsigned(balancer.panics),
            "panicking": .bool(balancer.isPanicking),
            "replicas": named(balancer.replicas.indices, { service.name(ofReplica: $0) }) { index in
                json(balancer.replicas[index])
            },
        ]
    }

    private static func json(_ replica: BalancerView.Replica) -> JSON {
        [
            "picked": .unsigned(replica.picked),
            "ok": .unsigned(replica.ok),
            "failed": .unsigned(replica.failed),
            "underWay": .integer(Int64(replica.underWay)),
            "weight": .integer(Int64(replica.weight)),
            "keyShare": replica.keyShare.map { .number($0) } ?? .null,
            "running": .bool(replica.isRunning),
            "eligible": .bool(replica.isEligible),
            "ejected": .bool(replica.ejectedUntil != nil),
            "ejections": .integer(Int64(replica.ejections)),
            "health": replica.health.map { .text("\($0)") } ?? .null,
            "probes": .integer(Int64(replica.checker?.totals.probes ?? 0)),
            "failedProbes": .integer(Int64(replica.checker?.totals.failed ?? 0)),
        ]
    }
}
