internal import Screen
internal import Simulation
internal import Timeline

extension PaneContent {
    /// What comes in from outside and how it fares, and whether the money adds up.
    static func requests(_ scene: Scene, _ glyphs: Glyphs) -> PaneContent {
        let columns: [Table.Column] = [
            .init(heading: "LOAD", width: 8, weight: 1, widest: 20),
            .init(heading: "RATE", width: 6, alignment: .right),
            .init(heading: "OK", width: 6, alignment: .right),
            .init(heading: "REJ/s", width: 5, alignment: .right, rank: 3),
            .init(heading: "FAIL/s", width: 6, alignment: .right, rank: 1),
            .init(heading: "p50", width: 6, alignment: .right, rank: 4),
            .init(heading: "p99", width: 6, alignment: .right),
        ]
        let account = LedgerView(scene)
        return PaneContent(
            note: "last 10s",
            table: Table(
                columns: columns, rows: scene.plan.loads.indices.map { loadRow($0, scene) } + [account.row(glyphs)],
                ifEmpty: "nobody calls from outside"),
            alarm: account.isBalanced ? "" : "\(Character(glyphs.marks.warning)) MONEY IS MISSING")
    }

    private static func loadRow(_ load: Int, _ scene: Scene) -> Table.Row {
        let last = scene.history.lastTenSeconds
        let seconds = Double(max(1, last.count))
        func growth(_ count: History.Count) -> Double { scene.history.growth(.load(load, count), over: last) }
        let ended = growth(.ok) + growth(.failed)
        let okShare = ended > 0 ? growth(.ok) / ended : nil
        let latencies = scene.latencies.ofLoad(load)
        return Table.Row(
            item: .load(load),
            cells: [
                Line(scene.plan.loads[load].name), Line("\(Figures.rate(growth(.offered) / seconds))/s"),
                Line(Figures.exactPercent(okShare), (okShare ?? 1) < 0.99 ? .bad : .text),
                problem(growth(.rejected) / seconds), problem(growth(.failed) / seconds),
                Line(Figures.length(latencies?.p50), .faint), Line(Figures.length(latencies?.p99)),
            ])
    }

    private static func problem(_ perSecond: Double) -> Line {
        Line(Figures.rate(perSecond), perSecond > 0 ? .warning : .idle)
    }
}
