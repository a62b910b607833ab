internal import Screen
internal import Simulation
internal import Timeline

extension PaneContent {
    /// The services, each with its replicas and with the bulkheads through which it is called.
    static func services(_ scene: Scene, _ glyphs: Glyphs) -> PaneContent {
        let items = scene.plan.services.indices.flatMap { service in
            [.service(service)] + scene.shownReplicas(ofService: service).map { .replica(service: service, $0) }
                + scene.plan.poolItems(before: service)
        }
        let rows = items.compactMap { item in scene.pool(of: item).map { row(item, $0, scene, glyphs) } }
        let columns: [Table.Column] = [
            .init(heading: "NAME", width: 12, weight: 2, widest: 24),
            .init(heading: "STATE", width: scene.plan.stateWidth),
            .init(heading: "IN USE", width: 6, rank: 3, weight: 1, widest: 12),
            .init(heading: "", width: scene.sample.ratioWidth(\.maximum), alignment: .right),
            .init(heading: "QUEUE", width: scene.sample.ratioWidth { $0.queue ?? 0 }, alignment: .right),
            .init(heading: "LAST 30s", width: 8, rank: 2, weight: 3, widest: 30),
            .init(heading: "CALL/s", width: 6, alignment: .right, rank: 6),
            .init(heading: "REJ/s", width: 5, alignment: .right, rank: 1),
            .init(heading: "OLDEST", width: 6, alignment: .right, rank: 4),
            .init(heading: "WASTED", width: 6, alignment: .right, rank: 5),
        ]
        return PaneContent(
            note: "\(Figures.count(scene.world.callsUnderWay, "call")) under way",
            table: Table(columns: columns, rows: rows, ifEmpty: "the scenario has no service"))
    }

    private static func row(_ item: Item, _ pool: ListedPool, _ scene: Scene, _ glyphs: Glyphs) -> Table.Row {
        let figures = pool.figures
        return Table.Row(
            item: item,
            cells: [
                pool.nameLine, pool.badge(glyphs.marks).line, figures.bar, figures.occupancy, figures.line,
                queueGraph(pool, scene), callRate(item, scene), rejectionRate(pool, scene),
                figures.oldest(at: scene.sample.time), figures.wasted,
            ])
    }

    /// Calls of a service in the last second.
    private static func callRate(_ item: Item, _ scene: Scene) -> Line {
        guard case .service(let service) = item else { return .empty }
        let calls = scene.plan.calledOperations(of: service).reduce(0) {
            $0 + scene.lastRate(.operation($1, .offered))
        }
        return Line(Figures.rate(calls), calls > 0 ? .text : .idle)
    }
}

extension Scene {
    /// With more replicas than this only those in trouble are shown, as many at most.
    private static let replicasShown = 4

    /// The replicas that an overview shows: all of a few, of many those that are down, left out or full.
    func shownReplicas(ofService service: Int) -> [Int] {
        let count = world.replicas(ofService: service)
        guard count > 1 else { return [] }
        guard count > Self.replicasShown else { return Array(0..<count) }
        let troubled = (0..<count).lazy.filter { replica in
            pool(of: .replica(service: service, replica)).map {
                $0.isDown || !$0.isRunning && $0.figures.active > 0 || $0.standing.worst != .eligible
                    || $0.figures.isQueueFull
            } ?? false
        }
        return Array(troubled.prefix(Self.replicasShown))
    }

    /// How many replicas of a service have rows of their own where all do.
    func replicaCount(ofService service: Int) -> Int {
        let count = world.replicas(ofService: service)
        return count > 1 ? count : 0
    }

    /// By how much a count grew in the last whole second.
    func lastRate(_ series: History.Series) -> Double {
        history.rates(series, 1).last ?? 0
    }
}
