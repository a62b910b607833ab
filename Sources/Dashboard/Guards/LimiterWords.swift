internal import Resilience
internal import Screen
internal import Simulation
internal import Timeline

// A rate limiter in one line and in detail; where each tenant has one, all of them together in the line.

extension GuardSummary {
    static func limiter(_ place: GuardPlace, _ scene: Scene) -> GuardSummary? {
        let limiters = scene.limiters(at: place)
        guard let first = limiters.first else { return nil }
        // The history counts all limiters of an edge together.
        let isAlone = scene.plan.edges[place.edge].guards.count { $0.name == "limiter" } == 1
        let series = History.Series.rateLimited(edge: place.edge)
        return GuardSummary(
            name: "limiter, \(first.settings.rate.text)", now: stand(limiters, scene.now),
            trend: isAlone ? scene.history.rates(series, 30) : [], perSecond: isAlone ? scene.lastRate(series) : nil,
            since: counts(
                [
                    (limiters.reduce(0) { $0 + $1.totals.granted }, "granted"),
                    (limiters.reduce(0) { $0 + $1.totals.delayed }, "delayed"),
                    (limiters.reduce(0) { $0 + $1.totals.rejected }, "rejected"),
                    (limiters.reduce(0) { $0 + $1.totals.givenBack }, "given back"),
                ], none: "no call yet"))
    }

    private static func stand(_ limiters: [RateLimiter], _ now: Instant) -> Line {
        guard limiters.count == 1, let limiter = limiters.first else {
            let spent = limiters.count { $0.available(at: now) == 0 }
            return Line("\(spent) of \(limiters.count) tenants out", spent > 0 ? .warning : .text)
        }
        return limiter.stand(at: now)
    }
}

extension DetailText {
    static func limiter(_ place: GuardPlace, _ scene: Scene) -> [Line] {
        let limiters = scene.limiters(at: place)
        guard let first = limiters.first,
            case .limiter(let plan) = scene.plan.edges[place.edge].guards[place.stage]
        else { return [] }
        var lines: [Line] = [
            .fact("algorithm", first.settings.algorithm.rawValue), .fact("rate", first.settings.rate.text),
            .fact("burst", Figures.count(first.settings.burst)),
            .fact("may wait", plan.wait == .zero ? "not at all" : "\(plan.wait)"),
        ]
        for (part, limiter) in limiters.enumerated() {
            if limiters.count > 1 { lines += section("of \(scene.plan.tenants[part])") }
            let totals = limiter.totals
            lines += [
                Line(.text("now".padded(to: 15), .faint)) + limiter.stand(at: scene.now),
                .fact("granted", "\(Figures.count(totals.granted)), \(Figures.count(totals.delayed)) of them later"),
                .fact("rejected", Figures.count(totals.rejected), totals.rejected > 0 ? .warning : .text),
                .fact("given back", Figures.count(totals.givenBack)),
            ]
        }
        return lines + section("refused a second, last 60s") + [
            Line(.graph(scene.history.rates(.rateLimited(edge: place.edge), 60), columns: 60, top: nil))
        ]
    }
}

extension Scene {
    fileprivate func limiters(at place: GuardPlace) -> [RateLimiter] {
        (0..<world.limiterParts(edge: place.edge, stage: place.stage)).compactMap {
            world.limiter(edge: place.edge, stage: place.stage, part: $0)
        }
    }
}

extension RateLimiter {
    /// How many permits there are, or how many are promised already.
    fileprivate func stand(at now: Instant) -> Line {
        let promised = reserved(at: now)
        let left = available(at: now)
        return promised > 0
            ? Line("\(Figures.count(promised)) wait for permits", .warning)
            : Line("\(Figures.count(left)) of \(Figures.count(settings.burst)) left", left == 0 ? .warning : .text)
    }
}

extension Rate {
    /// The rate as people write it: `100/s`, `50/10s`.
    fileprivate var text: String {
        per == .seconds(1) ? "\(Figures.count(limit))/s" : "\(Figures.count(limit))/\(per)"
    }
}
