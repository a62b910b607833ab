internal import Screen
internal import Simulation
internal import Timeline

/// Which keys the replicas behind a balancer have, and how hot these are: a row for each, a column for each slice of the
/// keyspace.
enum KeyHeat {
    /// So many columns a row has.
    private static let columns = 48
    private static let nameWidth = 7

    static func rows(onEdge edge: Int, _ scene: Scene) -> [Table.Row] {
        guard let place = scene.plan.balancerPlace(onEdge: edge),
            let keyspace = scene.world.keyspace(edge: edge, stage: place.stage)
        else { return [] }
        let heat = values(keyspace, place, scene)
        let hottest = heat.joined().reduce(0) { max($0, height($1)) }
        let service = scene.plan.services[scene.plan.edges[edge].target]
        let head = Table.Row(cells: [], span: headLine(keyspace, heat))
        return [head]
            + heat.enumerated().map { replica, values in
                let name = "#\(replica + 1)"
                let wide = values.flatMap { Array(repeating: height($0), count: max(1, columns / keyspace.slices)) }
                return Table.Row(
                    item: .keys(edge: edge, replica: replica), cells: [],
                    span: Line(
                        .text("  " + (service.replicas > 1 ? name : service.name).padded(to: nameWidth - 2), .faint),
                        .graph(wide, columns: wide.count, top: max(1, hottest)),
                        .text("  \(Figures.percent(share(values, heat)))", .faint)))
            }
    }

    /// As heights, each doubling is a step: of keys the first has many times the calls of the tenth.
    private static func height(_ calls: Double) -> Double {
        calls >= 1 ? 1 + Double(calls.exponent) + calls.significand - 1 : calls
    }

    /// Calls of the last ten seconds by replica and slice; not a number where a replica has no key and got no call.
    static func values(_ keyspace: Keyspace, _ place: GuardPlace, _ scene: Scene) -> [[Double]] {
        keyspace.owned.enumerated().map { replica, owned in
            owned.enumerated().map { slice, isOwned in
                let calls = scene.traffic.calls(to: replica, inSlice: slice, by: place)
                return calls > 0 || isOwned ? Double(calls) : .nan
            }
        }
    }

    private static func sum(_ values: [Double]) -> Double { values.reduce(0) { $0 + ($1.isNaN ? 0 : $1) } }

    static func share(_ values: [Double], _ all: [[Double]]) -> Double? {
        let whole = all.reduce(0) { $0 + sum($1) }
        return whole > 0 ? sum(values) / whole : nil
    }

    /// How uneven the keys are, and what the latest change has moved.
    private static func headLine(_ keyspace: Keyspace, _ heat: [[Double]]) -> Line {
        let slices = (0..<keyspace.slices).map { slice in sum(heat.map { $0[slice] }) }
        let whole = slices.reduce(0, +)
        var text = "  \(Figures.count(keyspace.slices, "slice")) of the keys"
        if whole > 0 { text += ", the hottest \(Figures.percent((slices.max() ?? 0) / whole))" }
        if let move = keyspace.move {
            text += "; \(Figures.exactPercent(move.share)) moved at \(Figures.clock(move.at))"
        }
        return Line(text, .faint)
    }
}
