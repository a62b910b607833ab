internal import Resilience
internal import Screen
internal import Simulation
internal import Timeline

extension PaneContent {
    /// The circuit breakers in the order of the scenario: one that moved about would be hard to keep an eye on.
    ///
    /// Where a guard is several, it is one row that sums them up and a few that are not closed.
    static func breakers(_ scene: Scene, _ glyphs: Glyphs) -> PaneContent {
        let places = scene.plan.breakerPlaces
        var states: [CircuitBreaker.State] = []
        var rows: [Table.Row] = []
        for place in places {
            let own = scene.world.breakerStates(of: place)
            let name = scene.plan.name(of: place, among: places)
            states += own
            if own.count > 1 { rows.append(summary(place, own, name, glyphs)) }
            let shown = own.count > 1 ? own.indices.filter { own[$0] != .closed }.prefix(partsShown) : [0][...]
            for part in shown {
                let one = BreakerPlace(edge: place.edge, stage: place.stage, part: part)
                guard let breaker = scene.world.breaker(at: one) else { continue }
                let name = own.count > 1 ? "  \(scene.plan.shortPartName(of: one))" : name
                rows.append(row(one, breaker, name, scene.now, glyphs))
            }
        }
        let columns: [Table.Column] = [
            .init(heading: "CALLS TO", width: 8, weight: 1, widest: 20),
            .init(heading: "STATE", width: 11),
            .init(heading: "LAST CALLS", width: 12, rank: 1, weight: 1, widest: 20),
            .init(heading: "BAD", width: 4, alignment: .right),
            .init(heading: "MAX", width: 4, alignment: .right, rank: 2),
        ]
        return PaneContent(
            note: CircuitBreaker.State.counts(states),
            table: Table(columns: columns, rows: rows, ifEmpty: "the scenario has no breaker"))
    }

    /// Of a guard's many breakers so many are shown by themselves.
    private static let partsShown = 3

    private static func summary(
        _ place: GuardPlace, _ states: [CircuitBreaker.State], _ name: String, _ glyphs: Glyphs
    ) -> Table.Row {
        Table.Row(
            item: .guardOn(edge: place.edge, stage: place.stage),
            cells: [
                Line(name), CircuitBreaker.State.gravest(states).badge(glyphs.marks).line,
                Line("of \(Figures.count(states.count))", .faint), .empty, .empty,
            ],
            below: [Line("  \(CircuitBreaker.State.counts(states))", .faint)])
    }

    private static func row(
        _ place: BreakerPlace, _ breaker: CircuitBreaker, _ name: String, _ now: Instant, _ glyphs: Glyphs
    ) -> Table.Row {
        let badness = breaker.badness(at: now)
        var below: [Line] = []
        if let outlook = breaker.outlook(at: now) { below.append(Line("  ") + outlook) }
        if let last = breaker.lastTransition {
            let age = Figures.ticking(now - last.at)
            below.append(Line("  for \(age): \(last.text)", .faint))
        }
        if breaker.trips > 0 {
            let rejected = Figures.count(breaker.totals.rejected, "call")
            below.append(Line("  opened \(Figures.times(breaker.trips)), refused \(rejected)", .faint))
        }
        return Table.Row(
            item: place.item,
            cells: [
                Line(name), breaker.badge(glyphs.marks).line, breaker.past(glyphs.marks, at: now),
                Line(badness.now, badness.isOver ? .bad : badness.isBad ? .warning : .text),
                Line(badness.limit, .faint),
            ],
            below: below)
    }
}
