internal import Gateway
internal import Simulation
internal import Timeline

/// A stage on the way of a request through a gateway, or what lies behind, and how it did in the last ten seconds.
struct ChainStep: Sendable {
    /// The stage; nil for the backend.
    let stage: Stage?
    /// What it takes of a worker's time where nothing is to be waited for; nil for a backend.
    let cost: Duration?
    /// How many it let pass and how many it ended, and how long they were in it; of a backend, those ended that failed.
    let count: GatewayTally.StageCount
    /// Whether it has nothing to do with these requests.
    let isIdle: Bool

    var name: String { stage?.name ?? "backend" }
}

extension GatewayView {
    /// The stages in their order, those left out that the gateway does not have, and the backend.
    func steps(of place: RoutePlace, _ traffic: RecentTraffic) -> [ChainStep] {
        let routes = place.route.map { [$0] } ?? Array(plan.routes.indices)
        let stages = plan.settings.order.stages.map { stage in
            ChainStep(
                stage: stage, cost: plan.stageCosts[Int(stage.rawValue)],
                count: traffic.growth(of: place.service) { $0.count(stage, route: place.route) },
                isIdle: !routes.contains { plan.isAtWork(stage, route: $0) })
        }
        let behind = traffic.growth(of: place.service) { $0.backend(route: place.route) }
        return stages + [ChainStep(stage: nil, cost: nil, count: behind, isIdle: false)]
    }
}
