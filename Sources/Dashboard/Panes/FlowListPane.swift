internal import Sagas
internal import Screen
internal import Simulation
internal import Timeline

extension PaneContent {
    /// The flows of choreographies, of which only those near the selected one are written out.
    static func flowList(_ scene: Scene, _ choices: Choices) -> PaneContent {
        let list = scene.flows
        var selected: Int?
        if case .flow(let request)? = choices.selections[.flowList] { selected = list.position(of: request) }
        let window = window(of: list.rows.count, around: selected, choices)
        let nothing = list.text.isEmpty ? "no flow has begun yet" : "no flow has \"\(list.text)\" in its row"
        let rows = list.rows[window].map { flowRow($0, scene, choices.glyphs.marks) }
        var table = Table(columns: flowColumns(scene.plan), rows: rows, ifEmpty: nothing)
        (table.before, table.total) = (window.lowerBound, list.rows.count)
        let footer = "worst first" + (list.text.isEmpty ? "" : ", only: \(list.text)")
        return PaneContent(note: flowNote(scene.world.flowTallies), footer: footer, table: table)
    }

    private static func flowColumns(_ plan: Plan) -> [Table.Column] {
        [
            .init(heading: "ID", width: 7, alignment: .right),
            .init(heading: "FLOW OF", width: 11, rank: plan.choreographies.count > 1 ? 1 : 8, weight: 1, widest: 20),
            .init(heading: "STATE", width: 8),
            .init(heading: "EVENTS", width: 6, alignment: .right),
            .init(heading: "THE LATEST", width: 11, weight: 1, widest: 20),
            .init(heading: "AGE", width: 5, alignment: .right),
            .init(heading: "WAITS FOR", width: 11, weight: 2, widest: 26),
            .init(heading: "SINCE", width: 5, alignment: .right, rank: 2),
            .init(heading: "AGAIN", width: 5, alignment: .right, rank: 4),
            .init(heading: "LOST", width: 4, alignment: .right, rank: 3),
            .init(heading: "MONEY", width: 8, alignment: .right, rank: 5),
        ]
    }

    /// A flow as a line of a list.
    static func flowRow(_ row: FlowRow, _ scene: Scene, _ marks: Glyphs.Marks) -> Table.Row {
        let plan = scene.plan.choreographies[Int(row.plan)]
        let item = Item.flow(request: row.request)
        guard let flow = scene.world.flow(row) else {
            return Table.Row(
                item: item, cells: [Line("#\(row.request)", .faint), Line(plan.choreography.name, .faint)])
        }
        let isOver = flow.standing.isOver
        let role: Role = isOver ? .faint : .text
        let now = isOver ? flow.progressedAt : scene.flows.time
        let awaited = isOver ? "-" : flow.awaited(plan).joined(separator: ", ")
        let waits: Role = !isOver && flow.lapses > 0 && flow.underWay == 0 ? .bad : role
        return Table.Row(
            item: item,
            cells: [
                Line("#\(row.request)", role), Line(plan.choreography.name, .faint), flow.standing.badge(marks).line,
                Line("\(flow.flow.events)", role), Line(flow.lastEvent(plan), role),
                Line(Figures.length(max(.zero, now - flow.startedAt)), role),
                Line(awaited.isEmpty ? "nobody" : awaited, waits),
                Line(Figures.length(max(.zero, scene.flows.time - flow.progressedAt)), .faint),
                count(flow.redeliveries, .warning), count(flow.lapses, .bad), Line(Figures.money(flow.amount), .faint),
            ])
    }

    /// How many stand how; what an operator must not overlook is named only if there is some, and in capitals.
    static func flowNote(_ tallies: [FlowTally]) -> String {
        func sum(_ count: KeyPath<FlowTally, UInt64>) -> UInt64 { tallies.reduce(0) { $0 + $1[keyPath: count] } }
        var parts = [
            "\(Figures.count(sum(\.running))) run", "\(Figures.count(sum(\.compensating))) undo",
            "\(Figures.count(sum(\.completed))) done", "\(Figures.count(sum(\.compensated))) undone",
        ]
        let alarms = [(sum(\.orphaned), "ORPHANS"), (sum(\.parked), "PARKED"), (sum(\.deadLetters), "DEAD LETTERS")]
        parts += alarms.filter { $0.0 > 0 }.map { "\(Figures.count($0.0)) \($0.1)" }
        return parts.joined(separator: "  ")
    }
}
