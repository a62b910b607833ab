internal import Screen
internal import Simulation
internal import Timeline

extension DetailText {
    /// An event: what it says in full, and what led to it.
    static func event(_ id: EntryID, _ scene: Scene, _ glyphs: Glyphs) -> DetailText {
        let line = scene.events.last { $0.id == id }
        var lines: [Line] = []
        if let line {
            lines = [Line(line.text, line.what.role), .fact("first", "\(line.time)")]
            if line.count > 1 {
                lines.append(.fact("and more", "\(Figures.count(line.count)) in all until \(line.lastTime)"))
            }
        }
        let chain = scene.journal.heldChain(from: id, atMost: causesShown)
        lines += section("why")
        let forgotten = [Line("no longer held: w brings it back", .faint)]
        lines += chain.isEmpty ? forgotten : WhyText.lines(chain, scene, glyphs)
        return DetailText(title: "Event", lines: lines)
    }

    /// A load: who comes, and how they fare.
    static func load(_ load: Int, _ scene: Scene) -> DetailText {
        let meter = scene.world.loadMeters[load]
        var lines: [Line] = [
            .fact("came", Figures.count(meter.offered)), .fact("under way", Figures.count(meter.underWay)),
            .fact("ok", Figures.count(meter.ok), .good),
            .fact("failed", Figures.count(meter.failed), meter.failed > 0 ? .bad : .text),
        ]
        for failure in Failure.allCases where meter.count(failure) > 0 {
            lines.append(.fact("", "\(Figures.count(meter.count(failure))) \(failure.text)", .warning, width: 3))
        }
        let latencies = scene.history.latencies(load: load, .all, over: scene.history.lastTenSeconds)
        lines += section("latency in the last 10s")
        for (name, share) in [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("longest", 1)] {
            lines.append(.fact(name, Figures.length(latencies.quantile(share))))
        }
        lines += section("requests a second, last 60s")
        lines.append(Line(.graph(scene.history.rates(.load(load, .offered), 60), columns: 60, top: nil)))
        return DetailText(
            title: "Load \(scene.plan.loads[load].name)",
            lines: lines + news(scene, atMost: 20) { $0.place == .load(UInt16(load)) })
    }

    /// The ledger: every account, and whether they add up.
    static func ledger(_ scene: Scene, _ glyphs: Glyphs) -> DetailText {
        let row = LedgerView(scene).row(glyphs)
        var lines = (row.span.map { [$0] } ?? []) + row.below
        lines += section("accounts")
        for (name, cents) in zip(scene.plan.accounts, scene.world.ledger.accounts) {
            lines.append(.fact(name, Figures.money(cents).indented(to: 16)))
        }
        lines.append(.fact("pending", Figures.money(scene.world.ledger.pending).indented(to: 16)))
        lines += [
            .empty, Line("Booked when it really happens at the service, even if the reply", .faint),
            Line("is lost. Pending is what was charged for sagas under way.", .faint),
        ]
        return DetailText(title: "Money", lines: lines)
    }

    /// A fault: what it does, since when, and what it hit.
    static func fault(_ number: Int, _ scene: Scene) -> DetailText {
        guard scene.world.faultLog.indices.contains(number - 1) else { return DetailText(title: "Fault", lines: []) }
        let fault = scene.world.faultLog[number - 1]
        return DetailText(
            title: "Fault F\(number)",
            lines: [
                Line(fault.plan.summary(scene.plan), .bad), .empty, .fact("since", "\(fault.since)"),
                .fact("until", fault.until.map { "\($0)" } ?? "it is healed"),
                .fact("healed", fault.healedAt.map { "\($0)" } ?? "not yet"), .fact("hits", Figures.count(fault.hits)),
            ])
    }
}
