internal import Bulkheads
internal import Caching
internal import Resilience
internal import Screen
internal import Simulation
internal import Timeline

extension DetailText {
    /// A breaker: its rules, its window, its past.
    static func breaker(_ place: GuardPlace, _ scene: Scene, _ glyphs: Glyphs) -> DetailText {
        let edge = scene.plan.edges[place.edge]
        let title = "Breaker \(edge.name)"
        guard let breaker = scene.world.breaker(edge: place.edge, stage: place.stage) else {
            return DetailText(title: title, lines: [])
        }
        let settings = breaker.settings
        let tally = breaker.tally(at: scene.now)
        var lines = [Line(.text("state".padded(to: 15), .faint)) + breaker.badge(glyphs.marks).line]
        if let outlook = breaker.outlook(at: scene.now) { lines.append(Line("               ") + outlook) }
        if let last = breaker.lastTransition {
            let age = Figures.ticking(scene.now - last.at)
            lines.append(.fact("for \(age)", last.text))
        }
        lines += [
            .empty, .fact("window", breaker.windowText),
            .fact("opens at", "\(Figures.percent(settings.failureRate)) failed of at least \(settings.minimumCalls)"),
            .fact("stays open", "\(settings.openTime), then \(settings.probes) probes"), .empty,
            .fact("judged", "\(tally.calls) calls, \(tally.failed) failed, \(tally.slow) slow"),
            Line(.text("last calls".padded(to: 15), .faint))
                + breaker.ring(glyphs.marks, columns: min(60, breaker.recentCalls.count)),
        ]
        let totals = breaker.totals
        lines += section("since the beginning")
        lines += [
            .fact("let through", Figures.count(totals.permitted)),
            .fact("refused", Figures.count(totals.rejected), totals.rejected > 0 ? .warning : .text),
            .fact("ok", Figures.count(totals.succeeded), .good),
            .fact("failed", Figures.count(totals.failed), totals.failed > 0 ? .bad : .text),
            .fact("too late", Figures.count(totals.stale)), .fact("opened", Figures.times(breaker.trips)),
        ]
        let own = Component.guardOn(edge: UInt16(place.edge), stage: UInt8(place.stage))
        lines += news(scene, atMost: 12) { $0.place == own }
        if let id = Item.breaker(edge: place.edge, stage: place.stage).entryToExplain(scene) {
            let chain = scene.journal.heldChain(from: id, atMost: causesShown)
            if !chain.isEmpty { lines += section("why") + WhyText.lines(chain, scene, glyphs) }
        }
        return DetailText(title: title, lines: lines)
    }

    /// How much of a chain of causes a detail shows; all of it is a key away.
    static let causesShown = 40

    /// A bulkhead: its room and its queue.
    static func bulkhead(_ place: GuardPlace, _ scene: Scene, _ glyphs: Glyphs) -> DetailText {
        let title = "Bulkhead \(scene.plan.edges[place.edge].name)"
        guard let pool = scene.world.bulkhead(edge: place.edge, stage: place.stage),
            let number = scene.world.bulkheadNumber(edge: place.edge, stage: place.stage)
        else { return DetailText(title: title, lines: []) }
        let own = Component.guardOn(edge: UInt16(place.edge), stage: UInt8(place.stage))
        return DetailText(
            title: title,
            lines: occupancy(pool, scene.history.recent(.bulkheadQueued(number), 60), scene.now, glyphs)
                + news(scene, atMost: 20) { $0.place == own })
    }

    /// A service: its workers, its queue, and what it does.
    static func service(_ service: Int, _ scene: Scene, _ glyphs: Glyphs) -> DetailText {
        let plan = scene.plan.services[service]
        var lines = occupancy(
            scene.world.pool(ofService: service), scene.history.recent(.queued(service: service), 60), scene.now,
            glyphs)
        lines += [
            .fact("wasted", "\(Figures.count(scene.world.workForNobody(service: service))) calls done for nobody"),
            .fact("blocking", plan.blocking ? "yes: a worker waits for its own calls" : "no"),
        ]
        lines += section("operations in the last 10s        ok      p50     p99")
        for operation in scene.plan.operations(ofService: service) {
            lines.append(operationLine(operation, scene))
        }
        let faults = scene.world.faultsInForce(.target(.service(service)))
        if !faults.isEmpty {
            lines += section("faults")
            lines += faults.map { Line("F\($0 + 1)  \(scene.world.faultLog[$0].plan.summary(scene.plan))", .bad) }
        }
        return DetailText(
            title: "Service \(plan.name)",
            lines: lines + news(scene, atMost: 20) { $0.place == .service(UInt16(service)) })
    }

    private static func operationLine(_ operation: Int, _ scene: Scene) -> Line {
        let last = scene.history.lastTenSeconds
        let seconds = Double(max(1, last.count))
        let offered = scene.history.growth(.operation(operation, .offered), over: last)
        let ok = scene.history.growth(.operation(operation, .ok), over: last)
        let failed = scene.history.growth(.operation(operation, .failed), over: last)
        let latencies = scene.history.latencies(operation: operation, .all, over: last)
        let share = ok + failed > 0 ? ok / (ok + failed) : nil
        return Line(
            .text(scene.plan.operations[operation].name.padded(to: 22), .text),
            .text("\(Figures.rate(offered / seconds))/s".indented(to: 8), .text),
            .text(Figures.exactPercent(share).indented(to: 8), (share ?? 1) < 0.99 ? .bad : .good),
            .text(Figures.length(latencies.quantile(0.5)).indented(to: 8), .faint),
            .text(Figures.length(latencies.quantile(0.99)).indented(to: 8), .text))
    }

    private static func occupancy(_ pool: ThreadPool, _ queue: [Double], _ now: Instant, _ glyphs: Glyphs) -> [Line] {
        let maximum = pool.settings.maximum
        return [
            Line(.text("state".padded(to: 15), .faint)) + PoolFigures(pool).badge(glyphs.marks).line,
            Line(
                .text("in use".padded(to: 15), .faint),
                .bar(Double(pool.active) / Double(max(1, maximum)), columns: 24, .bar),
                .text(" \(pool.active) of \(maximum)", .text)),
            Line(
                .text("queue".padded(to: 15), .faint),
                .bar(Double(pool.queued) / Double(max(1, pool.settings.queue)), columns: 24, .warning),
                .text(" \(pool.queued) of \(pool.settings.queue)", .text)),
            Line(
                .text("queue, 60s".padded(to: 15), .faint),
                .graph(queue, columns: min(60, max(1, queue.count)), top: nil)),
            .fact("oldest waiter", pool.oldestWaiterSince.map { Figures.length(now - $0) } ?? "nobody waits"),
            .fact("turned away", Figures.count(pool.totals.rejected), pool.totals.rejected > 0 ? .warning : .text),
            .fact("taken in", Figures.count(pool.totals.submitted)),
        ]
    }

    /// A cache: its levels, and what left them.
    static func cache(_ service: Int, _ scene: Scene) -> DetailText {
        guard let cache = scene.world.cache(ofService: service) else {
            return DetailText(title: "No cache", lines: [])
        }
        let statistics = cache.statistics
        let recent = RecentHits(service, scene.history)
        var lines: [Line] = [
            .fact("time to live", cache.settings.timeToLive.map { "\($0)" } ?? "for ever"),
            .fact("lookups", "\(Figures.count(statistics.lookups)), \(Figures.rate(recent.lookupsPerSecond))/s"),
            .fact("answered", "\(Figures.percent(statistics.hitRatio)) since the beginning"),
            .fact("to the origin", "\(Figures.count(statistics.misses)), \(Figures.rate(recent.missesPerSecond))/s"),
            .fact("promoted", Figures.count(statistics.promotions)),
        ]
        for (level, capacity) in [(CacheLevel.l1, cache.settings.l1Capacity), (.l2, cache.settings.l2Capacity)] {
            let own = statistics[level]
            lines += section(level == .l1 ? "level 1, in memory" : "level 2, slower")
            lines += [
                .fact("entries", "\(Figures.count(cache[level].count)) of \(Figures.count(capacity))"),
                .fact("share of all", Figures.percent(statistics.shareOfAll(level))),
                .fact("of its own", "\(Figures.percent(statistics.conditionalHitRatio(level))) of what it was asked"),
                .fact("expired", Figures.count(own.expired)),
                .fact("evicted", "\(Figures.count(own.evictions[.capacity])) for room"),
            ]
        }
        return DetailText(title: "Cache of \(scene.plan.services[service].name)", lines: lines)
    }
}
