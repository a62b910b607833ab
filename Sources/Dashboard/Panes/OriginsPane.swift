internal import Caching
internal import Screen
internal import Simulation
internal import Timeline

extension PaneContent {
    /// What each cache has from its origin, how good its answers are, and what other caches would have had.
    static func origins(_ scene: Scene, _ glyphs: Glyphs) -> PaneContent {
        let services = scene.plan.cachedServices
        let rows = services.flatMap { service -> [Table.Row] in
            guard let cache = scene.world.cache(ofService: service) else { return [] }
            let head = Table.Row(
                item: .cache(service: service, level: 0), cells: [Line(scene.plan.services[service].name, .title)])
            let facts = OriginFact.shown(ofCacheOf: service, scene).map { fact in
                Table.Row(
                    item: .origin(service: service, fact), cells: originCells(fact, of: service, cache, scene))
            }
            return services.count > 1 ? [head] + facts : facts
        }
        let loads = services.reduce(0) { $0 + scene.recentRate(.loads(service: $1)) }
        let wrong = services.reduce(0) { $0 + scene.recentRate(.staleReads(service: $1)) }
        let heading = services.count == 1 ? "OF \(scene.plan.services[services[0]].name)" : "CACHE"
        return PaneContent(
            note: services.isEmpty ? "" : "\(Figures.rate(loads)) loads/s",
            footer: "LRU, optimum: all as one, nothing ends",
            table: Table(
                columns: rows.isEmpty ? [] : originColumns(heading), rows: rows, ifEmpty: "the scenario has no cache"),
            alarm: wrong > 0 ? "\(Character(glyphs.marks.warning)) \(Figures.rate(wrong)) WRONG/s" : "")
    }

    private static func originColumns(_ heading: String) -> [Table.Column] {
        [
            .init(heading: heading, width: 15, weight: 1, widest: 20),
            .init(heading: "NOW", width: 5, alignment: .right),
            .init(heading: "PER s", width: 5, alignment: .right),
            .init(heading: "IN ALL", width: 7, alignment: .right),
            .init(heading: "", width: 18, weight: 2, widest: 44),
            .init(heading: "LAST 30s", width: 8, rank: 1, weight: 3, widest: 40),
        ]
    }

    private static func originCells(
        _ fact: OriginFact, of service: Int, _ cache: CacheView, _ scene: Scene
    ) -> [Line] {
        let (reads, counts) = (cache.reads, cache.counts)
        let reading = cache.plan.reading
        func cells(_ now: Int?, _ count: Int, _ series: History.Series, _ remark: Line, _ role: Role = .text) -> [Line]
        {
            let perSecond = scene.recentRate(series)
            return [
                Line(fact.title), now.map { self.count($0, .text) } ?? .empty,
                Line(Figures.rate(perSecond), perSecond > 0 ? role : .idle), self.count(count, role), remark,
                Line(.graph(scene.history.rates(series, 30), columns: nil, top: nil)),
            ]
        }
        switch fact {
        case .loads:
            let failed = "\(Figures.count(reads.failures)) failed"
            return cells(
                cache.loading, reads.loads, .loads(service: service), Line(failed, reads.failures > 0 ? .bad : .idle))
        case .joined:
            return cells(cache.joined, reads.joins, .reads(service: service, .joined), reading.joinRemark(reads))
        case .refreshed:
            return cells(
                nil, reads.refreshes + reads.prefetches, .reads(service: service, .refreshed), cache.aheadRemark)
        case .servedStale:
            return cells(
                nil, reads.servedStale, .reads(service: service, .servedStale), Line(reading.staleRemark, .faint),
                .warning)
        case .wrong:
            return cells(nil, counts.staleReads, .staleReads(service: service), counts.wrongRemark, .bad)
        case .told:
            guard cache.plan.coherence != nil else { return off(fact, cache.toldRemark) }
            return cells(nil, counts.invalidations, .told(service: service), cache.toldRemark)
        case .unwritten:
            guard cache.plan.behind != nil else { return off(fact, cache.unwrittenRemark(at: scene.now)) }
            return cells(
                cache.unwritten, counts.storedWrites, .storedWrites(service: service),
                cache.unwrittenRemark(at: scene.now))
        case .age:
            guard counts.hits > 0 else { return [Line(fact.title), .empty, .empty, Line("-", .idle)] }
            let mean = counts.ages * (1 / Double(counts.hits))
            return [
                Line(fact.title), .empty, .empty, Line(Figures.length(mean)),
                Line("mean, \(Figures.length(counts.oldest)) at most", .faint),
            ]
        case .asItIs, .oneLRU, .optimum: return hindsightCells(fact, scene.hindsights[service], cache)
        }
    }

    /// A line about something that a cache does not do.
    private static func off(_ fact: OriginFact, _ remark: Line) -> [Line] {
        [Line(fact.title), .empty, .empty, count(0, .text), remark]
    }

    private static func hindsightCells(_ fact: OriginFact, _ hindsight: Hindsight?, _ cache: CacheView) -> [Line] {
        guard let hindsight else {
            return [Line(fact.title), .empty, .empty, Line("-", .idle), Line("after a second", .idle)]
        }
        guard let (hits, remark) = hindsight.part(fact, cache) else {
            return [Line(fact.title), .empty, .empty, Line("-", .idle), Line("unknown: values differ", .idle)]
        }
        let share = hindsight.share(hits)
        return [
            Line(fact.title), .empty, .empty, Line(Figures.tenths(share)),
            remark, Line(.bar(share ?? 0, columns: nil, .bar)),
        ]
    }
}

extension Hindsight {
    /// The hits that a line is about, and what is to be said about them; nil if they are not known.
    fileprivate func part(_ fact: OriginFact, _ cache: CacheView) -> (hits: Int, remark: Line)? {
        switch fact {
        case .oneLRU:
            let isSized = cache.plan.sizes != nil
            let room =
                isSized
                ? "in \(CacheText.amount(capacity, of: cache.plan))"
                : keys <= capacity
                    ? "all fit in \(Figures.count(capacity))" : "in \(Figures.count(capacity, "entry", "entries"))"
            return (lruHits, Line(room, .faint))
        case .optimum:
            guard let optimalHits, let gap else { return nil }
            let points = "\(Figures.decimal(abs(gap), places: 1)) points"
            let why = cache.plan.writing == .update ? ": writes bring keys in" : ""
            return (optimalHits, Line(gap < 0 ? "\(points) less\(why)" : "\(points) better", .faint))
        default:
            let size = isPartial ? "of the last \(Figures.count(lookups))" : "of \(Figures.count(lookups)) lookups"
            return (hits, Line(isPartial ? "\(size), of \(Figures.short(Double(total)))" : size, .faint))
        }
    }
}

extension CacheView {
    /// What is loaded ahead, and when.
    fileprivate var aheadRemark: Line {
        guard plan.warming != nil else { return Line(plan.reading.refresh.remark, .faint) }
        let running = warmings.count { $0.endedAt == nil }
        let failed = warmings.reduce(0) { $0 + $1.failed }
        return Line(
            running > 0 ? "\(Figures.count(running, "replica")) warming" : "warm", running > 0 ? .active : .faint)
            + Line(failed > 0 ? ", \(Figures.count(failed)) failed" : "", .warning)
    }

    /// How long it took until other replicas knew of a write, and how much did not reach them.
    fileprivate var toldRemark: Line {
        guard let bus = invalidations else { return Line("off: nobody is told", .faint) }
        guard counts.invalidations > 0 else { return Line("of no write yet", .faint) }
        let mean = counts.invalidationTime * (1 / Double(counts.invalidations))
        let missed = bus.lost + bus.cutOff
        return Line(.text("after \(Figures.length(mean))", .text))
            + Line(missed > 0 ? ", \(Figures.count(missed)) lost" : "", .warning)
    }

    /// For how long the oldest write waits for its store, and how many never got there.
    fileprivate func unwrittenRemark(at now: Instant) -> Line {
        guard plan.behind != nil else { return Line("off: written at once", .faint) }
        let oldest = oldestUnwritten.map { "oldest \(Figures.length(now - $0))" } ?? "none waits"
        return Line(.text(oldest, oldestUnwritten == nil ? .faint : .text))
            + Line(counts.lostWrites > 0 ? ", \(Figures.count(counts.lostWrites)) LOST" : "", .bad)
    }

    /// What the queues of writes of all replicas have done.
    var writes: WriteBehindStatistics {
        (0..<nodes).reduce(into: WriteBehindStatistics()) { sum, node in
            guard let own = writes(ofReplica: node) else { return }
            sum.accepted += own.accepted
            sum.coalesced += own.coalesced
            sum.refused += own.refused
            sum.written += own.written
            sum.retried += own.retried
            sum.failed += own.failed
            sum.batches += own.batches
        }
    }
}

extension ReadSettings {
    /// Whether readers wait for each other's loads, and who gave up.
    fileprivate func joinRemark(_ reads: ReadCounts) -> Line {
        guard isSingleFlight else { return Line("off: each loads", .faint) }
        return reads.timeouts > 0
            ? Line("\(Figures.count(reads.timeouts)) gave up", .warning) : Line("one load for all", .faint)
    }

    /// Until when values are served after their lives.
    fileprivate var staleRemark: String {
        failSafe.map { "up to \(Figures.length($0.limit)) too old" } ?? "off: no fail-safe"
    }
}

extension ReadSettings.Refresh {
    /// When values are loaded ahead of their ends.
    fileprivate var remark: String {
        switch self {
        case .none: "off: at its end"
        case .eager(let share): "from \(Figures.percent(share)) of a life"
        case .early(let beta): "by chance, beta \(Figures.decimal(beta, places: 1))"
        }
    }
}

extension CacheCounts {
    /// How long ago what they did not tell of had been written.
    fileprivate var wrongRemark: Line {
        guard staleReads > 0 else {
            return Line(writes > 0 ? "\(Figures.count(writes)) writes" : "nothing is written", .faint)
        }
        return Line("up to \(Figures.length(longestBehind)) behind", .bad)
    }
}
