internal import Bulkheads
internal import Caching
internal import Resilience
internal import Screen
internal import Simulation
internal import Timeline

extension DetailText {
    /// A breaker: its rules, its window, its past.
    static func breaker(_ place: BreakerPlace, _ scene: Scene, _ glyphs: Glyphs) -> DetailText {
        guard let sheet = BreakerSheet(place.item, scene, glyphs) else {
            return DetailText(title: "Breaker", lines: [])
        }
        var lines = [Line(.text("state".padded(to: 10), .faint)) + sheet.breaker.badge(glyphs.marks).line]
        lines += sheet.facts(width: 74) + [.empty] + sheet.rules + [.empty] + sheet.totals
        let transitions = sheet.transitions(atMost: 12)
        if !transitions.isEmpty { lines += [.empty] + transitions }
        let component = scene.world.component(of: place)
        lines += news(scene, atMost: 12) { $0.place == component }
        if let id = place.item.entryToExplain(scene) {
            let chain = scene.journal.heldChain(from: id, atMost: causesShown)
            if !chain.isEmpty { lines += section("why") + WhyText.lines(chain, scene, glyphs) }
        }
        return DetailText(title: "Breaker \(component.name(scene.plan, without: "breaker"))", lines: lines)
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
            lines: occupancy(
                PoolFigures(pool), scene.history.recent(.bulkheadQueued(number), 60), scene.now, glyphs)
                + news(scene, atMost: 20) { $0.place == own })
    }

    /// A service: its workers, its queue, and what it does.
    static func service(_ service: Int, _ scene: Scene, _ glyphs: Glyphs) -> DetailText {
        let plan = scene.plan.services[service]
        var lines = occupancy(
            PoolFigures(ofService: service, in: scene.world), scene.history.recent(.queued(service: service), 60),
            scene.now, glyphs)
        lines.append(.fact("blocking", plan.blocking ? "yes: a worker waits for its own calls" : "no"))
        let stuck = scene.world.stuckWorkers(service: service)
        if stuck > 0 { lines.append(.fact("stuck", "\(stuck) workers", .bad)) }
        if plan.replicas > 1 {
            let running = scene.world.running(ofService: service)
            let some = running < plan.replicas ? ", of which \(running) run" : ""
            lines.append(.fact("replicas", "\(plan.replicas)\(some), all together here"))
        }
        if let memory = scene.world.memory(ofService: service) {
            lines += section("memory") + self.memory(memory, .pool, scene)
        }
        lines += section("operations in the last 10s        ok      p50     p99")
        for operation in scene.plan.calledOperations(of: service) {
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

    /// One of several replicas: its workers and its queue.
    static func replica(_ replica: Int, of service: Int, _ scene: Scene, _ glyphs: Glyphs) -> DetailText {
        let name = scene.plan.services[service].name(ofReplica: replica)
        var lines: [Line] = []
        if scene.world.isDown(service: service, replica: replica) {
            lines.append(Line("\(Character(glyphs.marks.cross)) DOWN", .bad))
        }
        lines += occupancy(
            PoolFigures(scene.world.pool(ofService: service, replica: replica)),
            scene.history.recent(.replicaQueued(service: service, replica: replica), 60), scene.now, glyphs)
        let stuck = scene.world.stuckWorkers(service: service, replica: replica)
        if stuck > 0 { lines.append(.fact("stuck", "\(stuck) workers", .bad)) }
        lines += balancers(of: replica, in: service, scene, glyphs)
        let faults = scene.world.faultsInForce(.target(.replica(service: service, replica)))
        if !faults.isEmpty {
            lines += section("faults")
            lines += faults.map { Line("F\($0 + 1)  \(scene.world.faultLog[$0].plan.summary(scene.plan))", .bad) }
        }
        let own = Component.replica(service: UInt16(service), UInt8(replica))
        return DetailText(title: "Replica \(name)", lines: lines + news(scene, atMost: 20) { $0.place == own })
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

    /// A pool: how full it is, who waits, and whom it refused why.
    static func occupancy(_ pool: PoolFigures, _ queue: [Double], _ now: Instant, _ glyphs: Glyphs) -> [Line] {
        let limit = pool.queue.map { " of \(Figures.count($0))" } ?? ""
        var lines = [
            Line(.text("state".padded(to: 15), .faint)) + pool.badge(glyphs.marks).line,
            Line(
                .text("in use".padded(to: 15), .faint),
                .bar(Double(pool.active) / Double(max(1, pool.maximum)), columns: 24, .bar),
                .text(" \(pool.active) of \(pool.maximum), \(pool.idle) idle", .text)),
            Line(
                .text("queue".padded(to: 15), .faint),
                .bar(Double(pool.queued) / Double(max(1, pool.queue ?? pool.queued)), columns: 24, .warning),
                .text(" \(pool.queued)\(limit)", .text)),
        ]
        if !queue.isEmpty {
            lines.append(
                Line(.text("queue, 60s".padded(to: 15), .faint), .graph(queue, columns: min(60, queue.count), top: nil))
            )
        }
        lines.append(
            .fact("oldest waiter", pool.oldestWaiterSince.map { Figures.length(now - $0) } ?? "nobody waits"))
        for lane in pool.lanes {
            let age = lane.oldestSince.map { ", the first for \(Figures.length(now - $0))" } ?? ""
            lines.append(.fact("  \(lane.priority)", "\(lane.queued)\(age)"))
        }
        return lines + runs(pool) + [.fact("taken in", Figures.count(pool.submitted))] + refusals(pool.refusals)
            + [
                .fact("wasted", pool.forNobody.map { "\(Figures.count($0)) done for callers that had gone" } ?? "-")
            ]
    }

    /// What became of the calls that ran, and how its threads spent their time.
    private static func runs(_ pool: PoolFigures) -> [Line] {
        let failed = pool.runs.failed.map { ", \(Figures.count($0)) with an error" } ?? ""
        var lines: [Line] = [
            .fact("done", "\(Figures.count(pool.runs.ended))\(failed)"),
            .fact(
                "waited",
                "\(Figures.length(pool.runs.meanWait)) on average, \(Figures.length(pool.longestWait)) at most"),
        ]
        if let run = pool.runs.meanRun { lines.append(.fact("ran", "\(Figures.length(run)) on average")) }
        if let share = pool.utilisation {
            let idle = Figures.length(pool.allTime - pool.busyTime)
            lines.append(
                .fact("threads", "\(Figures.percent(share)) busy: \(Figures.length(pool.busyTime)), idle \(idle)"))
        }
        return lines
    }

    private static func refusals(_ refusals: PoolRefusals) -> [Line] {
        let shown = refusals.byReason.filter { $0.count > 0 }
        guard !shown.isEmpty else { return [.fact("turned away", "0")] }
        return shown.enumerated().map { index, each in
            .fact(index == 0 ? "turned away" : "", "\(Figures.count(each.count)) \(each.reason)", .warning)
        }
    }
}
