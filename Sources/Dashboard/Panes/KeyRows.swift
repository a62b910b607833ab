internal import Screen
internal import Simulation
internal import Timeline

extension PaneContent {
    private static let heatColumns = 48

    /// The heat of the keys behind an edge: a row for each replica, a column for each slice of the keyspace.
    static func keyRows(onEdge edge: Int, _ scene: Scene) -> [Table.Row] {
        guard let place = scene.plan.balancerPlace(onEdge: edge), let heat = scene.traffic.heat[place] else {
            return []
        }
        let (top, width) = (max(1, heat.top), max(1, heatColumns / heat.slices))
        return [Table.Row(cells: [], span: heat.summary)]
            + heat.calls.indices.map { replica in
                let wide = heat.heights(ofReplica: replica).flatMap { Array(repeating: $0, count: width) }
                return Table.Row(
                    item: .keys(edge: edge, replica: replica), cells: [],
                    span: Line(
                        .text("#\(replica + 1)".padded(to: 3), .faint),
                        .text(Figures.percent(heat.share(ofReplica: replica)).indented(to: 4) + " ", .faint),
                        .graph(wide, columns: wide.count, top: top)))
            }
    }
}

extension KeyHeat {
    /// How uneven the keys are, and what the latest change has moved.
    fileprivate var summary: Line {
        var line = Line("  keys in \(Figures.count(slices, "slice"))", .faint)
        if let share = hottestShare { line += Line(", hottest \(Figures.percent(share))", .text) }
        if let move {
            line += Line("; \(Figures.percent(move.share)) moved at \(Figures.clock(move.at))", .warning)
        }
        return line
    }
}
