internal import Resilience
internal import Screen
internal import Simulation

extension Canvas {
    /// One breaker in full: its states drawn, and all that can be said about it, as far as there is room.
    /// - Parameter lines: what is to be said about what it guards.
    mutating func draw(_ sheet: BreakerSheet, with lines: [Line] = [], in area: Rect) {
        let labels = BoxLabels(
            title: sheet.name, note: "generation \(sheet.breaker.generation)",
            footer: sheet.canBeHeld ? Self.heldStates(sheet.breaker.state, glyphs.marks) : "")
        var inside = grid.box(
            area, labels, glyphs: glyphs, style: style(.border), titleStyle: style(.title)
        ).inset(horizontal: 1)
        if inside.height >= Self.drawnSheet, inside.width >= Self.machineWidth {
            drawMachine(
                sheet.breaker.state, BreakerArrows(sheet.breaker.settings, ownRule: sheet.ownRule),
                in: inside.takeTop(Self.machineHeight))
            if inside.height >= Self.drawnSheet { _ = inside.takeTop(1) }
        } else {
            drawMachineLine(sheet.breaker.state, in: inside.takeTop(1))
        }
        let rest = [.empty] + sheet.totals + [.empty] + sheet.transitions(atMost: area.height)
        draw(sheet.facts(width: inside.width) + lines + rest, in: inside)
    }

    /// With fewer lines the states are not drawn but named.
    private static let drawnSheet = 12

    /// All breakers of one guard, a sign each, and those that are not closed by name.
    mutating func drawBreakers(of place: GuardPlace, _ scene: Scene, in area: Rect) {
        let states = scene.world.breakerStates(of: place)
        let labels = BoxLabels(
            title: "all breakers of \(scene.plan.edgeName(of: place))", note: CircuitBreaker.State.counts(states))
        let inside = grid.box(
            area, labels, glyphs: glyphs, style: style(.border), titleStyle: style(.title)
        ).inset(horizontal: 1)
        draw(BreakerMap.lines(of: place, scene, width: inside.width, glyphs), in: inside)
    }
}
