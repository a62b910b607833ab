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
            let recent = RecentHits(service, scene.history)
            toOrigin += recent.missesPerSecond
            return cacheRows(service, recent, scene)
        }
        return PaneContent(
            title: "Caches", note: services.isEmpty ? "" : "origin \(Figures.rate(toOrigin))/s",
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
        return [
            head,
            levelRow(
                1, service, share: recent.shareOfFirst, own: recent.shareOfFirst, recent.firstTrend, cache[.l1].count,
                of: cache.settings.l1Capacity),
            levelRow(
                2, service, share: recent.shareOfSecond, own: recent.conditionalSecond, recent.secondTrend,
                cache[.l2].count, of: cache.settings.l2Capacity),
        ]
    }

    private static func levelRow(
        _ level: Int, _ service: Int, share: Double?, own: Double?, _ trend: [Double], _ size: Int, of capacity: Int
    ) -> Table.Row {
        Table.Row(
            item: .cache(service: service, level: level),
            cells: [
                Line("  L\(level)", .faint), Line(.bar(share ?? 0, columns: nil, .bar)),
                Line(Figures.percent(share)), Line(Figures.percent(own), .faint), graph(trend),
                Line(
                    "\(Figures.short(Double(size)))/\(Figures.short(Double(capacity)))",
                    size >= capacity ? .warning : .text),
            ])
    }

    private static func graph(_ trend: [Double]) -> Line {
        Line(.graph(trend, columns: nil, top: 1))
    }
}

/// How a cache did lately: shares of the lookups of the last ten seconds, and of each of the last thirty.
struct RecentHits: Sendable {
    private let lookups: [Double]
    private let first: [Double]
    private let second: [Double]

    private static let seconds = 10

    init(_ service: Int, _ history: History) {
        lookups = history.rates(.lookups(service: service), 30)
        first = history.rates(.hitsL1(service: service), 30)
        second = history.rates(.hitsL2(service: service), 30)
    }

    private func recent(_ values: [Double]) -> Double { values.suffix(Self.seconds).reduce(0, +) }

    private func share(_ part: Double, of whole: Double) -> Double? { whole > 0 ? part / whole : nil }

    private func trend(_ part: [Double], of whole: [Double]) -> [Double] {
        zip(part, whole).map { share($0, of: $1) ?? .nan }
    }

    /// Lookups in a second.
    var lookupsPerSecond: Double { recent(lookups) / Double(max(1, min(Self.seconds, lookups.count))) }

    /// Lookups in a second that neither level answered.
    var missesPerSecond: Double { lookupsPerSecond * (1 - (hitShare ?? 1)) }

    /// The share of all lookups that either level answered.
    var hitShare: Double? { share(recent(first) + recent(second), of: recent(lookups)) }

    /// The share that the first level answered: of all, which is what it is asked.
    var shareOfFirst: Double? { share(recent(first), of: recent(lookups)) }

    /// The share of all lookups that the second level answered.
    var shareOfSecond: Double? { share(recent(second), of: recent(lookups)) }

    /// The share that the second level answered of what it was asked.
    var conditionalSecond: Double? { share(recent(second), of: recent(lookups) - recent(first)) }

    /// ``hitShare`` of each second.
    var hitTrend: [Double] { trend(zip(first, second).map(+), of: lookups) }

    /// ``shareOfFirst`` of each second.
    var firstTrend: [Double] { trend(first, of: lookups) }

    /// ``conditionalSecond`` of each second.
    var secondTrend: [Double] { trend(second, of: zip(lookups, first).map(-)) }
}
