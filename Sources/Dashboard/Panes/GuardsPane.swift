internal import Screen
internal import Simulation

extension PaneContent {
    /// What guards the ways between services besides breakers and pools, edge by edge, outermost first.
    static func guards(_ scene: Scene, _ glyphs: Glyphs) -> PaneContent {
        var rows: [Table.Row] = []
        var extra = 0.0
        for edge in scene.plan.edges.indices {
            let own = scene.plan.edges[edge].guards.indices.compactMap { stage in
                GuardSummary.of(GuardPlace(edge: edge, stage: stage), scene).map { summary in
                    summaryRow(.guardOn(edge: edge, stage: stage), summary, indent: "  ")
                }
            }
            guard !own.isEmpty else { continue }
            extra += scene.lastRate(.retries(edge: edge))
            rows.append(summaryRow(.edge(edge), GuardSummary.edge(edge, scene), indent: ""))
            rows += own
            if let budget = GuardSummary.retryBudget(edge, scene) {
                rows.append(summaryRow(nil, budget, indent: "  "))
            }
        }
        for service in scene.plan.services.indices {
            guard let memory = GuardSummary.memory(ofService: service, scene) else { continue }
            rows.append(summaryRow(.service(service), memory, indent: ""))
        }
        let columns: [Table.Column] = [
            .init(heading: "GUARD", width: 20, weight: 1, widest: 30),
            .init(heading: "NOW", width: 21),
            .init(heading: "LAST 30s", width: 8, rank: 2, weight: 1, widest: 20),
            .init(heading: "PER s", width: 5, alignment: .right, rank: 1),
            .init(heading: "SINCE START", width: 20, weight: 5, widest: 80),
        ]
        return PaneContent(
            note: "\(Figures.rate(extra)) retries/s",
            table: Table(columns: columns, rows: rows, ifEmpty: "no edge has a retry, a limit or the like"))
    }

    private static func summaryRow(_ item: Item?, _ summary: GuardSummary, indent: String) -> Table.Row {
        Table.Row(
            item: item,
            cells: [
                Line(indent + summary.name), summary.now, Line(.graph(summary.trend, columns: nil, top: nil)),
                summary.perSecond.map { Line(Figures.rate($0), $0 > 0 ? .text : .idle) } ?? .empty,
                Line(summary.since, .faint),
            ])
    }
}

extension Plan {
    /// How many rows the guards have that stand in no list of their own, with those of their edges and budgets.
    var guardRows: Int {
        let memories = services.count { $0.memory != nil }
        return edges.reduce(memories) { sum, edge in
            let own = edge.guards.count { GuardSummary.isShown($0) }
            return own == 0 ? sum : sum + own + 1 + (edge.retryBudget == nil ? 0 : 1)
        }
    }
}
