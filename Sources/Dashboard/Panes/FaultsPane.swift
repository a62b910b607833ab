internal import Screen
internal import Simulation
internal import Timeline

extension PaneContent {
    /// The faults in force, and what the scenario will do next.
    static func faults(_ scene: Scene, _ glyphs: Glyphs) -> PaneContent {
        let columns: [Table.Column] = [
            .init(heading: "", width: 3),
            .init(heading: "FAULT", width: 20, weight: 1),
            .init(heading: "LEFT", width: 6, alignment: .right),
            .init(heading: "HITS", width: 5, alignment: .right, rank: 1),
        ]
        let active = scene.world.faultLog.enumerated().filter { $0.element.isActive }
        let rows = active.reversed().map { index, fault in
            Table.Row(
                item: .fault(index + 1),
                cells: [
                    Line("F\(index + 1)", .bad),
                    Line(fault.plan.headline(scene.plan), .bad),
                    fault.until.map { Line(Figures.ticking($0 - scene.now)) } ?? Line("stays", .warning),
                    Line(Figures.short(Double(fault.hits)), .faint),
                ])
        }
        return PaneContent(
            note: active.isEmpty ? "none active" : "\(active.count) active",
            table: Table(
                columns: active.isEmpty ? columns.map(\.withoutHeading) : columns, rows: rows,
                ifEmpty: "all is whole: x breaks something", remarks: next(scene)))
    }

    private static let upcomingShown = 3

    private static func next(_ scene: Scene) -> [Line] {
        scene.status.upcoming.prefix(upcomingShown).map { command in
            Line(.text("in \(Figures.ticking(command.time - scene.now)): ", .faint), .text(command.text, .text))
        }
    }
}

extension Table.Column {
    fileprivate var withoutHeading: Table.Column {
        var column = self
        column.heading = ""
        return column
    }
}
