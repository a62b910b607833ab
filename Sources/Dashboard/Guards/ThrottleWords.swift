internal import Resilience
internal import Screen
internal import Simulation
internal import Timeline

// A client's adaptive throttle in one line and in detail.

extension GuardSummary {
    static func throttle(_ place: GuardPlace, _ scene: Scene) -> GuardSummary? {
        guard let throttle = scene.world.throttle(edge: place.edge, stage: place.stage) else { return nil }
        let series = History.Series.throttled(edge: place.edge)
        return GuardSummary(
            name: "throttle", now: throttle.stand(at: scene.now), trend: scene.history.rates(series, 30),
            perSecond: scene.lastRate(series),
            since: counts(
                [
                    (throttle.totals.allowed, "let through"), (throttle.totals.rejected, "held back"),
                    (throttle.totals.refused, "turned away there"),
                ], none: "no call yet"))
    }
}

extension DetailText {
    static func throttle(_ place: GuardPlace, _ scene: Scene) -> [Line] {
        guard let throttle = scene.world.throttle(edge: place.edge, stage: place.stage) else { return [] }
        let counts = throttle.counts(at: scene.now)
        let totals = throttle.totals
        return [
            Line(.text("now".padded(to: 15), .faint)) + throttle.stand(at: scene.now),
            .fact("its window", "\(counts.requests) calls, \(counts.accepted) accepted"),
        ] + section("since the beginning") + [
            .fact("let through", Figures.count(totals.allowed)),
            .fact("held back", Figures.count(totals.rejected), totals.rejected > 0 ? .warning : .text),
            .fact("accepted", Figures.count(totals.accepted), .good),
            .fact("turned away", Figures.count(totals.refused), totals.refused > 0 ? .bad : .text),
        ] + section("held back a second, last 60s") + [
            Line(.graph(scene.history.rates(.throttled(edge: place.edge), 60), columns: 60, top: nil))
        ]
    }
}

extension AdaptiveThrottle {
    /// Which share of the calls it holds back.
    fileprivate func stand(at now: Instant) -> Line {
        let share = rejectionProbability(at: now)
        return Line("holds back \(Figures.percent(share))", share > 0 ? .warning : .text)
    }
}
