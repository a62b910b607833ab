internal import Bulkheads
internal import Screen
internal import Simulation
internal import Timeline

// Memory that calls hold, and that of a service, in one line and in detail.

extension GuardSummary {
    static func memory(_ place: GuardPlace, _ scene: Scene) -> GuardSummary? {
        guard let (pool, child) = scene.world.memory(edge: place.edge, stage: place.stage) else { return nil }
        return memory("memory", pool, .child(child), scene, trend: [])
    }

    static func memory(ofService service: Int, _ scene: Scene) -> GuardSummary? {
        guard let pool = scene.world.memory(ofService: service) else { return nil }
        let use = scene.history.recent(.memoryUse(service: service), 30)
        return memory("\(scene.plan.services[service].name) memory", pool, .pool, scene, trend: use)
    }

    private static func memory(
        _ name: String, _ pool: MemoryPool, _ level: MemoryPool.Level, _ scene: Scene, trend: [Double]
    ) -> GuardSummary? {
        guard let usage = pool.usage(of: level), let totals = pool.totals(of: level) else { return nil }
        let pressure = pool.monitor(of: level)?.pressure ?? .normal
        return GuardSummary(
            name: name, now: Line(usage.text(under: pressure), pressure.role), trend: trend,
            since: counts(
                [
                    (totals.reserved, "reserved"), (totals.refusedHere, "refused"),
                    (totals.refusedAbove, "refused above"), (totals.evicted, "evicted"),
                    (pool.monitor(of: level)?.alerts ?? 0, "alerts"),
                ], none: "nothing reserved yet"))
    }
}

extension DetailText {
    static func memory(_ place: GuardPlace, _ scene: Scene) -> [Line] {
        guard let (pool, child) = scene.world.memory(edge: place.edge, stage: place.stage) else { return [] }
        return memory(pool, .child(child), scene)
    }

    /// One level of a memory pool: how full it is, how fast it fills, and whom it refused.
    static func memory(_ pool: MemoryPool, _ level: MemoryPool.Level, _ scene: Scene) -> [Line] {
        guard let usage = pool.usage(of: level), let totals = pool.totals(of: level) else { return [] }
        let monitor = pool.monitor(of: level)
        let pressure = monitor?.pressure ?? .normal
        var lines: [Line] = [
            Line(
                .text("in use".padded(to: 15), .faint), .bar(usage.share, columns: 24, pressure.bar),
                .text(" \(usage.text)", pressure.role)),
            .fact("pressure", pressure.word ?? "normal", pressure.role),
            .fact("alerts", Figures.count(monitor?.alerts ?? 0)),
            .fact("reservations", Figures.count(usage.reservations)),
            .fact("evictable", Why.text(bytes: Float(usage.evictable))),
            .fact("most ever", Why.text(bytes: Float(usage.peak))),
        ]
        if let growth = monitor?.growth(at: scene.now) {
            lines.append(.fact("grows by", "\(Why.text(bytes: Float(growth))) a second"))
        }
        if let left = monitor?.fullIn(at: scene.now) {
            lines.append(.fact("full in", Figures.length(left), .warning))
        }
        let refused = totals.refusedHere + totals.refusedAbove
        return lines + [
            .fact("reserved", "\(Figures.count(totals.reserved)) since the beginning"),
            .fact(
                "refused", "\(Figures.count(totals.refusedHere)) here, \(Figures.count(totals.refusedAbove)) above",
                refused > 0 ? .bad : .text),
            .fact("evicted", Figures.count(totals.evicted)),
        ]
    }
}

extension MemoryPool.Usage {
    /// How much is in use of how much: `12 MB of 64 MB`.
    fileprivate var text: String { text(Why.text(bytes: Float(used))) }

    /// The same for a line: where it is short, that in a word, and the share in place of the bytes.
    fileprivate func text(under pressure: MemoryMonitor.Pressure) -> String {
        pressure.word.map { "\($0) " + text(Figures.percent(share)) } ?? text
    }

    private func text(_ used: String) -> String {
        limit == MemoryPool.Settings.unlimited ? used : "\(used) of \(Why.text(bytes: Float(limit)))"
    }
}

extension MemoryMonitor.Pressure {
    /// How short memory is; nil if it is not.
    fileprivate var word: String? {
        switch self {
        case .normal: nil
        case .warning: "WARNING"
        case .critical: "CRITICAL"
        }
    }

    fileprivate var role: Role {
        switch self {
        case .normal: .text
        case .warning: .warning
        case .critical: .bad
        }
    }

    fileprivate var bar: Role { self == .normal ? .bar : role }
}
