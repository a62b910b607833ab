internal import EventSourcing
internal import Screen
internal import Simulation

extension PaneContent {
    /// The event stores, and below each of them its nodes.
    static func stores(_ scene: Scene, _ choices: Choices) -> PaneContent {
        let items = scene.plan.stores.indices.flatMap { store in
            [.store(store)] + (0..<scene.plan.stores[store].cluster.nodes).map { Item.node(store: store, $0) }
        }
        let rows = rows(items, in: .stores, choices) { item in
            Table.Row(item: item, cells: storeCells(item, scene, choices.glyphs))
        }
        let cross = Character(choices.glyphs.marks.cross)
        let lost = scene.sample.stores.reduce(0) { $0 + $1.cluster.lostEvents }
        let events = scene.sample.stores.reduce(0) { $0 + $1.events }
        return PaneContent(
            note: "\(Figures.count(events, "event"))",
            table: Table(
                columns: storeColumns, rows: rows,
                ifEmpty: "no event store yet: a scenario names them under \"stores\""),
            alarm: lost > 0 ? "\(cross) \(Figures.count(lost)) EVENT\(lost == 1 ? "" : "S") LOST" : "")
    }

    private static let storeColumns: [Table.Column] = [
        .init(heading: "STORE", width: 14, weight: 2, widest: 26),
        .init(heading: "STATE", width: 11),
        .init(heading: "LEADS", width: 5, alignment: .right),
        .init(heading: "EPOCH", width: 5, alignment: .right, rank: 2),
        .init(heading: "BEHIND", width: 6, alignment: .right),
        .init(heading: "STREAMS", width: 7, alignment: .right, rank: 6),
        .init(heading: "EVENTS", width: 7, alignment: .right),
        .init(heading: "PER s", width: 5, alignment: .right, rank: 1),
        .init(heading: "LAST 30s", width: 8, rank: 3, weight: 3, widest: 30),
        .init(heading: "CONFLICTS", width: 9, alignment: .right, rank: 4),
        .init(heading: "LOST", width: 6, alignment: .right),
        .init(heading: "SNAPS", width: 5, alignment: .right, rank: 8),
        .init(heading: "ELECTED", width: 7, alignment: .right, rank: 5),
        .init(heading: "FENCED", width: 6, alignment: .right, rank: 7),
    ]

    private static func storeCells(_ item: Item, _ scene: Scene, _ glyphs: Glyphs) -> [Line] {
        switch item {
        case .store(let store):
            guard scene.sample.stores.indices.contains(store) else { return [] }
            return cells(scene.sample.stores[store], of: store, scene, glyphs)
        case .node(let store, let node):
            guard scene.sample.stores.indices.contains(store) else { return [] }
            let figures = scene.sample.stores[store].nodes[node]
            return [
                Line("  \(scene.plan.stores[store].name(ofNode: node))"), figures.badge(glyphs.marks).line,
                Line(figures.holds == 0 ? "" : "\(figures.leads)/\(figures.holds)", figures.leads > 0 ? .text : .idle),
                Line("\(figures.epoch)"), figures.lag,
            ]
        default: return []
        }
    }

    private static func cells(_ figures: StoreFigures, of store: Int, _ scene: Scene, _ glyphs: Glyphs) -> [Line] {
        let perSecond = scene.lastRate(.appended(store: store))
        let behind = figures.nodes.map(\.behind).max() ?? 0
        return [
            Line(scene.plan.stores[store].name), figures.badge(glyphs.marks).line,
            Line(figures.led, figures.leaderless > 0 ? .bad : .text),
            Line("\(figures.nodes.map(\.epoch).max() ?? 0)"), count(behind, .text),
            total(figures.streams), total(figures.events),
            Line(Figures.rate(perSecond), perSecond > 0 ? .text : .idle),
            Line(.graph(scene.history.rates(.appended(store: store), 30), columns: nil, top: nil)),
            count(Int(clamping: figures.available?.concurrent ?? figures.totals.conflicts), .warning),
            total(figures.cluster.lostEvents, .bad), count(Int(clamping: figures.totals.snapshots), .text),
            count(Int(clamping: figures.cluster.elections), .text), count(Int(clamping: figures.cluster.fenced), .text),
        ]
    }

    /// A count of things that grows, exact as long as it fits into seven columns.
    static func total(_ value: some BinaryInteger, _ role: Role = .text) -> Line {
        let text = value < 1_000_000 ? Figures.count(value) : Figures.short(Double(value))
        return Line(text, value == 0 ? .idle : role)
    }
}
