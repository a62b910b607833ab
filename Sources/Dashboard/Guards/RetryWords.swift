internal import Resilience
internal import Screen
internal import Simulation
internal import Timeline

// A retry in one line and in detail.

extension GuardSummary {
    static func retry(_ place: GuardPlace, _ scene: Scene) -> GuardSummary? {
        guard let totals = scene.world.retryTotals(edge: place.edge, stage: place.stage),
            case .retry(let policy) = scene.plan.edges[place.edge].guards[place.stage]
        else { return nil }
        let count = policy.attempts == 1 ? "1 try" : "\(policy.attempts) tries"
        let most = policy.attempts == RetryPolicy.unlimited ? "no limit" : count
        let series = History.Series.retries(edge: place.edge)
        return GuardSummary(
            name: "retry, \(most)", now: Line("waits \(policy.backoff.text)", .faint),
            trend: scene.history.rates(series, 30),
            perSecond: scene.lastRate(series),
            since: counts(
                [
                    (totals.succeededAtOnce, "ok at once"), (totals.succeededAfterRetry, "after retries"),
                    (totals.attemptsExhausted, "exhausted"), (totals.budgetExhausted, "over budget"),
                    (totals.outOfTime, "out of time"), (totals.notRetryable, "not retried"),
                ], none: "no call yet"))
    }

    /// How often each call was tried lately, which is by how much the callee's load has grown.
    static func amplification(_ edge: Int, _ scene: Scene) -> Line {
        guard let tries = scene.tries.amplification(edge: edge) else { return Line("-", .idle) }
        let text = "\(Figures.decimal(tries, places: 2)) tries a call"
        return Line(text, tries >= 2 ? .bad : tries >= 1.1 ? .warning : .text)
    }
}

extension DetailText {
    static func retry(_ place: GuardPlace, _ scene: Scene) -> [Line] {
        guard let totals = scene.world.retryTotals(edge: place.edge, stage: place.stage),
            case .retry(let policy) = scene.plan.edges[place.edge].guards[place.stage]
        else { return [] }
        let most = policy.attempts == RetryPolicy.unlimited ? "as many as it takes" : "\(policy.attempts)"
        var lines: [Line] = [
            .fact("tries", most), .fact("waits", policy.backoff.text),
            Line(.text("lately".padded(to: 15), .faint)) + GuardSummary.amplification(place.edge, scene),
        ]
        lines += section("since the beginning")
        lines += [
            .fact("ok at once", Figures.count(totals.succeededAtOnce), .good),
            .fact("ok later", Figures.count(totals.succeededAfterRetry), .good),
            .fact("retries", Figures.count(totals.retries)),
            .fact("exhausted", Figures.count(totals.attemptsExhausted), totals.attemptsExhausted > 0 ? .bad : .text),
            .fact("over budget", Figures.count(totals.budgetExhausted), totals.budgetExhausted > 0 ? .bad : .text),
            .fact("out of time", Figures.count(totals.outOfTime)),
            .fact("not retried", Figures.count(totals.notRetryable)),
        ]
        if let budget = scene.world.retryBudget(edge: place.edge) {
            lines += section("budget of the edge") + retryBudget(budget, scene.now)
        }
        lines += section("retries a second, last 60s")
        lines.append(Line(.graph(scene.history.rates(.retries(edge: place.edge), 60), columns: 60, top: nil)))
        return lines
    }
}

extension Backoff {
    /// How long it waits between tries, before chance spreads it: `50ms to 2.0s`.
    var text: String {
        let (first, last) = (Figures.length(initial), Figures.length(cap))
        return first == last ? first : "\(first) to \(last)"
    }
}
