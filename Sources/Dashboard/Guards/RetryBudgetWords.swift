internal import Resilience
internal import Screen
internal import Simulation
internal import Timeline

// The budget that the retries and hedges of an edge share, in one line and in detail.

extension GuardSummary {
    static func retryBudget(_ edge: Int, _ scene: Scene) -> GuardSummary? {
        guard let budget = scene.world.retryBudget(edge: edge) else { return nil }
        let balance = budget.balance(at: scene.now)
        return GuardSummary(
            name: "retry budget", now: Line("\(budget.balanceText(balance)) left", balance < 1 ? .bad : .text),
            since: counts(
                [(budget.totals.granted, "granted"), (budget.totals.refused, "refused")], none: "not asked yet"))
    }
}

extension DetailText {
    static func retryBudget(_ budget: RetryBudget, _ now: Instant) -> [Line] {
        [
            .fact("kind", budget.settings.kind.text),
            .fact("left", budget.balanceText(budget.balance(at: now))),
            .fact(
                "extra now",
                "\(budget.extrasInFlight) of \(budget.callsInFlight + budget.extrasInFlight) in flight, "
                    + "\(Figures.percent(budget.extraShare))"),
            .fact("granted", Figures.count(budget.totals.granted)),
            .fact("refused", Figures.count(budget.totals.refused), budget.totals.refused > 0 ? .warning : .text),
        ]
    }
}

extension RetryBudget {
    /// What is left, of how much where that is a number.
    fileprivate func balanceText(_ balance: Double) -> String {
        let text = balance == balance.rounded() ? Figures.count(Int(balance)) : Figures.decimal(balance, places: 1)
        switch settings.kind {
        case .throttle(let most, _): return "\(text) of \(Figures.decimal(most, places: 0))"
        case .quota(let most, _, _): return "\(text) of \(Figures.count(most))"
        case .inFlight, .window: return text
        }
    }
}

extension RetryBudget.Kind {
    /// Its rule in words.
    fileprivate var text: String {
        switch self {
        case .throttle: "a failure takes a token, a success gives some back; none below half"
        case .quota: "a retry takes from a quota, a success gives back"
        case .inFlight(let share, let least):
            "\(Figures.percent(share)) of those in flight, at least \(least)"
        case .window(let length, let share, let least):
            "\(Figures.percent(share)) of the calls of \(length), and \(Figures.rate(least))/s"
        }
    }
}
