internal import Caching
internal import Resilience
internal import Screen
internal import Simulation
internal import Timeline

extension PaneContent {
    /// The levels of each cache: how full, what they answer, why entries have left, and what moves between them.
    static func cacheLevels(_ scene: Scene, _ glyphs: Glyphs) -> PaneContent {
        var lookups = 0.0
        var rows: [Table.Row] = []
        for service in scene.plan.cachedServices {
            guard let cache = scene.world.cache(ofService: service) else { continue }
            let recent = RecentHits(service, levels: cache.plan.levels.count, scene.history)
            lookups += recent.lookupsPerSecond
            rows.append(cacheRow(service, cache, recent, scene))
            rows += cache.shownLevels.map { level in
                Table.Row(
                    item: .cache(service: service, level: level + 1),
                    cells: levelCells(level, of: service, cache, recent, scene, glyphs.marks),
                    below: cache.remarks(onLevel: level, scene.now, glyphs.marks))
            }
        }
        return PaneContent(
            note: "\(Figures.rate(lookups)) lookups/s", footer: "hits OF ALL lookups, OF those ASKED here; last 10s",
            table: Table(columns: levelColumns(scene.plan), rows: rows, ifEmpty: "the scenario has no cache"))
    }

    private static func levelColumns(_ plan: Plan) -> [Table.Column] {
        let isSized = plan.services.contains { $0.cache?.sizes != nil }
        return [
            .init(heading: "CACHE", width: 9, weight: 1, widest: 20),
            .init(heading: "POLICY", width: 9, rank: 5, weight: 1, widest: 18),
            .init(heading: "FULL", width: 6, rank: 2, weight: 1, widest: 16),
            .init(heading: isSized ? "HOLDS" : "ENTRIES", width: 9, alignment: .right),
            .init(heading: "OF ALL", width: 6, alignment: .right),
            .init(heading: "OF ASKED", width: 8, alignment: .right),
            .init(heading: "LAST 30s", width: 8, rank: 6, weight: 2, widest: 30),
            .init(heading: "EVICTED", width: 7, alignment: .right),
            .init(heading: "EXPIRED", width: 7, alignment: .right, rank: 3),
            .init(heading: "REMOVED", width: 7, alignment: .right, rank: 4),
            .init(heading: "CLEARED", width: 7, alignment: .right, rank: 7),
            .init(heading: "FLOW/s", width: 9, alignment: .right, rank: 1),
        ]
    }

    /// All levels together.
    private static func cacheRow(
        _ service: Int, _ cache: CacheView, _ recent: RecentHits, _ scene: Scene
    ) -> Table.Row {
        let (held, capacity) = (cache.wholeHeld, cache.wholeCapacity)
        return Table.Row(
            item: .cache(service: service, level: 0),
            cells: [
                Line(scene.plan.services[service].name),
                Line(cache.plan.inclusion == .exclusive ? "exclusive" : "inclusive", .faint),
                fullness(held, capacity), Line(CacheText.filling(held, capacity, of: cache.plan)),
                Line(Figures.tenths(recent.hitShare)), .empty,
                Line(.graph(recent.hitTrend, columns: nil, top: 1)),
            ])
    }

    private static func levelCells(
        _ level: Int, of service: Int, _ cache: CacheView, _ recent: RecentHits, _ scene: Scene, _ marks: Glyphs.Marks
    ) -> [Line] {
        let (held, capacity) = (cache.held(inLevel: level), cache.capacity(ofLevel: level))
        let left = cache.statistics(ofLevel: level).evictions
        return [
            Line("  \(CacheText.name(ofLevel: level, of: cache.plan))", .faint),
            Line(cache.plan.levels[level].policy.rawValue, .faint),
            fullness(held, capacity),
            Line(CacheText.filling(held, capacity, of: cache.plan), held >= capacity ? .warning : .text),
            Line(Figures.tenths(recent.shareOfAll(level))), Line(Figures.tenths(recent.conditional(level)), .faint),
            Line(.graph(recent.trend(level), columns: nil, top: 1)),
            count(left[.capacity], .text), count(left[.expired], .text), count(left[.removed], .text),
            count(left[.cleared], .text), flow(level, of: service, cache, scene, marks),
        ]
    }

    private static func fullness(_ held: Int, _ capacity: Int) -> Line {
        Line(.bar(Double(held) / Double(max(1, capacity)), columns: nil, held >= capacity ? .warning : .bar))
    }

    /// What comes up to a level from the one below, and down from the one above, where anything can.
    private static func flow(
        _ level: Int, of service: Int, _ cache: CacheView, _ scene: Scene, _ marks: Glyphs.Marks
    ) -> Line {
        func part(_ move: History.Move, _ mark: Unicode.Scalar) -> Line.Part {
            let perSecond = scene.recentRate(.moves(service: service, level: level, move))
            return .text("\(Character(mark))\(Figures.rate(perSecond))", perSecond > 0 ? .text : .idle)
        }
        var parts: [Line.Part] = []
        if level != cache.shownLevels.last, cache.plan.inclusion == .inclusive || level == 0 {
            parts.append(part(.promoted, marks.upArrow))
        }
        if cache.plan.inclusion == .exclusive, level > 0 {
            parts.append(part(.demoted, marks.downArrow))
        }
        return Line(parts: parts)
    }
}

extension CacheView {
    /// How many lines it takes to show it and its levels.
    var lineCount: Int {
        shownLevels.reduce(1) { $0 + (breaker(ofLevel: $1).state == .closed ? 1 : 2) }
    }

    /// That a level is not asked at present, since it has failed too often.
    func remarks(onLevel level: Int, _ now: Instant, _ marks: Glyphs.Marks) -> [Line] {
        let breaker = breaker(ofLevel: level)
        guard breaker.state != .closed else { return [] }
        let length = Figures.ticking(now - (breaker.lastTransition?.at ?? .zero))
        let without = Figures.count(statistics(ofLevel: level).failures, "lookup")
        return [
            Line(.text("    ", .text)) + breaker.badge(marks).line
                + Line(" for \(length), \(without) did without it", .warning)
        ]
    }
}

extension Scene {
    /// By how much a count grew in a second, on average over the last ten.
    func recentRate(_ series: History.Series) -> Double {
        let last = history.lastTenSeconds
        return last.isEmpty ? 0 : history.growth(series, over: last) / Double(last.count)
    }
}

extension Plan {
    /// The services that have a cache.
    var cachedServices: [Int] { services.indices.filter { services[$0].cache != nil } }
}
