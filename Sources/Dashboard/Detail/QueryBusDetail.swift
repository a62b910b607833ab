internal import CQRS
internal import Resilience
internal import Screen
internal import Simulation
internal import Timeline

extension DetailText {
    /// The query bus before a projection: how often it knew the answer, whom it asked, and what is wrong.
    static func queryBus(of projection: Int, _ scene: Scene, _ glyphs: Glyphs) -> DetailText {
        let plan = scene.plan.projections[projection]
        let title = "Query bus of \(plan.name)"
        guard let view = scene.sample.queryBuses[projection], let rules = plan.queries else {
            return DetailText(title: title, lines: [])
        }
        let lines =
            answers(view, of: projection, scene) + cache(view, rules, of: projection, scene)
            + shards(view, of: projection, scene, glyphs.marks)
            + faults(scene) { $0 == .projection(projection) || $0.isShard(of: projection) }
        return DetailText(
            title: title,
            lines: lines
                + past(.queryBus(projection: projection), scene, glyphs) {
                    $0 == .projection(UInt16(projection)) || scene.isFault($0) { $0.isShard(of: projection) }
                })
    }

    /// What became of the queries.
    private static func answers(_ view: QueryBusView, of projection: Int, _ scene: Scene) -> [Line] {
        let metrics = view.metrics
        let perSecond = scene.lastRate(.queriesAsked(projection: projection))
        let totals = scene.sample.projections[projection].view.totals
        let mean =
            metrics.answered > 0 ? Duration(nanoseconds: metrics.duration.nanoseconds / Int64(metrics.answered)) : nil
        return [
            .fact("asked", "\(Figures.count(metrics.asked)), \(Figures.rate(perSecond))/s"),
            .fact("answered", "\(Figures.count(metrics.answered)), after \(Figures.length(mean)) on average"),
            .fact("failed", Figures.count(metrics.failed), metrics.failed > 0 ? .bad : .text),
            .fact("waiting", "\(Figures.count(metrics.waiting)) now"),
            .fact(
                "stale", "\(Figures.count(totals.staleReads)) rows were behind what counts",
                totals.staleReads > 0 ? .warning : .text),
        ]
    }

    /// How often it knew the answer.
    private static func cache(
        _ view: QueryBusView, _ rules: QueryBusPlan, of projection: Int, _ scene: Scene
    ) -> [Line] {
        let metrics = view.metrics
        guard rules.cache > 0 else { return [.fact("cache", "none: every query goes to a shard")] }
        let recent = RecentQueries(projection, scene.history, seconds: 60)
        var lines = [
            Line(
                .text("hit ratio".padded(to: 15), .faint), .bar(recent.hitShare ?? 0, columns: 16, .bar),
                .text(" \(Figures.percent(recent.hitShare))", .text),
                .text(" in 10s, \(Figures.percent(metrics.hitRatio)) in all", .faint))
        ]
        if !recent.trend.isEmpty {
            lines.append(
                Line(
                    .text("hits, 60s".padded(to: 15), .faint),
                    .graph(recent.trend, columns: min(60, recent.trend.count), top: 1)))
        }
        let dropped = rules.invalidates ? "dropped since their row had changed" : "dropped: events do not matter to it"
        return lines + [
            .fact("joined", "\(Figures.count(metrics.coalesced)) an answer that was under way"),
            .fact("missed", "\(Figures.count(metrics.misses)), which shards answered"),
            .fact(
                "kept",
                "\(Figures.ratio(view.cached, rules.cache)) answers, each for \(Figures.length(rules.timeToLive))"),
            .fact("", "\(Figures.count(view.invalidated)) \(dropped)"),
            .fact("not kept", "\(Figures.count(metrics.stalePuts)) stale when they came"),
        ]
    }

    private static func shards(
        _ view: QueryBusView, of projection: Int, _ scene: Scene, _ marks: Glyphs.Marks
    ) -> [Line] {
        let width = view.shards.reduce(5) { max($0, $1.name.columns) } + 1
        return section("shard".padded(to: width) + "breaker      calls failed refused  took  busy")
            + view.shards.map { shard in
                let badge = shard.breaker.badge(marks)
                let metrics = shard.metrics
                return Line(
                    .text(shard.name.padded(to: width), .text),
                    .text("\(Character(badge.sign)) \(badge.word)".padded(to: 12), badge.role),
                    .text(Figures.short(Double(metrics.calls)).indented(to: 6), .text),
                    .text(Figures.short(Double(metrics.failed)).indented(to: 7), metrics.failed > 0 ? .warning : .idle),
                    .text(Figures.short(Double(metrics.refused)).indented(to: 8), metrics.refused > 0 ? .bad : .idle),
                    .text(Figures.length(metrics.averageDuration).indented(to: 6) + "  ", .faint)) + metrics.flights
            }
    }

    /// A shard of a query bus: its replicas, and all about the breaker before them.
    static func shard(_ shard: Int, of projection: Int, _ scene: Scene, _ glyphs: Glyphs) -> DetailText {
        let item = Item.shard(projection: projection, shard)
        let title = "Shard \(scene.plan.projections[projection].name(ofShard: shard))"
        guard let sheet = BreakerSheet(item, scene, glyphs) else { return DetailText(title: title, lines: []) }
        var lines = [Line(.text("state".padded(to: 10), .faint)) + sheet.breaker.badge(glyphs.marks).line]
        lines += sheet.facts(width: 74) + shardLines(item, scene)
        lines += [.empty] + sheet.rules + [.empty] + sheet.totals
        return DetailText(
            title: title,
            lines: lines + past(item, scene, glyphs) { scene.concerns($0, shard: shard, of: projection) })
    }

    /// What a shard has done and what is wrong with it, its breaker apart; nothing for whatever is not a shard.
    static func shardLines(_ item: Item?, _ scene: Scene) -> [Line] {
        guard case .shard(let projection, let shard)? = item,
            let shards = scene.world.queryBus(ofProjection: projection)?.shards, shards.indices.contains(shard)
        else { return [] }
        let metrics = shards[shard].metrics
        let perSecond = scene.lastRate(.shardCalls(projection: projection, shard: shard))
        let replicas = metrics.inFlight.prefix(8).enumerated().map { "#\($0.offset + 1) \($0.element)" }
        let more = metrics.inFlight.count > 8 ? " of \(metrics.inFlight.count)" : ""
        return [
            .fact("asked", "\(Figures.count(metrics.calls)), \(Figures.rate(perSecond))/s", width: 9),
            .fact("took", "\(Figures.length(metrics.averageDuration)) on average", width: 9),
            .fact("replicas", "in flight \(replicas.joined(separator: "  "))\(more)", width: 9),
        ] + faults(scene) { $0 == .shard(projection: projection, shard) }
    }
}

extension ShardMetrics {
    /// What a call took on average; nil if none has ended.
    fileprivate var averageDuration: Duration? {
        ended > 0 ? Duration(nanoseconds: duration.nanoseconds / Int64(ended)) : nil
    }
}
