internal import CQRS
internal import Resilience
internal import Screen
internal import Simulation
internal import Timeline

extension PaneContent {
    /// The query buses, and below each of them its shards with the breakers before them.
    static func queries(_ scene: Scene, _ choices: Choices) -> PaneContent {
        let projections = scene.plan.queryBuses
        let items = projections.flatMap { projection in
            [.queryBus(projection: projection)]
                + (0..<(scene.plan.projections[projection].queries?.shards ?? 0))
                .map { Item.shard(projection: projection, $0) }
        }
        let rows = rows(items, in: .queries, choices) { item in
            Table.Row(item: item, cells: queryCells(item, scene, choices.glyphs.marks))
        }
        let states = projections.flatMap { scene.sample.queryBuses[$0]?.shards.map(\.breaker.state) ?? [] }
        return PaneContent(
            note: CircuitBreaker.State.counts(states),
            table: Table(
                columns: rows.isEmpty ? [] : queryColumns, rows: rows,
                ifEmpty: "no query bus: a projection has one under \"queries\""))
    }

    private static let queryColumns: [Table.Column] = [
        .init(heading: "QUERIES", width: 12, weight: 2, widest: 28),
        .init(heading: "STATE", width: 11),
        .init(heading: "PER s", width: 5, alignment: .right),
        .init(heading: "LAST 30s", width: 8, rank: 2, weight: 3, widest: 30),
        .init(heading: "FAILED", width: 6, alignment: .right),
        .init(heading: "REFUSED", width: 7, alignment: .right),
        .init(heading: "IN FLIGHT", width: 9, alignment: .right, rank: 3),
        .init(heading: "HIT", width: 6, rank: 1, weight: 1, widest: 12),
        .init(heading: "", width: 4, alignment: .right),
        .init(heading: "JOINED", width: 6, alignment: .right, rank: 6),
        .init(heading: "STALE", width: 6, alignment: .right, rank: 4),
        .init(heading: "CACHED", width: 9, alignment: .right, rank: 5),
        .init(heading: "DROPPED", width: 7, alignment: .right, rank: 7),
    ]

    private static func queryCells(_ item: Item, _ scene: Scene, _ marks: Glyphs.Marks) -> [Line] {
        switch item {
        case .queryBus(let projection):
            guard let view = scene.sample.queryBuses[projection] else { return [] }
            return cells(view, of: projection, scene, marks)
        case .shard(let projection, let shard):
            guard let shards = scene.sample.queryBuses[projection]?.shards, shards.indices.contains(shard) else {
                return []
            }
            let series = History.Series.shardCalls(projection: projection, shard: shard)
            return [
                Line("  \(shards[shard].name)"), shards[shard].breaker.badge(marks).line, rate(series, scene),
                Line(.graph(scene.history.rates(series, 30), columns: nil, top: nil)),
                count(shards[shard].metrics.failed, .warning), count(shards[shard].metrics.refused, .bad),
                shards[shard].metrics.flights,
            ]
        default: return []
        }
    }

    private static func cells(
        _ view: QueryBusView, of projection: Int, _ scene: Scene, _ marks: Glyphs.Marks
    ) -> [Line] {
        let (series, metrics) = (History.Series.queriesAsked(projection: projection), view.metrics)
        let share = RecentQueries(projection, scene.history).hitShare
        let stale = scene.sample.projections[projection].view.totals.staleReads
        let kept = scene.plan.projections[projection].queries?.cache ?? 0
        return [
            Line(scene.plan.projections[projection].name),
            view.badge(marks).line, rate(series, scene),
            Line(.graph(scene.history.rates(series, 30), columns: nil, top: nil)), count(metrics.failed, .bad),
            count(view.shards.reduce(0) { $0 + $1.metrics.refused }, .bad),
            Line("\(view.shards.reduce(0) { $0 + $1.metrics.inFlight.reduce(0, +) })", .text),
            kept > 0 ? Line(.bar(share ?? 0, columns: nil, .bar)) : Line("none", .idle),
            Line(kept > 0 ? Figures.percent(share) : ""), count(metrics.coalesced, .text),
            count(Int(clamping: stale), .warning), Line(Figures.ratio(view.cached, kept), kept > 0 ? .text : .idle),
            total(view.invalidated),
        ]
    }

    private static func rate(_ series: History.Series, _ scene: Scene) -> Line {
        let perSecond = scene.lastRate(series)
        return Line(Figures.rate(perSecond), perSecond > 0 ? .text : .idle)
    }
}

extension QueryBusView {
    /// How many of its shards' breakers are open, or else half-open.
    func badge(_ marks: Glyphs.Marks) -> Badge {
        let states = shards.map(\.breaker.state)
        let worst = CircuitBreaker.State.gravest(states)
        var badge = worst.badge(marks)
        guard worst != .closed, states.count > 1 else { return badge }
        let word = worst == .halfOpen ? "PROBE" : badge.word
        badge.word = "\(states.count { $0 == worst })/\(states.count) \(word)"
        return badge
    }
}

extension ShardMetrics {
    /// The calls that each of a few replicas has, or those of all.
    var flights: Line {
        let sum = inFlight.reduce(0, +)
        let text = inFlight.count > 4 ? "\(sum)" : inFlight.map { "\($0)" }.joined(separator: " ")
        return Line(text, sum > 0 ? .text : .idle)
    }
}
