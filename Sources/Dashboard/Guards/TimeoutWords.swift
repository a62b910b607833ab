internal import Resilience
internal import Screen
internal import Simulation
internal import Timeline

// A timeout in one line and in detail.

extension GuardSummary {
    static func timeout(_ place: GuardPlace, _ scene: Scene) -> GuardSummary? {
        guard let timeout = scene.world.timeout(edge: place.edge, stage: place.stage) else { return nil }
        // The history counts all timeouts of an edge together.
        let kinds = scene.plan.edges[place.edge].guards.count { if case .timeout = $0 { true } else { false } }
        let series = History.Series.timeouts(edge: place.edge)
        let isAlone = kinds == 1
        return GuardSummary(
            name: timeout.isLearned ? "timeout, learned" : "timeout",
            now: Line("limit \(Figures.length(timeout.currentLimit))"),
            trend: isAlone ? scene.history.rates(series, 30) : [], perSecond: isAlone ? scene.lastRate(series) : nil,
            since: counts(
                [(timeout.totals.answered, "in time"), (timeout.totals.timedOut, "timed out")], none: "no call yet"))
    }
}

extension DetailText {
    static func timeout(_ place: GuardPlace, _ scene: Scene) -> [Line] {
        guard let timeout = scene.world.timeout(edge: place.edge, stage: place.stage) else { return [] }
        let totals = timeout.totals
        return [.fact("limit now", Figures.length(timeout.currentLimit)), .fact("rule", timeout.ruleText)]
            + section("since the beginning") + [
                .fact("in time", Figures.count(totals.answered), .good),
                .fact("timed out", Figures.count(totals.timedOut), totals.timedOut > 0 ? .bad : .text),
                .fact("not counted", Figures.count(totals.ignored)),
            ] + section("timeouts of the edge a second, last 60s") + [
                Line(.graph(scene.history.rates(.timeouts(edge: place.edge), 60), columns: 60, top: nil))
            ]
    }
}

extension Timeout {
    fileprivate var isLearned: Bool {
        if case .fixed = rule { false } else { true }
    }

    fileprivate var ruleText: String {
        switch rule {
        case .fixed: "always the same"
        case .percentile(let settings):
            "p\(Figures.decimal(settings.percentile * 100, places: 0)) of the latest calls times "
                + Figures.decimal(settings.factor, places: 1)
        case .rfc6298: "smoothed round trip and four deviations (RFC 6298)"
        }
    }
}
