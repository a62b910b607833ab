internal import Gateway
internal import Screen
internal import Simulation
internal import Timeline

extension DetailText {
    /// A stage, for the requests of one route or of all: since the beginning and lately.
    static func stage(
        _ stage: Stage?, _ place: RoutePlace, _ scene: Scene, _ glyphs: Glyphs
    ) -> DetailText {
        let title = "\(stage.map { "Stage \($0.name)" } ?? "Backend") of \(scene.plan.name(of: place))"
        guard let gateway = scene.sample.gateways[place.service],
            let step = gateway.steps(of: place, scene.traffic).first(where: { $0.stage == stage })
        else { return DetailText(title: title, lines: []) }
        let all =
            stage.map { gateway.tally.count($0, route: place.route) } ?? gateway.tally.backend(route: place.route)
        var lines: [Line] = [
            .fact("what", stage?.meaning ?? "what the route asks: \(scene.plan.targets(of: place))"),
            .fact("at work", step.isIdle ? "not for these requests" : "yes"),
        ]
        if let stage, let number = gateway.plan.settings.order.stages.firstIndex(of: stage) {
            let usual = "its usual priority is \(stage.priority)"
            lines.append(.fact("place", "\(number + 1) of \(gateway.plan.settings.order.stages.count); \(usual)"))
        }
        if let cost = step.cost { lines.append(.fact("costs", "\(cost) of a worker's time")) }
        lines += [
            .fact("last 10s", counts(step.count, stage)), .fact("since the start", counts(all, stage)),
        ]
        if stage == nil {
            lines += section("over")
            lines += scene.plan.ways(of: place).map { scene.headLine(ofEdge: $0) }
        }
        return DetailText(title: title, lines: lines)
    }

    private static func counts(_ count: GatewayTally.StageCount, _ stage: Stage?) -> String {
        let end = stage == nil ? "failed" : "ended here"
        return "\(Figures.count(count.passed)) passed, \(Figures.count(count.answered)) \(end), "
            + "\(Figures.length(count.mean)) on average"
    }
}

extension Stage {
    /// What it does with a request.
    fileprivate var meaning: String {
        switch self {
        case .requestID: "gives it a name that all logs know it by"
        case .tracing: "continues its trace"
        case .logging: "from here on, what becomes of it is logged"
        case .suspicion: "refuses what looks like an attack"
        case .preflight: "answers a browser that asks what it may do"
        case .globalLimit: "refuses it if all together ask for too much"
        case .routeLimit: "refuses it if all that take its route ask for too much"
        case .authentication: "finds out who asks, and whether they may"
        case .tenantLimit: "refuses it if its tenant asks for too much"
        case .cache: "answers it with what was stored"
        case .body: "refuses a body that is not as it should be"
        case .transform: "makes of it what its backend wants"
        }
    }
}
