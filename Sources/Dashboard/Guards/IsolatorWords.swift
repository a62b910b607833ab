internal import Bulkheads
internal import Resilience
internal import Screen
internal import Simulation
internal import Timeline

// An isolator and its compartments, in one line and in detail; the pool of each compartment stands among the pools.

extension GuardSummary {
    static func isolator(_ place: GuardPlace, _ scene: Scene) -> GuardSummary? {
        guard let compartments = scene.world.isolator(edge: place.edge, stage: place.stage)?.compartments else {
            return nil
        }
        func sum(_ count: (Compartment.Totals) -> Int) -> Int { compartments.reduce(0) { $0 + count($1.totals) } }
        let full = compartments.count { PoolFigures($0).isQueueFull || PoolFigures($0).isFull }
        return GuardSummary(
            name: "isolator", now: Line("\(full) of \(compartments.count) full", full > 0 ? .warning : .text),
            since: counts(
                [
                    (sum(\.started), "started"), (sum(\.rateLimited), "rate limited"), (sum(\.circuitOpen), "open"),
                    (sum { $0.full + $0.displaced }, "full"), (sum(\.expired), "expired"),
                ], none: "no call yet"))
    }
}

extension DetailText {
    static func isolator(_ place: GuardPlace, _ scene: Scene, _ glyphs: Glyphs) -> [Line] {
        guard case .isolator(let plan) = scene.plan.edges[place.edge].guards[place.stage],
            let compartments = scene.world.isolator(edge: place.edge, stage: place.stage)?.compartments
        else { return [] }
        return zip(plan.names, compartments).flatMap { name, compartment in
            section(name) + self.compartment(compartment, scene, glyphs)
        }
    }

    /// One compartment of an isolator.
    static func compartment(
        _ part: Int, of place: GuardPlace, _ scene: Scene, _ glyphs: Glyphs
    ) -> DetailText {
        guard let compartments = scene.world.isolator(edge: place.edge, stage: place.stage)?.compartments,
            compartments.indices.contains(part)
        else { return DetailText(title: "Compartment", lines: []) }
        let own = Component.guardPart(edge: UInt16(place.edge), stage: UInt8(place.stage), part: UInt16(part))
        let name = scene.plan.compartmentNames(at: place)[part]
        return DetailText(
            title: "Compartment \(name) of \(scene.plan.edgeName(of: place))",
            lines: compartment(compartments[part], scene, glyphs) + news(scene, atMost: 20) { $0.place == own })
    }

    /// One compartment: its pool, and what stands with it.
    static func compartment(_ compartment: Compartment, _ scene: Scene, _ glyphs: Glyphs) -> [Line] {
        let totals = compartment.totals
        let pool = PoolFigures(compartment)
        var lines: [Line] = [
            Line(.text("state".padded(to: 15), .faint)) + pool.badge(glyphs.marks).line,
            Line(
                .text("in use".padded(to: 15), .faint),
                .bar(Double(pool.active) / Double(max(1, pool.maximum)), columns: 24, .bar),
                .text(" \(pool.active) of \(pool.maximum), \(pool.queued) waiting", .text)),
        ]
        if let breaker = compartment.breaker {
            lines.append(Line(.text("breaker".padded(to: 15), .faint)) + breaker.badge(glyphs.marks).line)
            if let last = breaker.lastTransition { lines.append(.fact("", last.text)) }
        }
        if let limiter = compartment.limiter {
            lines.append(.fact("permits left", "\(limiter.available(at: scene.now)) of \(limiter.settings.burst)"))
        }
        return lines + [
            .fact("started", "\(Figures.count(totals.started)) of \(Figures.count(totals.asked)) asked"),
            .fact(
                "results",
                "\(Figures.count(totals.succeeded)) ok, \(Figures.count(totals.failed)) failed, "
                    + "\(Figures.count(compartment.fallback.totals.succeeded)) answered instead"),
            .fact(
                "refused",
                GuardSummary.counts(
                    [
                        (totals.full + totals.displaced, "full"), (totals.rateLimited, "rate limited"),
                        (totals.circuitOpen, "circuit open"), (totals.expired, "expired"),
                        (totals.withdrawn, "left"),
                    ], none: "none")),
        ]
    }
}

extension Plan {
    /// The names of an isolator's compartments.
    func compartmentNames(at place: GuardPlace) -> [String] {
        guard case .isolator(let isolator) = edges[place.edge].guards[place.stage] else { return [] }
        return isolator.names
    }

    /// The places of the isolators.
    var isolatorPlaces: [GuardPlace] {
        places { if case .isolator = $0 { true } else { false } }
    }

    /// The compartments in front of a service.
    func compartmentItems(before service: Int) -> [Item] {
        isolatorPlaces.filter { edges[$0.edge].target == service }.flatMap { place in
            compartmentNames(at: place).indices.map { .compartment(edge: place.edge, stage: place.stage, part: $0) }
        }
    }
}
