internal import Caching
internal import Simulation
internal import Timeline

extension DetailText {
    /// A cache: what it has of some keys, what it answers, what it loads, its levels, and what left them.
    static func cache(_ service: Int, _ scene: Scene) -> DetailText {
        guard let cache = scene.world.cache(ofService: service) else {
            return DetailText(title: "No cache", lines: [])
        }
        let recent = RecentHits(service, levels: cache.plan.levels.count, scene.history)
        let (counts, reads) = (cache.counts, cache.reads)
        var lines = keys(ofCacheOf: service, cache, scene)
        lines += [
            .fact("time to live", cache.plan.reading.lifetime.map { "\($0)" } ?? "for ever"),
            .fact("lookups", "\(Figures.count(counts.lookups)), \(Figures.rate(recent.lookupsPerSecond))/s"),
            .fact("answered", "\(Figures.percent(cache.hitRatio)) since the beginning"),
            .fact("to the origin", "\(Figures.rate(recent.missesPerSecond))/s, \(cache.loading) loads under way"),
            .fact("loads", "\(Figures.count(reads.loads)), of them \(Figures.count(reads.failures)) failed"),
            .fact(
                "joined", "\(Figures.count(reads.joins)) waited for another's load, \(cache.joined) do now"),
        ]
        if counts.hits > 0 {
            let mean = counts.ages * (1 / Double(counts.hits))
            lines.append(
                .fact("age at hit", "\(Figures.length(mean)) on average, \(Figures.length(counts.oldest)) at most"))
        }
        if reads.refreshes > 0 {
            lines.append(.fact("refreshed", "\(Figures.count(reads.refreshes)) ahead of their end"))
        }
        if counts.absentLoads > 0 {
            let found = "\(Figures.count(counts.absentLoads, "load")) found none"
            lines.append(.fact("no value", "\(Figures.count(counts.absentHits)) answers that there is none, \(found)"))
        }
        lines += warmingLines(cache)
        if reads.servedStale > 0 { lines.append(.fact("served stale", Figures.count(reads.servedStale), .warning)) }
        if counts.writes > 0 {
            lines.append(
                .fact(
                    "wrong answers", "\(Figures.count(counts.staleReads)) older than the latest write",
                    counts.staleReads > 0 ? .warning : .text))
        }
        lines += writeLines(cache)
        for level in cache.shownLevels { lines += levelLines(level, of: cache) }
        return DetailText(title: "Cache of \(scene.plan.services[service].name)", lines: lines)
    }

    /// What replicas have loaded before it was asked for.
    private static func warmingLines(_ cache: CacheView) -> [Line] {
        guard let warming = cache.plan.warming else { return [] }
        let reports = cache.warmings
        func sum(_ part: (WarmingReport<UInt64>) -> Int) -> String {
            Figures.count(reports.reduce(0) { $0 + part($1) })
        }
        var lines: [Line] = [
            .fact("warms", warming.choice.text),
            .fact(
                "last time",
                "\(sum(\.loaded)) of \(sum(\.asked)) loaded, \(sum(\.skipped)) were there, "
                    + "\(sum(\.failed)) failed, \(sum(\.unfinished)) open"),
        ]
        if let failure = reports.lazy.compactMap(\.failures.first).first {
            lines.append(.fact("could not", "key \(CacheView.parts(of: failure.key).number), and others", .warning))
        }
        return lines
    }

    /// How writes reach the store, and the other replicas.
    private static func writeLines(_ cache: CacheView) -> [Line] {
        var lines: [Line] = []
        if cache.plan.behind != nil {
            let writes = cache.writes
            let needless = "\(Figures.count(writes.coalesced)) made needless by later ones"
            lines +=
                section("writes, behind") + [
                    .fact("unwritten", "\(Figures.count(cache.unwritten)) now, \(needless)"),
                    .fact(
                        "written",
                        "\(Figures.count(writes.written)) in \(Figures.count(writes.batches, "batch", "batches"))"),
                    .fact(
                        "again", "\(Figures.count(writes.retried)) retried, \(Figures.count(writes.refused)) refused"),
                    .fact(
                        "failed",
                        "\(Figures.count(writes.failed)), \(Figures.count(cache.counts.lostWrites)) lost in all",
                        cache.counts.lostWrites > 0 ? .bad : .text),
                ]
        }
        if let bus = cache.invalidations {
            lines +=
                section("what replicas tell each other") + [
                    .fact("told", "\(Figures.count(bus.published)) writes, \(Figures.count(bus.sent)) messages"),
                    .fact("lost", "\(Figures.count(bus.lost + bus.cutOff)) messages"),
                    .fact(
                        "overtaken", "\(Figures.count(cache.counts.overtakenLoads)) loads not kept: written meanwhile"),
                ]
        }
        return lines
    }

    private static func levelLines(_ level: Int, of cache: CacheView) -> [Line] {
        let (plan, own) = (cache.plan.levels[level], cache.statistics(ofLevel: level))
        let name = CacheText.name(ofLevel: level, of: cache.plan)
        var size = Figures.count(cache.entries(inLevel: level))
        if cache.plan.sizes == nil {
            size += " of \(Figures.count(cache.capacity(ofLevel: level)))"
        } else {
            size += ", \(CacheText.amount(cache.held(inLevel: level), of: cache.plan))"
            size += " of \(CacheText.amount(cache.capacity(ofLevel: level), of: cache.plan))"
        }
        return section("\(name), \(plan.policy.rawValue)\(plan.isShared ? ", shared" : "")") + [
            .fact("entries", size),
            .fact("share of all", Figures.percent(cache.shareOfAll(level))),
            .fact("of its own", "\(Figures.percent(own.conditionalHitRatio)) of what it was asked"),
            .fact(
                "did without", "\(Figures.count(own.failures, "lookup")), since it failed",
                own.failures > 0 ? .warning : .text),
            .fact("came up", "\(Figures.count(own.promotions)) from below, \(Figures.count(own.demotions)) from above"),
            .fact(
                "left",
                "\(Figures.count(own.evictions[.capacity])) for room, \(Figures.count(own.evictions[.expired])) expired, "
                    + "\(Figures.count(own.evictions[.removed])) removed, "
                    + "\(Figures.count(own.evictions[.cleared])) cleared"),
        ]
    }
}

extension WarmingPlan.Choice {
    /// Which keys, and when, as a scenario says it.
    fileprivate var text: String {
        switch self {
        case .popular(let count, let occasion): "popular \(count) \(occasion.text)"
        case .first(let count, let occasion): "first \(count) \(occasion.text)"
        case .next(let count, let confidence): "next \(count) above \(Figures.percent(confidence))"
        case .comingHour(let count, let likelihood): "coming hour \(count) above \(Figures.percent(likelihood))"
        }
    }
}

extension WarmingPlan.Occasion {
    fileprivate var text: String {
        switch self {
        case .restart: "at restart"
        case .every(let length): "every \(length)"
        }
    }
}
