internal import Resilience
internal import Screen
internal import Simulation
internal import Timeline

// A hedge in one line and in detail.

extension GuardSummary {
    static func hedge(_ place: GuardPlace, _ scene: Scene) -> GuardSummary? {
        guard let (totals, delay) = scene.world.hedge(edge: place.edge, stage: place.stage) else { return nil }
        let share = totals.calls > 0 ? Double(totals.hedges) / Double(totals.calls) : nil
        return GuardSummary(
            name: "hedge", now: Line("\(Figures.percent(share)) hedged after \(Figures.length(delay))"),
            since: counts(
                [
                    (totals.wonByPrimary, "won by the first"), (totals.wonByHedge, "by a hedge"),
                    (totals.failed, "failed"), (totals.refused, "over budget"),
                ], none: "no call yet"))
    }
}

extension DetailText {
    static func hedge(_ place: GuardPlace, _ scene: Scene) -> [Line] {
        guard let (totals, delay) = scene.world.hedge(edge: place.edge, stage: place.stage),
            case .hedge(let plan) = scene.plan.edges[place.edge].guards[place.stage]
        else { return [] }
        let hedges = plan.policy.maxHedges
        return [
            .fact("hedges after", delay.map { Figures.length($0) } ?? "nothing: no time is known yet"),
            .fact("at most", "\(hedges) \(hedges == 1 ? "hedge" : "hedges") a call"),
            Line(.text("lately".padded(to: 15), .faint)) + GuardSummary.amplification(place.edge, scene),
        ] + section("since the beginning") + [
            .fact("calls", Figures.count(totals.calls)), .fact("hedges", Figures.count(totals.hedges)),
            .fact("won by first", Figures.count(totals.wonByPrimary), .good),
            .fact("won by hedge", Figures.count(totals.wonByHedge), .good),
            .fact("failed", Figures.count(totals.failed), totals.failed > 0 ? .bad : .text),
            .fact("over budget", Figures.count(totals.refused), totals.refused > 0 ? .warning : .text),
        ]
    }
}
