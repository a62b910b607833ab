internal import Caching
internal import Screen
internal import Simulation
internal import Timeline

extension PaneContent {
    /// The caches, level by level, as they did in the last ten seconds.
    static func caches(_ scene: Scene) -> PaneContent {
        let services = scene.plan.services.indices.filter { scene.plan.services[$0].cache != nil }
        let columns: [Table.Column] = [
            .init(heading: "CACHE", width: 7, weight: 1, widest: 16),
            .init(heading: "SHARE", width: 6, rank: 3, weight: 1, widest: 12),
            .init(heading: "", width: 4, alignment: .right),
            .init(heading: "HIT", width: 4, alignment: .right, rank: 1),
            .init(heading: "LAST 30s", width: 8, rank: 2, weight: 3, widest: 30),
            .init(heading: "SIZE", width: 8, alignment: .right),
        ]
        var toOrigin = 0.0
        let rows = services.flatMap { service -> [Table.Row] in
            let levels = scene.plan.services[service].cache?.levels.count ?? 0
            let recent = RecentHits(service, levels: levels, scene.history)
            toOrigin += recent.missesPerSecond
            return cacheRows(service, recent, scene)
        }
        return PaneContent(
            note: services.isEmpty ? "" : "origin \(Figures.rate(toOrigin))/s",
            table: Table(columns: columns, rows: rows, ifEmpty: "the scenario has no cache"))
    }

    private static func cacheRows(_ service: Int, _ recent: RecentHits, _ scene: Scene) -> [Table.Row] {
        guard let cache = scene.world.cache(ofService: service) else { return [] }
        let lookups = "\(Figures.rate(recent.lookupsPerSecond))/s"
        let head = Table.Row(
            item: .cache(service: service, level: 0),
            cells: [
                Line(scene.plan.services[service].name), Line(.bar(recent.hitShare ?? 0, columns: nil, .bar)),
                Line(Figures.percent(recent.hitShare)), Line.empty, graph(recent.hitTrend), Line(lookups, .faint),
            ])
        return [head] + cache.plan.levels.indices.map { levelRow($0, service, cache, recent) }
    }

    private static func levelRow(_ level: Int, _ service: Int, _ cache: CacheView, _ recent: RecentHits) -> Table.Row {
        let (share, own) = (recent.shareOfAll(level), recent.conditional(level))
        let (size, capacity) = (cache.held(inLevel: level), cache.capacity(ofLevel: level))
        let filling =
            cache.plan.sizes == nil
            ? "\(Figures.short(Double(size)))/\(Figures.short(Double(capacity)))"
            : CacheText.filling(size, capacity, of: cache.plan)
        return Table.Row(
            item: .cache(service: service, level: level + 1),
            cells: [
                Line("  \(CacheText.name(ofLevel: level, of: cache.plan))", .faint),
                Line(.bar(share ?? 0, columns: nil, .bar)),
                Line(Figures.percent(share)), Line(Figures.percent(own), .faint), graph(recent.trend(level)),
                Line(filling, size >= capacity ? .warning : .text),
            ])
    }

    private static func graph(_ trend: [Double]) -> Line {
        Line(.graph(trend, columns: nil, top: 1))
    }
}
