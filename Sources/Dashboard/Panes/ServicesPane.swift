internal import Screen
internal import Simulation
internal import Timeline

extension PaneContent {
    /// The services, each with the bulkheads through which it is called.
    static func services(_ scene: Scene, _ glyphs: Glyphs) -> PaneContent {
        let bulkheads = scene.plan.bulkheadPlaces
        var rows: [Table.Row] = []
        for service in scene.plan.services.indices {
            rows.append(serviceRow(service, scene, glyphs))
            let own = bulkheads.filter { scene.plan.edges[$0.edge].target == service }
            for place in own {
                let name = own.count == 1 ? "bulkhead" : "by \(scene.plan.callerName(ofEdge: place.edge))"
                rows += bulkheadRow(place, name, scene, glyphs).map { [$0] } ?? []
            }
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
        let isDown = scene.world.isDown(service: service)
        let badge = isDown ? Badge(sign: glyphs.marks.cross, word: "DOWN", role: .bad) : pool.badge(glyphs.marks)
        let operations = scene.plan.operations(ofService: service)
        let calls = operations.reduce(0) { $0 + scene.lastRate(.operation($1, .offered)) }
        let wasted = Int(clamping: scene.world.workForNobody(service: service))
        return Table.Row(
            item: .service(service),
            cells: [Line(scene.plan.services[service].name), badge.line]
                + occupancy(pool, history: scene.history.recent(.queued(service: service), 30))
                + [
                    Line(Figures.rate(calls), calls > 0 ? .text : .idle),
                    rate(scene.lastRate(.rejected(service: service))), waiting(pool, scene.sample.time),
                    count(wasted, .warning),
                ])
    }

    private static func bulkheadRow(_ place: GuardPlace, _ name: String, _ scene: Scene, _ glyphs: Glyphs) -> Table.Row?
    {
        guard let pool = scene.sample.bulkheads[place],
            let number = scene.world.bulkheadNumber(edge: place.edge, stage: place.stage)
        else { return nil }
        return Table.Row(
            item: .bulkhead(edge: place.edge, stage: place.stage),
            cells: [Line("  \(name)", .faint), pool.badge(glyphs.marks).line]
                + occupancy(pool, history: scene.history.recent(.bulkheadQueued(number), 30))
                + [
                    Line.empty, rate(scene.lastRate(.bulkheadRejected(number))), waiting(pool, scene.sample.time),
                    Line.empty,
                ])
    }

    private static func occupancy(_ pool: PoolFigures, history: [Double]) -> [Line] {
        let share = Double(pool.active) / Double(max(1, pool.maximum))
        let limit = pool.queue.map { "/\($0)" } ?? ""
        return [
            Line(.bar(share, columns: nil, pool.isFull ? .warning : .bar)),
            Line("\(pool.active)/\(pool.maximum)", pool.isFull ? .warning : .text),
            Line("\(pool.queued)\(limit)", pool.isQueueFull ? .bad : pool.queued > 0 ? .warning : .idle),
            Line(.graph(history, columns: nil, top: pool.queue.flatMap { $0 > 0 ? Double($0) : nil })),
        ]
    }

    private static func rate(_ perSecond: Double) -> Line {
        Line(Figures.rate(perSecond), perSecond > 0 ? .bad : .idle)
    }

    private static func waiting(_ pool: PoolFigures, _ now: Instant) -> Line {
        pool.oldestWaiterSince.map { Line(Figures.length(now - $0), .warning) } ?? Line("-", .idle)
    }
}

extension Scene {
    /// A service's pool as it was sampled, or as it is if nothing has been.
    fileprivate func figures(ofService service: Int) -> PoolFigures {
        sample.services.indices.contains(service)
            ? sample.services[service] : PoolFigures(ofService: service, in: world)
    }

    /// By how much a count grew in the last whole second.
    func lastRate(_ series: History.Series) -> Double {
        history.rates(series, 1).last ?? 0
    }
}
