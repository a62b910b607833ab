internal import Sagas
internal import Screen
internal import Simulation
internal import Timeline

extension DetailText {
    /// A saga: its steps, its undos, and what it has been through.
    static func saga(_ request: UInt64, _ scene: Scene, _ glyphs: Glyphs) -> DetailText {
        let title = "Saga #\(request)"
        if let saga = scene.sagas.running.first(where: { $0.request == request }) {
            let lines = story(
                saga.machine, scene.plan.sagas[saga.plan].definition, startedAt: saga.startedAt,
                age: scene.sagas.time - saga.startedAt, glyphs)
            return DetailText(title: title, lines: lines + timeline(saga, scene, glyphs))
        }
        if let saga = scene.sagas.ended.first(where: { $0.request == request }) {
            let lines = story(
                saga.machine, scene.plan.sagas[saga.plan].definition, startedAt: saga.startedAt,
                age: saga.endedAt - saga.startedAt, glyphs)
            return DetailText(title: title, lines: lines)
        }
        return DetailText(title: title, lines: [Line("it is over and no longer kept", .faint)])
    }

    private static func story(
        _ saga: Saga, _ definition: SagaDefinition, startedAt: Instant, age: Duration, _ glyphs: Glyphs
    ) -> [Line] {
        var lines = [
            .fact("saga", definition.name), Line(.text("state".padded(to: 15), .faint)) + saga.badge(glyphs.marks).line,
            .fact("started", "\(startedAt)"), .fact("age", Figures.length(age)),
            .fact("amount", Why.money(saga.amountInCents)), .fact("time limit", Figures.length(definition.timeLimit)),
        ]
        if let (at, because) = saga.turnedBack {
            lines.append(.fact("turned back", "after \(Figures.length(at - startedAt)): \(because.text)", .undo))
        }
        if saga.isOverdue { lines.append(.fact("overdue", "past the point of no return: it goes on", .warning)) }
        lines += section("steps")
        for (position, step) in definition.steps.enumerated() {
            let (sign, role) = saga.status(of: position).look(glyphs.marks)
            let kind = step.isPivot ? "pivot" : step.isRetriable ? "until done" : step.undo.map { "undo: \($0)" } ?? ""
            lines.append(
                Line(
                    .text("\(Character(sign)) \(step.name)".padded(to: 15), role),
                    .text(saga.status(of: position).word.padded(to: 13), role), .text(kind, .faint)))
        }
        return lines + undoStack(saga, definition)
    }

    /// What would be, or is being, taken back: the last registered first.
    private static func undoStack(_ saga: Saga, _ definition: SagaDefinition) -> [Line] {
        let registered = definition.steps.indices.reversed().filter { position in
            guard definition.steps[position].undo != nil else { return false }
            switch saga.status(of: position) {
            case .pending, .undone, .undoFailed: return false
            case .running, .done, .failed, .unknown, .undoing: return true
            }
        }
        guard !registered.isEmpty else { return [] }
        return section("undo stack, top first")
            + registered.map { Line("  \(definition.steps[$0].undo ?? "")  (\(definition.steps[$0].name))") }
    }

    private static let entriesShown = 60

    /// What it has been through, attempt by attempt, as bars on the time since its start.
    private static func timeline(_ saga: RunningSaga, _ scene: Scene, _ glyphs: Glyphs) -> [Line] {
        let chain = scene.journal.heldChain(from: saga.lastEntry, atMost: entriesShown)
            .filter { $0.request == saga.request }
        guard !chain.isEmpty else { return [] }
        return section("what it has been through, newest first")
            + chain.map { entry in
                let when = "+\(Figures.length(entry.time - saga.startedAt))".indented(to: 7)
                return Line(.text(when + "  ", .faint), .text(entry.text(scene.plan), entry.what.role))
            }
    }
}
