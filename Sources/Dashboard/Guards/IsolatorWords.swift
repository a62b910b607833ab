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
        let open = compartments.count { $0.breaker?.state == .open || $0.breaker?.state == .forcedOpen }
        let now = "\(full) of \(compartments.count) full" + (open > 0 ? ", \(open) open" : "")
        return GuardSummary(
            name: "isolator", now: Line(now, open > 0 ? .bad : full > 0 ? .warning : .text),
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
        var lines = occupancy(pool, [], scene.now, glyphs)
        if let breaker = compartment.breaker {
            lines.append(Line(.text("breaker".padded(to: 15), .faint)) + breaker.badge(glyphs.marks).line)
            if let last = breaker.lastTransition { lines.append(.fact("", last.text)) }
        }
        if let limiter = compartment.limiter {
            lines.append(.fact("permits left", "\(limiter.available(at: scene.now)) of \(limiter.settings.burst)"))
        }
        return lines + [
            .fact(
                "refused too",
                GuardSummary.counts(
                    [(totals.rateLimited, "rate limited"), (totals.circuitOpen, "circuit open")], none: "none")),
            .fact("instead", "\(Figures.count(compartment.fallback.totals.succeeded)) answered by the fallback"),
        ]
    }
}

extension Plan {
    /// The names of an isolator's compartments.
    func compartmentNames(at place: GuardPlace) -> [String] {
        guard case .isolator(let isolator) = edges[place.edge].guards[place.stage] else { return [] }
        return isolator.names
    }

    /// What a compartment is called below the service before which it stands: with its caller if there are other isolators.
    func compartmentName(_ part: Int, of place: GuardPlace) -> String {
        let name = compartmentNames(at: place)[part]
        let alike = isolatorPlaces.count { edges[$0.edge].target == edges[place.edge].target }
        return alike == 1 ? name : "by \(callerName(ofEdge: place.edge)), \(name)"
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
