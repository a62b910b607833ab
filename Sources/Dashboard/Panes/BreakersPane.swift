internal import Resilience
internal import Screen
internal import Simulation
internal import Timeline

extension PaneContent {
    /// The circuit breakers in the order of the scenario: one that moved about would be hard to keep an eye on.
    static func breakers(_ scene: Scene, _ glyphs: Glyphs) -> PaneContent {
        let places = scene.plan.breakerPlaces
        var states: [CircuitBreaker.State] = []
        let rows = places.compactMap { place -> Table.Row? in
            guard let breaker = scene.world.breaker(edge: place.edge, stage: place.stage) else { return nil }
            states.append(breaker.state)
            return row(place, breaker, scene.plan.name(of: place, among: places), scene.now, glyphs)
        }
        let columns: [Table.Column] = [
            .init(heading: "CALLS TO", width: 8, weight: 1, widest: 20),
            .init(heading: "STATE", width: 11),
            .init(heading: "LAST CALLS", width: 12, rank: 1, weight: 1, widest: 20),
            .init(heading: "BAD", width: 4, alignment: .right),
            .init(heading: "MAX", width: 4, alignment: .right, rank: 2),
        ]
        return PaneContent(
            note: counts(states),
            table: Table(columns: columns, rows: rows, ifEmpty: "the scenario has no breaker"))
    }

    private static func row(
        _ place: GuardPlace, _ breaker: CircuitBreaker, _ name: String, _ now: Instant, _ glyphs: Glyphs
    ) -> Table.Row {
        let tally = breaker.tally(at: now)
        let share = tally.calls > 0 ? tally.failureRate : nil
        let isOver = (share ?? 0) >= breaker.settings.failureRate
        var below: [Line] = []
        if let outlook = breaker.outlook(at: now) { below.append(Line("  ") + outlook) }
        if let last = breaker.lastTransition {
            let age = Figures.ticking(now - last.at)
            below.append(Line("  for \(age): \(last.text)", .faint))
        }
        if breaker.trips > 0 {
            let rejected = Figures.count(breaker.totals.rejected)
            below.append(Line("  opened \(Figures.times(breaker.trips)), refused \(rejected) calls", .faint))
        }
        return Table.Row(
            item: .breaker(edge: place.edge, stage: place.stage),
            cells: [
                Line(name), breaker.badge(glyphs.marks).line, breaker.ring(glyphs.marks),
                Line(Figures.percent(share), isOver ? .bad : (share ?? 0) > 0 ? .warning : .text),
                Line(Figures.percent(breaker.settings.failureRate), .faint),
            ],
            below: below)
    }

    private static func counts(_ states: [CircuitBreaker.State]) -> String {
        let open = states.count { $0 == .open || $0 == .forcedOpen }
        let half = states.count { $0 == .halfOpen }
        let closed = states.count - open - half
        return [(open, "open"), (half, "half-open"), (closed, "closed")]
            .filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: "  ")
    }
}
