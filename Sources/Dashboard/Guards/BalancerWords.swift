internal import Resilience
internal import Screen
internal import Simulation
internal import Timeline

// A balancer and what it knows of its replicas, in one line and in detail.

extension GuardSummary {
    static func balancer(_ place: GuardPlace, _ scene: Scene) -> GuardSummary? {
        guard let balancer = scene.world.balancer(edge: place.edge, stage: place.stage) else { return nil }
        let all = balancer.running
        let now =
            balancer.isPanicking
            ? Line("PANIC: \(balancer.eligible)/\(all) good", .bad)
            : Line("\(balancer.eligible)/\(all) may be called", balancer.eligible < all ? .warning : .text)
        return GuardSummary(
            name: "balancer, \(balancer.by.rawValue)", now: now,
            since: counts(
                [
                    (Int(clamping: balancer.replicas.reduce(0) { $0 + $1.picked }), "picked"),
                    (balancer.replicas.reduce(0) { $0 + $1.ejections }, "ejected"),
                    (Int(clamping: balancer.panics), "panics"), (Int(clamping: balancer.refused), "found none"),
                ], none: "no call yet"))
    }
}

extension DetailText {
    static func balancer(_ place: GuardPlace, _ scene: Scene, _ glyphs: Glyphs) -> [Line] {
        guard let balancer = scene.world.balancer(edge: place.edge, stage: place.stage) else { return [] }
        let service = scene.plan.services[scene.plan.edges[place.edge].target]
        var lines: [Line] = [
            .fact("chooses", balancer.by.rawValue),
            .fact("may be called", "\(balancer.eligible) of \(balancer.running)"),
            .fact("ejected", "\(balancer.ejected)", balancer.ejected > 0 ? .warning : .text),
            .fact("unhealthy", "\(balancer.unhealthy)", balancer.unhealthy > 0 ? .warning : .text),
            .fact(
                "panic",
                balancer.isPanicking ? "now: all are called" : "not now, \(Figures.count(balancer.panics)) so far",
                balancer.isPanicking ? .bad : .text),
            .fact("found none", Figures.count(balancer.refused), balancer.refused > 0 ? .bad : .text),
        ]
        let showsKeys = balancer.replicas.contains { $0.keyShare != nil }
        lines += section(
            "replica        state        now   picked       ok   failed  weight\(showsKeys ? "    keys" : "")")
        for (index, replica) in balancer.replicas.enumerated() {
            lines.append(line(replica, service.name(ofReplica: index), scene.now, glyphs))
        }
        return lines
    }

    /// What the balancers before a replica's service make of it.
    static func balancers(of replica: Int, in service: Int, _ scene: Scene, _ glyphs: Glyphs) -> [Line] {
        let places = scene.plan.balancerPlaces.filter { scene.plan.edges[$0.edge].target == service }
        return places.compactMap { place in
            guard let balancer = scene.world.balancer(edge: place.edge, stage: place.stage),
                balancer.replicas.indices.contains(replica)
            else { return nil }
            let caller = "to \(scene.plan.callerName(ofEdge: place.edge))"
            let badge = balancer.replicas[replica].verdict.badge(glyphs.marks)
            return Line(.text(caller.padded(to: 15), .faint)) + badge.line
        }
    }

    /// Its weight, or how much of it a replica has that starts slowly.
    private static func weight(_ replica: BalancerView.Replica) -> String {
        replica.startShare < 1
            ? "\(Figures.percent(replica.startShare)) of \(replica.weight)" : "\(replica.weight)"
    }

    private static func line(
        _ replica: BalancerView.Replica, _ name: String, _ now: Instant, _ glyphs: Glyphs
    ) -> Line {
        let badge = replica.verdict.badge(glyphs.marks)
        let left = replica.ejectedUntil.map { "  back in \(Figures.ticking(max(.zero, $0 - now))) or later" } ?? ""
        let keys = replica.keyShare.map { Figures.exactPercent($0).indented(to: 8) } ?? ""
        return Line(
            .text(name.padded(to: 14) + " ", .text),
            .text("\(Character(badge.sign)) \(badge.word)".padded(to: 11), badge.role),
            .text("\(replica.underWay)".indented(to: 5), .text),
            .text(Figures.count(replica.picked).indented(to: 9), .text),
            .text(Figures.count(replica.ok).indented(to: 9), .good),
            .text(Figures.count(replica.failed).indented(to: 9), replica.failed > 0 ? .bad : .text),
            .text(weight(replica).indented(to: 8), replica.startShare < 1 ? .warning : .text),
            .text(keys, .text), .text(left, .warning))
    }
}

extension Plan {
    /// The places of the balancers.
    var balancerPlaces: [GuardPlace] {
        places { if case .balancer = $0 { true } else { false } }
    }
}
