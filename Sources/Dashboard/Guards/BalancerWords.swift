internal import Resilience
internal import Screen
internal import Simulation
internal import Timeline

// A balancer in one line and in detail.

extension GuardSummary {
    static func balancer(_ place: GuardPlace, _ scene: Scene) -> GuardSummary? {
        guard let balancer = scene.world.balancer(edge: place.edge, stage: place.stage) else { return nil }
        let left = "\(balancer.eligible)/\(balancer.replicas.count) replicas left"
        let style: Style.Role = balancer.eligible == balancer.replicas.count ? .text : .warning
        return GuardSummary(
            name: "balancer \(balancer.by.rawValue)",
            now: balancer.isPanicking ? Line("panic: all are called, \(left)", .bad) : Line(left, style),
            since: counts(
                [
                    (balancer.replicas.reduce(0) { $0 + $1.ejections }, "ejected"), (Int(balancer.panics), "panics"),
                    (Int(clamping: balancer.refused), "found none"),
                ], none: "nothing against any"))
    }
}

extension DetailText {
    static func balancer(_ place: GuardPlace, _ scene: Scene) -> [Line] {
        guard let balancer = scene.world.balancer(edge: place.edge, stage: place.stage) else { return [] }
        let service = scene.plan.services[scene.plan.edges[place.edge].target]
        return [
            .fact("chooses", balancer.by.rawValue),
            .fact("left", "\(balancer.eligible) of \(balancer.replicas.count) replicas"),
            .fact("panic", balancer.isPanicking ? "yes: all are called" : "no", balancer.isPanicking ? .bad : .text),
        ] + section("replicas")
            + balancer.replicas.enumerated().map { index, replica in
                .fact(service.name(ofReplica: index), standing(replica, scene), replica.isEligible ? .text : .warning)
            } + section("since the beginning") + [
                .fact("found none", Figures.count(Int(clamping: balancer.refused)), balancer.refused > 0 ? .bad : .text),
                .fact("panics", Figures.count(Int(balancer.panics))),
            ]
    }

    /// How one replica stands: `12.3k calls, 3 failed, healthy, ejected for 12s`.
    private static func standing(_ replica: BalancerView.Replica, _ scene: Scene) -> String {
        var parts = ["\(Figures.count(Int(replica.picked))) calls", "\(Figures.count(Int(replica.failed))) failed"]
        if let health = replica.health { parts.append("\(health)") }
        if let until = replica.ejectedUntil { parts.append("ejected for \(Figures.length(until - scene.world.now))") }
        return parts.joined(separator: ", ")
    }
}
