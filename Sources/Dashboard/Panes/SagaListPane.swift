internal import Sagas
internal import Screen
internal import Simulation
internal import Timeline

extension PaneContent {
    /// The sagas that the query means, of which only those near the selected one are written out.
    static func sagaList(_ scene: Scene, _ choices: Choices) -> PaneContent {
        let list = scene.sagas
        var selected: Int?
        if case .saga(let request)? = choices.selections[.sagaList] { selected = list.position(of: request) }
        let window = window(of: list.rows.count, around: selected, choices)
        let rows = list.rows[window].map { sagaRow($0, scene, choices.glyphs.marks) }
        var table = Table(columns: sagaColumns(scene.plan), rows: rows, ifEmpty: nothing(in: list))
        (table.before, table.total) = (window.lowerBound, list.rows.count)
        let view = choices.keptQuery.isEmpty ? list.query.words : "\(choices.keptQuery): \(list.query.words)"
        return PaneContent(
            note: sagaNote(list.census, scene.world.sagaTallies), footer: view, asides: list.ages.asides, table: table)
    }

    private static func sagaColumns(_ plan: Plan) -> [Table.Column] {
        let deepest = plan.sagas.map(\.definition.steps.count).max() ?? 4
        return [
            .init(heading: "ID", width: 7, alignment: .right),
            .init(heading: "SAGA", width: 11, rank: plan.sagas.count > 1 ? 1 : 8, weight: 1, widest: 20),
            .init(heading: "STATE", width: 10),
            .init(heading: "STEPS", width: min(16, max(5, deepest))),
            .init(heading: "", width: deepest > 9 ? 5 : 3, rank: 6),
            .init(heading: "AT", width: 8, weight: 1, widest: 20),
            .init(heading: "AGE", width: 5, alignment: .right),
            .init(heading: "TRIED", width: 5, alignment: .right, rank: 4),
            .init(heading: "WAITS FOR", width: 9, weight: 2, widest: 22),
            .init(heading: "SINCE", width: 5, alignment: .right, rank: 2),
            .init(heading: "NEXT IN", width: 7, alignment: .right, rank: 1),
            .init(heading: "UNDOS", width: 5, alignment: .right, rank: 7),
            .init(heading: "LAST ERROR", width: 12, rank: 9, weight: 1, widest: 24),
        ]
    }

    private static func sagaRow(_ row: SagaRow, _ scene: Scene, _ marks: Glyphs.Marks) -> Table.Row {
        let plan = scene.plan.sagas[Int(row.plan)]
        let definition = plan.definition
        let item = Item.saga(request: row.request)
        let kept = scene.followed.flatMap { $0.request == row.request ? $0.view : nil }
        guard let saga = kept ?? scene.world.saga(row) else {
            return Table.Row(item: item, cells: [Line("#\(row.request)", .faint), Line(definition.name, .faint)])
        }
        let (machine, row) = (saga.machine, scene.world.sagaRow(of: saga))
        let role: Role = saga.endedAt == nil ? .text : .faint
        let wait = SagaWait(saga, definition)
        let now = saga.endedAt ?? scene.sagas.time
        return Table.Row(
            item: item,
            cells: [
                Line("#\(row.request)", role), Line(definition.name, .faint),
                row.badge(marks).line, machine.strip(definition, marks),
                Line("\(machine.stepsDone(definition))/\(definition.steps.count)", .faint),
                Line(machine.errand(definition), role), Line(Figures.length(max(.zero, now - saga.startedAt)), role),
                count(machine.retries, .warning), Line(wait.short, wait.role),
                Line(Figures.length(max(.zero, scene.sagas.time - wait.since)), .faint),
                Line(wait.next.map { Figures.ticking($0 - scene.sagas.time) } ?? "-", wait.next == nil ? .idle : .text),
                saga.endedAt == nil ? count(machine.undoStackDepth, .text) : Line("-", .idle),
                Line(machine.lastError?.failure.text ?? "", .faint),
            ])
    }

    private static func nothing(in list: SagaList) -> String {
        let (view, text) = (list.query.view.name, list.query.text)
        if !text.isEmpty { return "no saga of the view \(view) has \"\(text)\" in its row" }
        return list.query.view == .these(.all)
            ? "no saga has started yet" : "no saga is in the view \(view): v shows another"
    }

    /// How many stand how; what an operator must not overlook is named only if there is some, and in capitals. For whom
    /// an alarm is raised counts where it stands too.
    static func sagaNote(_ census: SagaCensus, _ tallies: [SagaTally]) -> String {
        func sum(_ count: KeyPath<SagaTally, UInt64>) -> UInt64 { tallies.reduce(0) { $0 + $1[keyPath: count] } }
        var parts = ["\(Figures.count(census[.running] + census[.ready])) run"]
        let others: [(Int, String)] = [
            (census[.backingOff] + census[.locking], "wait"),
            (census[.compensating] + census[.compensationWaits], "undo"), (census[.paused], "paused"),
            (census[.isOld], "OLD"), (census[.compensatesTooLong], "SLOW"), (census[.stuck], "STUCK"),
            (census[.waitingForOperator], "OPERATOR"), (census[.compensationFailed as Saga.Standing], "FAILED"),
        ]
        parts += others.filter { $0.0 > 0 }.map { "\(Figures.count($0.0)) \($0.1)" }
        let done = sum(\.completed) + sum(\.compensated)
        if parts.count < 6 { parts.append("\(Figures.short(Double(done))) over") }
        // Where not all can be told, it is what is wrong that counts.
        return parts.suffix(6).joined(separator: "  ")
    }
}

extension SagaList.Ages {
    /// In words, as much as there is room for: the longest first.
    var asides: [String] {
        guard let withoutStep else { return [] }
        let age = "age p50 \(Figures.length(median)) p95 \(Figures.length(p95)) oldest \(Figures.length(oldest))"
        return ["\(age), no step for \(Figures.length(withoutStep))", age, "oldest \(Figures.length(oldest))"]
    }
}
