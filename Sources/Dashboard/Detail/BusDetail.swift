internal import CQRS
internal import Resilience
internal import Screen
internal import Simulation
internal import Timeline

extension DetailText {
    /// A command bus: its queue, what became of its commands, which of them are dead letters, and what is wrong.
    static func bus(_ bus: Int, _ scene: Scene, _ glyphs: Glyphs) -> DetailText {
        let title = "Command bus \(scene.plan.buses[bus].name)"
        guard scene.sample.buses.indices.contains(bus) else { return DetailText(title: title, lines: []) }
        let figures = scene.sample.buses[bus]
        var lines = [Line(.text("state".padded(to: 15), .faint)) + figures.badge(glyphs.marks).line]
        lines += queue(figures, of: bus, scene) + outcomes(figures, of: bus, scene)
        lines += types(figures, of: bus, scene) + deadLetters(figures, of: bus, scene)
        lines += faults(scene) { $0 == .bus(bus) } + rules(figures.plan)
        return DetailText(title: title, lines: lines + past(.bus(bus), .bus(UInt16(bus)), scene, glyphs))
    }

    /// Who waits, and who works.
    private static func queue(_ figures: BusFigures, of bus: Int, _ scene: Scene) -> [Line] {
        guard figures.plan.isQueued else { return [.fact("delivery", "carried out while their senders wait")] }
        let (view, plan) = (figures.view, figures.plan)
        let trend = scene.history.recent(.commandsWaiting(bus: bus), 60)
        var lines = [
            Line(
                .text("workers".padded(to: 15), .faint),
                .bar(Double(view.busy) / Double(max(1, plan.workers)), columns: 24, .bar),
                .text(" \(view.busy) of \(plan.workers) busy", .text)),
            Line(
                .text("queue".padded(to: 15), .faint),
                .bar(Double(view.depth) / Double(max(1, plan.capacity)), columns: 24, figures.isFull ? .bad : .warning),
                .text(" \(Figures.count(view.waiting)) of \(Figures.count(plan.capacity))", .text)),
        ]
        if !trend.isEmpty {
            lines.append(
                Line(.text("queue, 60s".padded(to: 15), .faint), .graph(trend, columns: min(60, trend.count), top: nil))
            )
        }
        let oldest = figures.oldest.map { "has waited for \(Figures.length($0))" } ?? "nobody waits"
        return lines + [.fact("oldest", oldest, figures.isBehind ? .warning : .text)]
    }

    /// What became of all commands together.
    private static func outcomes(_ figures: BusFigures, of bus: Int, _ scene: Scene) -> [Line] {
        let view = figures.view
        func fact(_ name: String, _ count: Int, _ role: Role, _ rest: String = "") -> Line {
            .fact(name, "\(Figures.count(count))\(rest)", count > 0 ? role : .text)
        }
        let reasons = figures.refusals.map { "\(Figures.count($0.count)) \($0.reason.text)" }
        let conflicts = Figures.count(view.sum(\.conflicts))
        return [
            .fact("sent", "\(Figures.count(view.sum(\.sent))), \(Figures.rate(scene.commandsPerSecond(onBus: bus)))/s"),
            fact("sent twice", view.sum(\.duplicates), .text, ", known already"),
            .fact(
                "done",
                "\(Figures.count(view.sum(\.done))), \(Figures.rate(scene.lastRate(.commandsDone(bus: bus))))/s"),
            .fact("refused", reasons.isEmpty ? "0" : reasons.joined(separator: ", "), reasons.isEmpty ? .text : .bad),
            fact("failed", view.sum(\.failed), .bad, " for good"),
            fact("retries", view.sum(\.retried), .warning, ", of them \(conflicts) after version conflicts"),
        ]
    }

    /// The same, type by type.
    private static func types(_ figures: BusFigures, of bus: Int, _ scene: Scene) -> [Line] {
        func cell(_ count: Int, _ role: Role, width: Int) -> Line.Part {
            .text(Figures.short(Double(count)).indented(to: width), count > 0 ? role : .idle)
        }
        let width = scene.typeWidth(ofBus: bus)
        return section("type".padded(to: width) + "  sent  done refused failed retried  dead  took")
            + figures.view.types.map { type in
                let metrics = type.metrics
                let name = scene.plan.shortName(ofType: type.name, onBus: bus)
                return Line(
                    .text(name.padded(to: width), .text), cell(metrics.sent, .text, width: 6),
                    cell(metrics.done, .text, width: 6), cell(metrics.rejected.total, .bad, width: 8),
                    cell(metrics.failed, .bad, width: 7), cell(metrics.retried, .warning, width: 8),
                    cell(metrics.parked, .warning, width: 6),
                    .text(Figures.length(metrics.averageDuration).indented(to: 6), .faint))
            }
    }

    private static let sequencesShown = 40

    /// Which commands are dead letters, sequence by sequence, and how to have them carried out again.
    private static func deadLetters(_ figures: BusFigures, of bus: Int, _ scene: Scene) -> [Line] {
        guard figures.view.deadLetters > 0 else { return [] }
        let name = scene.plan.buses[bus].name
        let sequences = scene.world.deadLetterSequences(ofBus: bus, atMost: sequencesShown)
        let more = figures.view.sequencesParked - sequences.count
        let width = scene.typeWidth(ofBus: bus)
        let hint =
            figures.view.replay.map { "replays: \($0.text)" } ?? "r or \"replay \(name)\" has them carried out again"
        return section(figures.deadLetters) + [Line(hint, .faint)]
            + [Line("sequence".padded(to: 12) + "first".padded(to: width) + " all   age  why", .faint)]
            + sequences.map { sequence in
                let type = scene.plan.operations[sequence.operation].name
                let age = Figures.length(scene.now - sequence.letter.parkedAt)
                let role: Role = sequence.letter.cause == nil || !sequence.isStillPoison ? .good : .warning
                return Line(
                    .text(sequence.stream.padded(to: 11) + " ", .text),
                    .text(scene.plan.shortName(ofType: type, onBus: bus).padded(to: width), .text),
                    .text(Figures.count(1 + sequence.waiting).indented(to: 4), .text),
                    .text(age.indented(to: 6) + "  ", .faint), .text(sequence.reason, role))
            } + (more > 0 ? [Line("and \(Figures.count(more, "sequence")) more", .faint)] : [])
    }

    /// How it is set.
    private static func rules(_ plan: BusPlan) -> [Line] {
        let attempts = plan.retry.map { "\($0.attempts) attempts, waits \($0.backoff.text)" } ?? "one attempt"
        var lines: [Line] = [
            .fact("tries", attempts), .fact("conflicts", "decided anew \(Figures.times(plan.conflictRetries)) at once"),
            .fact("handler", "works for \(Figures.length(plan.work.mean)) on average"),
        ]
        if plan.poison > 0 {
            lines.append(.fact("poison", "\(Figures.exactPercent(plan.poison)) of commands, always the same"))
        }
        guard plan.isQueued else { return section("rules") + lines }
        return section("rules") + lines + [
            .fact("unheard", "to another worker after \(Figures.length(plan.visibility))"),
            .fact("room", "for \(Figures.count(plan.deadLetters, "sequence")) of dead letters"),
        ]
    }
}

extension Scene {
    /// How wide the names of a bus's types are.
    fileprivate func typeWidth(ofBus bus: Int) -> Int {
        sample.buses[bus].view.types.reduce(8) { max($0, plan.shortName(ofType: $1.name, onBus: bus).columns) }
    }
}
