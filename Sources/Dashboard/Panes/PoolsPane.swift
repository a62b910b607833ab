internal import Bulkheads
internal import Screen
internal import Simulation
internal import Timeline

extension PaneContent {
    /// Every pool that calls run or wait in: services and their replicas, and the guards and compartments before them.
    static func pools(_ scene: Scene, _ choices: Choices) -> PaneContent {
        let items = scene.plan.services.indices.flatMap { service in
            [.service(service)] + (0..<scene.replicaCount(ofService: service)).map { .replica(service: service, $0) }
                + scene.plan.poolItems(before: service)
        }
        let rows = rows(items, in: .pools, choices) { item in
            scene.pool(of: item).map { row(item, $0, scene, choices.glyphs) } ?? Table.Row(item: item, cells: [])
        }
        let waiting = scene.sample.pools.reduce(0) { $0 + $1.queued }
        return PaneContent(
            note: "\(Figures.count(scene.world.callsUnderWay, "call")) under way  \(Figures.count(waiting)) waiting",
            table: Table(columns: columns(scene), rows: rows, ifEmpty: "the scenario has no service"))
    }

    private static func columns(_ scene: Scene) -> [Table.Column] {
        [
            .init(heading: "POOL", width: 13, weight: 6, widest: 30),
            .init(heading: "STATE", width: scene.plan.stateWidth),
            .init(heading: "IN USE", width: 6, rank: 4, weight: 1, widest: 10),
            .init(heading: "", width: scene.sample.ratioWidth(\.maximum), alignment: .right),
            .init(heading: "IDLE", width: 4, alignment: .right, rank: 8),
            .init(heading: "QUEUE", width: scene.sample.ratioWidth { $0.queue ?? 0 }, alignment: .right),
            .init(heading: "LAST 30s", width: 8, rank: 2, weight: 2, widest: 30),
            .init(heading: "OLDEST", width: 6, alignment: .right, rank: 1),
            .init(heading: "REJ/s", width: 5, alignment: .right, rank: 5),
            .init(heading: "FULL", width: 5, alignment: .right),
            .init(heading: "EXPIRED", width: 7, alignment: .right, rank: 3),
            .init(heading: "LEFT", width: 5, alignment: .right, rank: 7),
            .init(heading: "WASTED", width: 6, alignment: .right),
            .init(heading: "BUSY", width: 4, alignment: .right, rank: 6),
        ]
    }

    private static func row(_ item: Item, _ pool: ListedPool, _ scene: Scene, _ glyphs: Glyphs) -> Table.Row {
        let figures = pool.figures
        let refusals = figures.refusals
        return Table.Row(
            item: item,
            cells: [
                pool.nameLine, pool.badge(glyphs.marks).line, figures.bar, figures.occupancy,
                count(figures.idle, .text), figures.line, queueGraph(pool, scene),
                figures.oldest(at: scene.sample.time), rejectionRate(pool, scene),
                count(refusals.full + refusals.discarded, .bad), count(refusals.expired, .warning),
                count(refusals.withdrawn, .warning), figures.wasted,
                Line(Figures.percent(figures.utilisation), .faint),
            ],
            below: figures.lanes(at: scene.sample.time).map { [$0] } ?? [])
    }

    /// How many waited there, over time; nothing where the history does not have it.
    static func queueGraph(_ pool: ListedPool, _ scene: Scene) -> Line {
        pool.queue.map { pool.figures.queueGraph(scene.history.recent($0, 30)) } ?? .empty
    }

    /// Refusals in the last second; nothing where the history does not have them.
    static func rejectionRate(_ pool: ListedPool, _ scene: Scene) -> Line {
        pool.rejections.map { series in
            let perSecond = scene.lastRate(series)
            return Line(Figures.rate(perSecond), perSecond > 0 ? .bad : .idle)
        } ?? .empty
    }
}

extension Plan {
    /// How wide the states of pools are: those of replicas that a balancer can leave out have longer names.
    var stateWidth: Int {
        let canLeaveOut = balancerPlaces.contains { place in
            guard case .balancer(let balancer) = edges[place.edge].guards[place.stage] else { return false }
            return balancer.health != nil || balancer.outliers != nil
        }
        return canLeaveOut ? 9 : 7
    }
}

extension Sample {
    /// How wide ``Figures/ratio(_:_:)`` of a number of all pools is, whatever they hold.
    func ratioWidth(_ whole: (PoolFigures) -> Int) -> Int { pools.allSatisfy { whole($0) < 1_000 } ? 7 : 9 }
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
