internal import Resilience
internal import Screen
internal import Simulation

// A fallback in one line and in detail.

extension GuardSummary {
    /// Where the answers come from: `value`, `cache`, `outbox.keep`.
    static func sourceText(_ fallback: Fallback, _ place: GuardPlace, _ scene: Scene) -> String {
        guard let source = fallback.settings.source else { return "nothing" }
        guard case .fallback(let plan) = scene.plan.edges[place.edge].guards[place.stage], let call = plan.call else {
            return "\(source)"
        }
        return scene.plan.operations[call.operation].name
    }

    static func fallback(_ place: GuardPlace, _ scene: Scene) -> GuardSummary? {
        guard let fallback = scene.world.fallback(edge: place.edge, stage: place.stage) else { return nil }
        let totals = fallback.totals
        let isFull = fallback.inFlight >= fallback.settings.limit
        return GuardSummary(
            name: "fallback to \(sourceText(fallback, place, scene))",
            now: Line("\(fallback.inFlight)/\(fallback.settings.limit) in flight", isFull ? .warning : .text),
            since: counts(
                [
                    (totals.succeeded, "answered"), (totals.failed, "failed"), (totals.rejected, "rejected: full"),
                    (totals.missing, "had none"), (totals.notFor, "not for it"), (totals.ignored, "left"),
                ], none: "not needed yet"))
    }
}

extension DetailText {
    static func fallback(_ place: GuardPlace, _ scene: Scene) -> [Line] {
        guard let fallback = scene.world.fallback(edge: place.edge, stage: place.stage) else { return [] }
        let totals = fallback.totals
        return [
            .fact("answers with", GuardSummary.sourceText(fallback, place, scene)),
            .fact("in flight", "\(fallback.inFlight) of \(fallback.settings.limit)"),
        ] + section("since the beginning") + [
            .fact("answered", Figures.count(totals.succeeded), .good),
            .fact("failed too", Figures.count(totals.failed), totals.failed > 0 ? .bad : .text),
            .fact(
                "rejected", "\(Figures.count(totals.rejected)): too many at once", totals.rejected > 0 ? .bad : .text),
            .fact("missing", Figures.count(totals.missing)), .fact("disabled", Figures.count(totals.disabled)),
            .fact("not for it", "\(Figures.count(totals.notFor)) failures of other kinds"),
            .fact("left", "\(Figures.count(totals.ignored)) callers had gone"),
        ]
    }
}
