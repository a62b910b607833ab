internal import Bulkheads
internal import Screen
internal import Simulation
internal import Timeline

extension PaneContent {
    /// Every pool that calls run or wait in: services and their replicas, and the bulkheads and semaphores before them.
    static func pools(_ scene: Scene, _ choices: Choices) -> PaneContent {
        let places = scene.plan.poolPlaces
        var items: [Item] = []
        for service in scene.plan.services.indices {
            items.append(.service(service))
            let replicas = scene.world.replicas(ofService: service)
            if replicas > 1 { items += (0..<replicas).map { .replica(service: service, $0) } }
            items += places.filter { scene.plan.edges[$0.edge].target == service }.map { scene.plan.poolItem(at: $0) }
            items += scene.plan.compartmentItems(before: service)
        }
        let rows = rows(items, in: .pools, choices) { poolRow($0, scene, choices.glyphs) }
        let waiting =
            scene.sample.services.reduce(0) { $0 + $1.queued }
            + scene.sample.guards.values.reduce(0) { $0 + $1.queued }
        return PaneContent(
            note: "\(Figures.count(scene.world.callsUnderWay)) calls under way  \(Figures.count(waiting)) waiting",
            table: Table(columns: poolColumns, rows: rows, ifEmpty: "the scenario has no service"))
    }

    private static let poolColumns: [Table.Column] = [
        .init(heading: "POOL", width: 15, weight: 6, widest: 30),
        .init(heading: "STATE", width: 7),
        .init(heading: "IN USE", width: 6, rank: 4, weight: 1, widest: 10),
        .init(heading: "", width: 6, alignment: .right),
        .init(heading: "IDLE", width: 4, alignment: .right, rank: 8),
        .init(heading: "QUEUE", width: 7, alignment: .right),
        .init(heading: "LAST 30s", width: 8, rank: 2, weight: 2, widest: 30),
        .init(heading: "OLDEST", width: 6, alignment: .right, rank: 1),
        .init(heading: "REJ/s", width: 5, alignment: .right, rank: 5),
        .init(heading: "FULL", width: 5, alignment: .right),
        .init(heading: "EXPIRED", width: 7, alignment: .right, rank: 3),
        .init(heading: "LEFT", width: 5, alignment: .right, rank: 7),
        .init(heading: "WASTED", width: 6, alignment: .right),
        .init(heading: "BUSY", width: 4, alignment: .right, rank: 6),
    ]

    private static func poolRow(_ item: Item, _ scene: Scene, _ glyphs: Glyphs) -> Table.Row {
        switch item {
        case .service(let service):
            poolRow(
                item, scene.plan.services[service].name, scene.figures(ofService: service),
                isDown: scene.world.isDown(service: service), .queued(service: service), .rejected(service: service),
                scene, glyphs)
        case .replica(let service, let replica):
            poolRow(
                item, "  \(scene.plan.services[service].name(ofReplica: replica))",
                scene.figures(ofService: service, replica: replica),
                isDown: scene.world.isDown(service: service, replica: replica), nil, nil, scene, glyphs)
        case .bulkhead(let edge, let stage), .guardOn(let edge, let stage):
            guardRow(item, GuardPlace(edge: edge, stage: stage), scene, glyphs)
        case .compartment(let edge, let stage, let part):
            compartmentRow(item, part, of: GuardPlace(edge: edge, stage: stage), scene, glyphs)
        default: Table.Row(item: item, cells: [])
        }
    }

    private static func guardRow(
        _ item: Item, _ place: GuardPlace, _ scene: Scene, _ glyphs: Glyphs
    ) -> Table.Row {
        guard let pool = scene.sample.guards[place] ?? PoolFigures(at: place, in: scene.world) else {
            return Table.Row(item: item, cells: [])
        }
        let kind = scene.plan.edges[place.edge].guards[place.stage].name
        let name = "  \(kind) of \(scene.plan.callerName(ofEdge: place.edge))"
        return poolRow(
            item, name, pool, isDown: false, scene.queueSeries(of: place), scene.rejectionSeries(of: place), scene,
            glyphs)
    }

    private static func compartmentRow(
        _ item: Item, _ part: Int, of place: GuardPlace, _ scene: Scene, _ glyphs: Glyphs
    ) -> Table.Row {
        guard let pools = scene.sample.compartments[place], pools.indices.contains(part) else {
            return Table.Row(item: item, cells: [])
        }
        let name = "  \(scene.plan.compartmentNames(at: place)[part]) of \(scene.plan.callerName(ofEdge: place.edge))"
        return poolRow(item, name, pools[part], isDown: false, nil, nil, scene, glyphs)
    }

    private static func poolRow(
        _ item: Item, _ name: String, _ pool: PoolFigures, isDown: Bool, _ queue: History.Series?,
        _ rejections: History.Series?, _ scene: Scene, _ glyphs: Glyphs
    ) -> Table.Row {
        let refusals = pool.refusals
        let isPart = name.hasPrefix(" ")
        return Table.Row(
            item: item,
            cells: [
                Line(name, isPart ? .faint : .text), pool.badge(isDown: isDown, glyphs.marks).line, pool.bar,
                pool.occupancy, count(pool.idle, .text), pool.line,
                queueGraph(pool, queue.map { scene.history.recent($0, 30) } ?? []), pool.oldest(at: scene.sample.time),
                rejections.map { rate(scene.lastRate($0)) } ?? .empty,
                count(refusals.full + refusals.discarded, .bad), count(refusals.expired, .warning),
                count(refusals.withdrawn, .warning), count(pool.forNobody, .warning),
                Line(Figures.percent(pool.utilisation), .faint),
            ],
            below: pool.lanes(at: scene.sample.time).map { [$0] } ?? [])
    }
}

extension Plan {
    /// How many lines tell of the priorities in a pool's queue, a line for each pool whose order knows them.
    var laneLines: Int {
        func isByPriority(_ order: ThreadPool.Order) -> Bool {
            if case .priority = order { true } else { false }
        }
        let ofServices = services.reduce(0) { sum, service in
            isByPriority(service.order) ? sum + (service.replicas > 1 ? service.replicas + 1 : 1) : sum
        }
        return ofServices
            + edges.flatMap(\.guards).count { each in
                if case .bulkhead(let settings) = each { isByPriority(settings.order) } else { false }
            }
    }
}
