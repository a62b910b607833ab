internal import Screen
internal import Simulation
internal import Timeline

extension PaneContent {
    /// What happened, newest first: the news only, and many of a kind as one.
    static func events(_ scene: Scene, _ choices: Choices) -> PaneContent {
        let filter = choices.eventFilter.lowercased()
        let held = choices.eventsHeldAt
        let newer = held.map { held in scene.events.count { $0.id.number > held } } ?? 0
        let shown = scene.events.reversed().lazy
            .filter { line in held.map { line.id.number <= $0 } ?? true }
            .filter { filter.isEmpty || $0.text.lowercased().contains(filter) }
            .prefix(rowsShown)
        let columns: [Table.Column] = [
            .init(heading: "", width: scene.now >= .after(.minutes(60)) ? 12 : 9),
            .init(heading: "", width: 20, weight: 1),
            .init(heading: "", width: 6, alignment: .right),
        ]
        let note = held == nil ? "newest first" : newer > 0 ? "held, \(newer) newer: f follows" : "held: f follows"
        return PaneContent(
            note: note, footer: choices.eventFilter.isEmpty ? "" : "only: \(choices.eventFilter)",
            table: Table(
                columns: columns, rows: shown.map { row($0, choices.glyphs.marks) },
                ifEmpty: filter.isEmpty
                    ? "nothing out of the ordinary so far" : "no event has \"\(choices.eventFilter)\" in it"))
    }

    private static let rowsShown = 200

    private static func row(_ line: EventLine, _ marks: Glyphs.Marks) -> Table.Row {
        let (sign, role) = (line.what.sign(marks), line.what.role)
        return Table.Row(
            item: .event(line.id),
            cells: [
                Line(Figures.clock(line.time), .faint), Line(.text("\(Character(sign)) \(line.text)", role)),
                line.count > 1 ? Line("x\(Figures.short(Double(line.count)))", role) : .empty,
            ])
    }
}
