internal import Sagas
internal import Screen
internal import Simulation
internal import Timeline

extension DetailText {
    /// A saga: its steps, its undos, and what it has been through.
    static func saga(_ request: UInt64, _ scene: Scene, _ glyphs: Glyphs) -> DetailText {
        let title = "Saga #\(request)"
        if let saga = scene.sample.running.first(where: { $0.request == request }) {
            let plan = scene.plan.sagas[saga.plan]
            let lines = story(
                saga.machine, plan.definition, startedAt: saga.startedAt, age: scene.sample.time - saga.startedAt,
                glyphs)
            let past = history(of: request, plan, from: saga.startedAt, to: scene.now, scene, glyphs)
            return DetailText(title: title, lines: lines + past)
        }
        if let saga = scene.sample.ended.first(where: { $0.request == request }) {
            let plan = scene.plan.sagas[saga.plan]
            let lines = story(
                saga.machine, plan.definition, startedAt: saga.startedAt, age: saga.endedAt - saga.startedAt, glyphs)
            let past = history(of: request, plan, from: saga.startedAt, to: saga.endedAt, scene, glyphs)
            return DetailText(title: title, lines: lines + past)
        }
        return DetailText(title: title, lines: [Line("it is over and no longer kept", .faint)])
    }

    private static func story(
        _ saga: Saga, _ definition: SagaDefinition, startedAt: Instant, age: Duration, _ glyphs: Glyphs
    ) -> [Line] {
        var lines = [
            .fact("saga", definition.name), Line(.text("state".padded(to: 15), .faint)) + saga.badge(glyphs.marks).line,
            .fact("started", "\(startedAt)"), .fact("age", Figures.length(age)),
            .fact("amount", amount(saga, definition)),
            .fact("time limit", Figures.length(definition.timeLimit)),
        ]
        if let (at, because) = saga.turnedBack {
            lines.append(.fact("turned back", "after \(Figures.length(at - startedAt)): \(because.text)", .undo))
        }
        if saga.isOverdue { lines.append(.fact("overdue", "past the point of no return: it goes on", .warning)) }
        lines += section("steps")
        for (position, step) in definition.steps.enumerated() {
            let (sign, role) = saga.status(of: position).look(glyphs.marks)
            let kind =
                step.isPivot ? "pivot" : step.isRetriable ? "until done" : step.undo.map { "undo: \($0.name)" } ?? ""
            lines.append(
                Line(
                    .text("\(Character(sign)) \(step.name)".padded(to: 15), role),
                    .text(saga.status(of: position).word.padded(to: 13), role), .text(kind, .faint)))
        }
        return lines + undoStack(saga, definition)
    }

    private static func amount(_ saga: Saga, _ definition: SagaDefinition) -> String {
        if case .cents(let cents)? = saga.data.value(of: 0, under: definition) { return Figures.money(cents) }
        return "-"
    }

    /// What would be, or is being, taken back: the last registered first.
    private static func undoStack(_ saga: Saga, _ definition: SagaDefinition) -> [Line] {
        let registered = saga.undoStack.reversed()
        guard !registered.isEmpty else { return [] }
        return section("undo stack, top first")
            + registered.map { Line("  \(definition.steps[$0].undo?.name ?? "")  (\(definition.steps[$0].name))") }
    }

    private static let entriesShown = 200
    private static let barsShown = 16

    /// What it has been through: its calls as bars, then every entry, newest first.
    private static func history(
        of request: UInt64, _ plan: SagaPlan, from start: Instant, to end: Instant, _ scene: Scene,
        _ glyphs: Glyphs
    ) -> [Line] {
        let story = scene.journal.story(of: request, atMost: entriesShown)
        guard !story.isEmpty else { return [] }
        let chart = SagaChart(story.reversed(), of: plan, from: start, to: end)
        return section("calls, over \(Figures.length(end - start))") + chart.lines(glyphs, atMost: barsShown)
            + section("what it has been through, newest first")
            + story.map { entry in
                let when = "+\(Figures.length(entry.time - start))".indented(to: 7)
                return Line(.text(when + "  ", .faint), .text(entry.news(scene.plan, []), entry.what.role))
            }
    }
}

extension Journal {
    private static let entriesSearched: UInt64 = 30_000

    /// The entries of a saga back to its start, newest first, at most so many: of those that a frame can afford to
    /// look through.
    fileprivate func story(of request: UInt64, atMost count: Int) -> [Entry] {
        var found: [Entry] = []
        var number = next.number
        let first = max(oldest.number, number - min(number, Self.entriesSearched))
        while number > first, found.count < count {
            number -= 1
            guard let entry = self[EntryID(number)], entry.request == request else { continue }
            found.append(entry)
            if entry.what == .sagaStarted { break }
        }
        return found
    }
}
