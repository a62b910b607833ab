internal import CQRS
internal import EventSourcing
internal import Screen
internal import Simulation
internal import Timeline

extension DetailText {
    /// A projection: how far it is, what it has done, what it has set aside, and what is wrong.
    static func projection(_ projection: Int, _ scene: Scene, _ glyphs: Glyphs) -> DetailText {
        let plan = scene.plan.projections[projection]
        let title = "Projection \(plan.name)"
        guard scene.sample.projections.indices.contains(projection) else { return DetailText(title: title, lines: []) }
        let figures = scene.sample.projections[projection]
        var lines = [Line(.text("state".padded(to: 15), .faint)) + figures.badge(glyphs.marks).line]
        if case .stopped(let reason) = figures.view.state {
            lines.append(.fact("why", reason.text, .bad))
            lines.append(.fact("", "u or \"resume \(plan.name)\" lets it go on", .faint))
        }
        lines += place(figures, plan, scene) + lag(figures, projection, scene) + done(figures, plan)
        lines += rebuild(figures) + lanes(projection, scene) + deadLetters(figures, projection, scene)
        lines += faults(scene) { $0 == .projection(projection) }
        return DetailText(
            title: title,
            lines: lines + past(.projection(projection), .projection(UInt16(projection)), scene, glyphs))
    }

    /// What it reads, and up to where it has.
    private static func place(_ figures: ProjectionFigures, _ plan: ProjectionPlan, _ scene: Scene) -> [Line] {
        let view = figures.view
        let events = plan.category.map { "\($0.name) events" } ?? "all events"
        let feed = plan.feed == .log ? "from the log" : "as they are published to it"
        let share = view.head.number > 0 ? Double(view.position.number) / Double(view.head.number) : 1
        return [
            .fact("reads", "\(events) of \(scene.plan.stores[plan.store].name), \(feed)"),
            .fact("checkpoint", plan.checkpoint.text), .fact("version", "\(view.version)"),
            Line(
                .text("position".padded(to: 15), .faint), .bar(share, columns: 24, .bar),
                .text(" \(Figures.count(view.position.number)) of \(Figures.count(view.head.number))", .text)),
        ]
    }

    /// How far it is behind.
    private static func lag(_ figures: ProjectionFigures, _ projection: Int, _ scene: Scene) -> [Line] {
        let view = figures.view
        let trend = scene.history.recent(.lag(projection: projection), 60)
        let ahead = figures.timeToCatchUp.map { ", there in \(Figures.length($0))" } ?? ", not catching up"
        var lines: [Line] = [
            .fact("lag", "\(Figures.count(view.lag, "event")), \(Figures.length(figures.lagTime))"),
            .fact("passes", "\(Figures.rate(view.rate)) events/s\(figures.isLive ? "" : ahead)"),
        ]
        if !trend.isEmpty {
            lines.append(
                Line(.text("lag, 60s".padded(to: 15), .faint), .graph(trend, columns: min(60, trend.count), top: nil)))
        }
        return lines
    }

    /// What it has done, and for whom.
    private static func done(_ figures: ProjectionFigures, _ plan: ProjectionPlan) -> [Line] {
        let (view, totals) = (figures.view, figures.view.totals)
        func fact(_ name: String, _ count: some BinaryInteger, _ role: Role, _ rest: String = "") -> Line {
            .fact(name, "\(Figures.count(count))\(rest)", count > 0 ? role : .text)
        }
        return [
            .empty, .fact("projected", "\(Figures.count(view.projected)) in \(Figures.count(view.batches)) batches"),
            fact("twice", view.projectedAgain, .bad), fact("out of order", view.outOfOrder, .bad),
            fact("left out", view.leftOut, .warning, " for good"),
            fact("missing", figures.missing, .bad, plan.feed == .published ? ", of which it will never hear" : ""),
            fact("failed", view.eventFailures, .warning, " attempts at events"),
            .fact("effects", "\(Figures.count(totals.effects)) outside"),
            .fact(
                "reads",
                "\(Figures.count(totals.reads)), \(Figures.count(totals.staleReads)) stale,"
                    + " \(Figures.count(totals.ownWritesMissed)) without the own write"),
            .fact("waits", "\(Figures.count(view.waiting)) now, \(Figures.count(totals.waited)) readers so far"),
        ]
    }

    private static func rebuild(_ figures: ProjectionFigures) -> [Line] {
        guard let rebuild = figures.rebuild else { return [] }
        return section("rebuild") + [
            Line(
                .text("version \(rebuild.version)".padded(to: 15), .faint),
                .bar(rebuild.share, columns: 24, .bar), .text(" \(Figures.percent(rebuild.share))", .text)),
            Line(rebuild.text(head: figures.view.head)),
        ]
    }

    /// Its workers, each with its checkpoint.
    private static func lanes(_ projection: Int, _ scene: Scene) -> [Line] {
        let lanes = scene.world.lanes(ofProjection: projection)
        return section("lane        checkpoint  position   batches  set aside")
            + lanes.map { lane in
                let name = lane.isServing ? "\(lane.number + 1)" : "\(lane.number + 1) of v\(lane.version)"
                let checkpoint = lane.checkpoint.map { Figures.count($0.number) } ?? "-"
                return Line(
                    .text(name.padded(to: 12) + checkpoint.indented(to: 10), .text),
                    .text(Figures.count(lane.position.number).indented(to: 10), .text),
                    .text(Figures.count(lane.totals.batches).indented(to: 10), .faint),
                    .text(Figures.count(lane.setAside).indented(to: 11), lane.setAside > 0 ? .warning : .idle),
                    .text(lane.stopReason == nil ? "" : "  stopped", .bad))
            }
    }

    private static let lettersShown = 40

    /// What it has set aside, and how to have it dealt with again.
    private static func deadLetters(_ figures: ProjectionFigures, _ projection: Int, _ scene: Scene) -> [Line] {
        guard figures.view.setAside > 0 else { return [] }
        let letters = scene.world.deadLetters(ofProjection: projection, atMost: lettersShown)
        let more = figures.view.streamsSetAside - letters.count
        return section("dead letters: \(figures.deadLetters)") + [
            Line(.text("r or \"replay \(scene.plan.projections[projection].name)\" has them dealt with again", .faint))
        ]
            + letters.map { letter in
                Line(
                    .text(Figures.count(letter.position.number).indented(to: 9) + "  ", .text),
                    .text(letter.event.streamName.padded(to: 14), .text),
                    .text(letter.event.kind.past.padded(to: 18), .text),
                    .text(letter.reason, letter.failure == nil ? .good : .warning))
            } + (more > 0 ? [Line("and \(Figures.count(more, "stream")) more", .faint)] : [])
    }
}

extension ProjectionPlan.Checkpointing {
    /// When it moves, in words.
    fileprivate var text: String {
        switch self {
        case .withChanges: "moves with the changes, in one transaction"
        case .afterChanges: "moves after the changes: a crash in between does them twice"
        case .beforeChanges: "moves before the changes: a crash in between loses them"
        }
    }
}
