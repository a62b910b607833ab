internal import EventSourcing
internal import Screen
internal import Simulation
internal import Timeline

extension PaneContent {
    /// The projections: how each stands, how far it is behind, and what it could not deal with.
    static func projections(_ scene: Scene, _ choices: Choices) -> PaneContent {
        let marks = choices.glyphs.marks
        let figures = scene.sample.projections
        let rows = figures.indices.map { index in
            let plan = scene.plan.projections[index]
            return Table.Row(
                item: .projection(index), cells: cells(figures[index], of: index, scene, marks),
                below: figures[index].remarks(isPublished: plan.feed == .published))
        }
        let stopped = figures.count { $0.hasStopped }
        let live = figures.count { $0.isLive && !$0.hasStopped && $0.view.state != .down }
        return PaneContent(
            note: figures.isEmpty ? "" : "\(live) of \(figures.count) live",
            table: Table(
                columns: rows.isEmpty ? [] : projectionColumns, rows: rows,
                ifEmpty: "no projection reads these stores: a scenario names them under \"projections\""),
            alarm: stopped > 0 ? "\(Character(marks.cross)) \(stopped) STOPPED" : "")
    }

    private static let projectionColumns: [Table.Column] = [
        .init(heading: "PROJECTION", width: 13, weight: 2, widest: 24),
        .init(heading: "STATE", width: 13),
        .init(heading: "V", width: 2, alignment: .right, rank: 6),
        .init(heading: "POSITION", width: 15, alignment: .right, rank: 4),
        .init(heading: "LAG", width: 6, alignment: .right),
        .init(heading: "TIME", width: 5, alignment: .right),
        .init(heading: "PER s", width: 5, alignment: .right, rank: 2),
        .init(heading: "LAG 30s", width: 8, rank: 1, weight: 3, widest: 30),
        .init(heading: "DONE", width: 7, alignment: .right, rank: 5),
        .init(heading: "TWICE", width: 5, alignment: .right, rank: 3),
        .init(heading: "MISSING", width: 7, alignment: .right),
        .init(heading: "DEAD", width: 5, alignment: .right),
        .init(heading: "STALE", width: 5, alignment: .right, rank: 7),
        .init(heading: "WAIT", width: 4, alignment: .right, rank: 8),
    ]

    private static func cells(
        _ figures: ProjectionFigures, of index: Int, _ scene: Scene, _ marks: Glyphs.Marks
    ) -> [Line] {
        let view = figures.view
        return [
            Line(scene.plan.projections[index].name), figures.badge(marks).line, Line("\(view.version)", .faint),
            Line(place(view), .faint), count(Int(view.lag), .text), figures.lagLine,
            Line(Figures.rate(view.rate), view.rate > 0 ? .text : .idle),
            Line(.graph(scene.history.recent(.lag(projection: index), 30), columns: nil, top: nil)),
            total(view.projected), count(Int(clamping: view.projectedAgain), .bad),
            count(Int(figures.missing), .bad), count(view.setAside, .warning),
            count(Int(clamping: view.totals.staleReads), .warning), count(view.waiting, .warning),
        ]
    }

    /// Where it is of where it could be: `3,201/3,205`.
    private static func place(_ view: ProjectionView) -> String {
        let exact = "\(Figures.count(view.position.number))/\(Figures.count(view.head.number))"
        guard exact.columns > 15 else { return exact }
        return "\(Figures.short(Double(view.position.number)))/\(Figures.short(Double(view.head.number)))"
    }
}
