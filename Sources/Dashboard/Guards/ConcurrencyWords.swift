internal import Resilience
internal import Screen
internal import Simulation
internal import Timeline

// An adaptive limit on calls under way, in one line and in detail.

extension GuardSummary {
    static func concurrency(_ place: GuardPlace, _ scene: Scene) -> GuardSummary? {
        guard let limit = scene.world.concurrencyLimit(edge: place.edge, stage: place.stage) else { return nil }
        let totals = limit.totals
        return GuardSummary(
            name: "concurrency, \(limit.settings.algorithm.name)",
            now: Line("\(limit.inFlight)/\(limit.limit) in flight", limit.inFlight >= limit.limit ? .warning : .text),
            since: counts(
                [
                    (totals.admitted, "admitted"), (totals.rejected, "rejected"), (totals.dropped, "dropped"),
                    (totals.raised, "up"), (totals.lowered, "down"),
                ], none: "no call yet"))
    }
}

extension DetailText {
    static func concurrency(_ place: GuardPlace, _ scene: Scene) -> [Line] {
        guard let limit = scene.world.concurrencyLimit(edge: place.edge, stage: place.stage) else { return [] }
        let totals = limit.totals
        var lines: [Line] = [
            Line(
                .text("in flight".padded(to: 15), .faint),
                .bar(Double(limit.inFlight) / Double(max(1, limit.limit)), columns: 24, .bar),
                .text(" \(limit.inFlight) of \(limit.limit)", .text)),
            .fact("algorithm", limit.settings.algorithm.name),
            .fact("limit", "\(limit.limit), from \(limit.settings.minimum) to \(limit.settings.maximum)"),
            .fact("no-load time", Figures.length(limit.unloadedTime)),
            .fact("time now", Figures.length(limit.latestTime)),
        ]
        if let queue = limit.queueEstimate { lines.append(.fact("queue there", "about \(queue)")) }
        if let change = limit.lastChange {
            let age = Figures.ticking(scene.now - change.at)
            lines.append(.fact("last change", "\(change.from) to \(change.to), \(age) ago: \(change.reason.text)"))
        }
        return lines + section("since the beginning") + [
            .fact("admitted", Figures.count(totals.admitted)),
            .fact("rejected", Figures.count(totals.rejected), totals.rejected > 0 ? .warning : .text),
            .fact("succeeded", Figures.count(totals.succeeded), .good),
            .fact("dropped", Figures.count(totals.dropped), totals.dropped > 0 ? .bad : .text),
            .fact("raised", "\(Figures.count(totals.raised)), lowered \(Figures.count(totals.lowered))"),
        ]
    }
}

extension ConcurrencyLimit.Settings.Algorithm {
    fileprivate var name: String {
        switch self {
        case .aimd: "AIMD"
        case .vegas: "Vegas"
        case .gradient: "gradient"
        }
    }
}

extension ConcurrencyLimit.Change.Reason {
    fileprivate var text: String {
        switch self {
        case .used(let inFlight): "\(inFlight) in flight went well"
        case .dropped: "a call was dropped"
        case .timeout(let took): "a call took \(Figures.length(took))"
        case .queue(let length): "about \(length) in the queue there"
        case .gradient(let ratio): "times have a gradient of \(Figures.decimal(ratio, places: 2))"
        case .settings: "other settings"
        }
    }
}
