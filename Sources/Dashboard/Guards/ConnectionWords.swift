internal import Bulkheads
internal import Screen
internal import Simulation
internal import Timeline

// Connections in detail; in a line they stand among the pools.

extension DetailText {
    static func connections(_ place: GuardPlace, _ scene: Scene, _ glyphs: Glyphs) -> [Line] {
        let pools = scene.world.connections(edge: place.edge, stage: place.stage)
        guard let figures = PoolFigures(pools) else { return [] }
        func sum(_ count: (ConnectionPool) -> Int) -> Int { pools.reduce(0) { $0 + count($1) } }
        let leaked = scene.world.leakedConnections(edge: place.edge, stage: place.stage)
        let series = History.Series.connectionWaiters(edge: place.edge, stage: place.stage)
        var lines = occupancy(figures, scene.history.recent(series, 60), scene.now, glyphs)
        lines += section("connections, by the rules of HikariCP")
        lines += [
            .fact("total", "\(sum(\.total)), \(sum(\.creating)) being opened, \(sum(\.validating)) validated"),
            .fact("leaked", "\(leaked) by a fault, \(sum(\.totals.leaks)) reported", leaked > 0 ? .bad : .text),
            .fact("opened", "\(Figures.count(sum(\.totals.created))), \(sum(\.totals.creationsFailed)) failed"),
            .fact("longest open", Figures.length(pools.map(\.totals.creation.longest).max() ?? .zero)),
        ]
        if case .connections(let plan) = scene.plan.edges[place.edge].guards[place.stage], plan.tls != .none {
            let count = Figures.count(Int(clamping: scene.world.handshakes(edge: place.edge, stage: place.stage)))
            lines.append(.fact("handshakes", "\(count), of TLS \(plan.tls.rawValue) now"))
        }
        let closed = ConnectionPool.CloseReason.allCases.map { reason in
            (sum { $0.totals.closed[reason] }, reason.text)
        }
        lines.append(.fact("closed", GuardSummary.counts(closed, none: "none")))
        guard pools.count > 1 else { return lines }
        return lines + section("each of \(pools.count) pools")
            + pools.enumerated().map { .fact("pool \($0 + 1)", "\($1.occupancy)") }
    }
}
