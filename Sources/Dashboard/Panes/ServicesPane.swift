internal import Screen
internal import Simulation
internal import Timeline

extension PaneContent {
    /// The services, each with its replicas and with the bulkheads through which it is called.
    static func services(_ scene: Scene, _ glyphs: Glyphs) -> PaneContent {
        let bulkheads = scene.plan.poolPlaces
        var rows: [Table.Row] = []
        for service in scene.plan.services.indices {
            rows.append(serviceRow(service, scene, glyphs))
            rows += scene.shownReplicas(ofService: service).map { replicaRow(service, $0, scene, glyphs) }
            let own = bulkheads.filter { scene.plan.edges[$0.edge].target == service }
            for place in own {
                let kind = scene.plan.edges[place.edge].guards[place.stage].name
                let name = own.count == 1 ? kind : "by \(scene.plan.callerName(ofEdge: place.edge))"
                rows += poolRow(place, name, scene, glyphs).map { [$0] } ?? []
            }
            rows += scene.plan.compartmentItems(before: service).compactMap { compartmentRow($0, scene, glyphs) }
        }
        let columns: [Table.Column] = [
            .init(heading: "NAME", width: 12, weight: 2, widest: 24),
            .init(heading: "STATE", width: 7),
            .init(heading: "IN USE", width: 6, rank: 3, weight: 1, widest: 12),
            .init(heading: "", width: 6, alignment: .right),
            .init(heading: "QUEUE", width: 7, alignment: .right),
            .init(heading: "LAST 30s", width: 8, rank: 2, weight: 3, widest: 30),
            .init(heading: "CALL/s", width: 6, alignment: .right, rank: 6),
            .init(heading: "REJ/s", width: 5, alignment: .right, rank: 1),
            .init(heading: "OLDEST", width: 6, alignment: .right, rank: 4),
            .init(heading: "WASTED", width: 6, alignment: .right, rank: 5),
        ]
        return PaneContent(
            note: "\(Figures.count(scene.world.callsUnderWay)) calls under way",
            table: Table(columns: columns, rows: rows, ifEmpty: "the scenario has no service"))
    }

    private static func serviceRow(_ service: Int, _ scene: Scene, _ glyphs: Glyphs) -> Table.Row {
        let pool = scene.figures(ofService: service)
        let operations = scene.plan.operations(ofService: service)
        let calls = operations.reduce(0) { $0 + scene.lastRate(.operation($1, .offered)) }
        return Table.Row(
            item: .service(service),
            cells: [
                Line(scene.plan.services[service].name),
                pool.badge(isDown: scene.world.isDown(service: service), glyphs.marks).line,
            ]
                + occupancy(pool, history: scene.history.recent(.queued(service: service), 30))
                + [
                    Line(Figures.rate(calls), calls > 0 ? .text : .idle),
                    rate(scene.lastRate(.rejected(service: service))), pool.oldest(at: scene.sample.time),
                    count(pool.forNobody, .warning),
                ])
    }

    private static func replicaRow(_ service: Int, _ replica: Int, _ scene: Scene, _ glyphs: Glyphs) -> Table.Row {
        let pool = scene.figures(ofService: service, replica: replica)
        let isDown = scene.world.isDown(service: service, replica: replica)
        return Table.Row(
            item: .replica(service: service, replica),
            cells: [
                Line("  \(scene.plan.services[service].name(ofReplica: replica))", .faint),
                pool.badge(isDown: isDown, glyphs.marks).line, pool.bar, pool.occupancy, pool.line, .empty, .empty,
                .empty, pool.oldest(at: scene.sample.time), count(pool.forNobody, .warning),
            ])
    }

    private static func poolRow(_ place: GuardPlace, _ name: String, _ scene: Scene, _ glyphs: Glyphs) -> Table.Row? {
        guard let pool = scene.sample.guards[place] else { return nil }
        return Table.Row(
            item: scene.plan.poolItem(at: place),
            cells: [Line("  \(name)", .faint), pool.badge(glyphs.marks).line]
                + occupancy(pool, history: scene.queueSeries(of: place).map { scene.history.recent($0, 30) } ?? [])
                + [
                    Line.empty, scene.rejectionSeries(of: place).map { rate(scene.lastRate($0)) } ?? .empty,
                    pool.oldest(at: scene.sample.time), count(pool.forNobody, .warning),
                ])
    }

    private static func compartmentRow(_ item: Item, _ scene: Scene, _ glyphs: Glyphs) -> Table.Row? {
        guard case .compartment(let edge, let stage, let part) = item else { return nil }
        let place = GuardPlace(edge: edge, stage: stage)
        guard let pools = scene.sample.compartments[place], pools.indices.contains(part) else { return nil }
        let pool = pools[part]
        return Table.Row(
            item: item,
            cells: [
                Line("  \(scene.plan.compartmentNames(at: place)[part])", .faint), pool.badge(glyphs.marks).line,
                pool.bar,
                pool.occupancy, pool.line, .empty, .empty, .empty, pool.oldest(at: scene.sample.time),
                count(pool.forNobody, .warning),
            ])
    }

    private static func occupancy(_ pool: PoolFigures, history: [Double]) -> [Line] {
        [pool.bar, pool.occupancy, pool.line, queueGraph(pool, history)]
    }

    /// How many waited, over time; full height is a full queue, where that is a number.
    static func queueGraph(_ pool: PoolFigures, _ history: [Double]) -> Line {
        Line(.graph(history, columns: nil, top: pool.queue.flatMap { $0 > 0 ? Double($0) : nil }))
    }

    /// Refusals in a second.
    static func rate(_ perSecond: Double) -> Line {
        Line(Figures.rate(perSecond), perSecond > 0 ? .bad : .idle)
    }
}

extension Plan {
    /// What is selected when the row of a bulkhead or a semaphore is.
    func poolItem(at place: GuardPlace) -> Item {
        if case .bulkhead = edges[place.edge].guards[place.stage] {
            return .bulkhead(edge: place.edge, stage: place.stage)
        }
        return .guardOn(edge: place.edge, stage: place.stage)
    }
}

extension Scene {
    /// With more replicas than this only those in trouble are shown, as many at most.
    private static let replicasShown = 4

    /// The replicas that an overview shows: all of a few, of many those that are down or full.
    func shownReplicas(ofService service: Int) -> [Int] {
        let count = world.replicas(ofService: service)
        guard count > 1 else { return [] }
        guard count > Self.replicasShown else { return Array(0..<count) }
        let troubled = (0..<count).lazy.filter {
            world.isDown(service: service, replica: $0) || figures(ofService: service, replica: $0).isQueueFull
        }
        return Array(troubled.prefix(Self.replicasShown))
    }

    /// How many replicas of a service have rows of their own where all do.
    func replicaCount(ofService service: Int) -> Int {
        let count = world.replicas(ofService: service)
        return count > 1 ? count : 0
    }

    /// A service's pool as it was sampled, or as it is if nothing has been.
    func figures(ofService service: Int) -> PoolFigures {
        sample.services.indices.contains(service)
            ? sample.services[service] : PoolFigures(ofService: service, in: world)
    }

    /// The same for one of several replicas.
    func figures(ofService service: Int, replica: Int) -> PoolFigures {
        sample.replicas[service].flatMap { $0.indices.contains(replica) ? $0[replica] : nil }
            ?? PoolFigures(world.pool(ofService: service, replica: replica))
    }

    /// Who waits at a guard, over time; nil where that is not measured.
    func queueSeries(of place: GuardPlace) -> History.Series? {
        if case .connections = plan.edges[place.edge].guards[place.stage] {
            return .connectionWaiters(edge: place.edge, stage: place.stage)
        }
        return world.bulkheadNumber(edge: place.edge, stage: place.stage).map { .bulkheadQueued($0) }
    }

    /// Whom it turned away, over time; nil where that is not measured.
    func rejectionSeries(of place: GuardPlace) -> History.Series? {
        if case .connections = plan.edges[place.edge].guards[place.stage] {
            return .connectionTimeouts(edge: place.edge, stage: place.stage)
        }
        return world.bulkheadNumber(edge: place.edge, stage: place.stage).map { .bulkheadRejected($0) }
    }

    /// By how much a count grew in the last whole second.
    func lastRate(_ series: History.Series) -> Double {
        history.rates(series, 1).last ?? 0
    }
}
