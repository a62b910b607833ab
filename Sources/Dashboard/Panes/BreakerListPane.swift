internal import Resilience
internal import Screen
internal import Simulation
internal import Timeline

extension PaneContent {
    /// Every circuit breaker in the order of the scenario, a line each; where a guard is several, they stand below it.
    /// Those of compartments stand with these.
    static func breakerList(_ scene: Scene, _ choices: Choices) -> PaneContent {
        var states: [CircuitBreaker.State] = []
        var items: [Item] = []
        for place in scene.plan.breakerPlaces {
            let own = scene.world.breakerStates(of: place)
            states += own
            if own.count > 1 { items.append(.guardOn(edge: place.edge, stage: place.stage)) }
            items += own.indices.map { .breaker(edge: place.edge, stage: place.stage, part: $0) }
        }
        let rows = rows(items, in: .breakerList, choices) { item in
            Table.Row(item: item, cells: breakerCells(item, scene, choices.glyphs))
        }
        return PaneContent(
            note: CircuitBreaker.State.counts(states),
            table: Table(columns: breakerColumns, rows: rows, ifEmpty: "the scenario has no breaker"))
    }

    private static let breakerColumns: [Table.Column] = [
        .init(heading: "BREAKER", width: 16, weight: 2, widest: 36),
        .init(heading: "STATE", width: 11),
        .init(heading: "FOR", width: 6, alignment: .right, rank: 3),
        .init(heading: "LAST CALLS", width: 12, rank: 1, weight: 1, widest: 24),
        .init(heading: "BAD", width: 4, alignment: .right),
        .init(heading: "MAX", width: 4, alignment: .right, rank: 2),
        .init(heading: "IN FLIGHT", width: 9, alignment: .right, rank: 6),
        .init(heading: "OPENED", width: 6, alignment: .right, rank: 4),
        .init(heading: "REFUSED", width: 7, alignment: .right, rank: 5),
        .init(heading: "STALE", width: 5, alignment: .right, rank: 7),
    ]

    private static func breakerCells(_ item: Item, _ scene: Scene, _ glyphs: Glyphs) -> [Line] {
        switch item {
        case .guardOn(let edge, let stage): return head(GuardPlace(edge: edge, stage: stage), scene, glyphs)
        case .breaker(let edge, let stage, let part):
            let place = BreakerPlace(edge: edge, stage: stage, part: part)
            let isOne = scene.world.breakerParts(edge: edge, stage: stage) == 1
            let name =
                isOne
                ? scene.plan.edgeName(of: GuardPlace(edge: edge, stage: stage)) : "  \(scene.plan.partName(of: place))"
            return scene.world.breaker(at: place).map { cells($0, name, scene.now, glyphs) } ?? []
        default: return []
        }
    }

    private static func head(_ place: GuardPlace, _ scene: Scene, _ glyphs: Glyphs) -> [Line] {
        let states = scene.world.breakerStates(of: place)
        return [
            Line(scene.plan.edgeName(of: place)), CircuitBreaker.State.gravest(states).badge(glyphs.marks).line,
            .empty, Line("of \(Figures.count(states.count))", .faint),
        ]
    }

    private static func cells(
        _ breaker: CircuitBreaker, _ name: String, _ now: Instant, _ glyphs: Glyphs
    ) -> [Line] {
        let badness = breaker.badness(at: now)
        return [
            Line(name), breaker.badge(glyphs.marks).line,
            Line(Figures.ticking(now - (breaker.lastTransition?.at ?? .zero)), .faint),
            breaker.past(glyphs.marks, at: now),
            Line(badness.now, badness.isOver ? .bad : badness.isBad ? .warning : .text),
            Line(badness.limit, .faint), count(breaker.totals.inFlight, .text), count(breaker.trips, .warning),
            count(breaker.totals.rejected, .warning), count(breaker.totals.stale, .text),
        ]
    }
}
