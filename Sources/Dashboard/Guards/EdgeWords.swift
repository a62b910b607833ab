internal import Screen
internal import Simulation
internal import Timeline

// An edge in one line and in detail: all that goes out on it.

extension GuardSummary {
    static func edge(_ edge: Int, _ scene: Scene) -> GuardSummary {
        let series = History.Series.attempts(edge: edge)
        let plan = scene.plan.edges[edge]
        let calls = RecentTries.counts(edge, scene.world, scene.plan).calls
        let attempts = "\(Figures.count(scene.world.attempts(edge: edge))) sent"
        return GuardSummary(
            name: plan.name, now: calls > 0 ? amplification(edge, scene) : .empty,
            trend: scene.history.rates(series, 30),
            perSecond: scene.lastRate(series),
            since: calls > 0 ? "\(Figures.count(calls)) calls, \(attempts)" : attempts)
    }
}

extension DetailText {
    static func edge(_ edge: Int, _ scene: Scene) -> DetailText {
        let plan = scene.plan.edges[edge]
        let guards = plan.guards.map(\.name).joined(separator: ", ")
        var lines: [Line] = [
            .fact("guards", guards.isEmpty ? "none" : guards),
            .fact("attempts", Figures.count(scene.world.attempts(edge: edge))),
            .fact("retries", Figures.count(scene.world.retries(edge: edge))),
            .fact("timeouts", Figures.count(scene.world.timeouts(edge: edge))),
            Line(.text("lately".padded(to: 15), .faint)) + GuardSummary.amplification(edge, scene),
            .fact("deadline", plan.passesDeadline ? "handed on" : "not handed on"),
            .fact("cancellation", plan.passesCancellation ? "handed on" : "not handed on"),
        ]
        if let budget = scene.world.retryBudget(edge: edge) {
            lines += section("retry budget") + retryBudget(budget, scene.now)
        }
        lines += section("attempts a second, last 60s")
        lines.append(Line(.graph(scene.history.rates(.attempts(edge: edge), 60), columns: 60, top: nil)))
        return DetailText(
            title: "Edge \(plan.name)",
            lines: lines + news(scene, atMost: 20) { $0.place.isOn(edge: edge) })
    }
}

extension Component {
    /// Whether this is an edge or a guard on it.
    func isOn(edge: Int) -> Bool {
        switch self {
        case .edge(let index), .guardOn(let index, _), .guardPart(let index, _, _): Int(index) == edge
        default: false
        }
    }
}
