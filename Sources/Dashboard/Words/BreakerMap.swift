internal import Resilience
internal import Screen
internal import Simulation
internal import Timeline

/// The breakers of one guard as a map, a sign each, and those that are not closed by name.
enum BreakerMap {
    private static let mostPerLine = 50
    private static let mostNamed = 100

    static func lines(of place: GuardPlace, _ scene: Scene, width: Int, _ glyphs: Glyphs) -> [Line] {
        let states = scene.world.breakerStates(of: place)
        let troubled = states.indices.filter { states[$0] != .closed }.prefix(mostNamed)
        let named = troubled.compactMap { part in
            line(of: BreakerPlace(edge: place.edge, stage: place.stage, part: part), scene, glyphs)
        }
        return map(states, width: width, glyphs) + [.empty]
            + (named.isEmpty ? [Line("all of them are closed", .good)] : named)
    }

    /// Lines of signs that begin with the number of their first.
    private static func map(_ states: [CircuitBreaker.State], width: Int, _ glyphs: Glyphs) -> [Line] {
        let perLine = max(10, min(mostPerLine, (width - 6) / 10 * 10))
        return stride(from: 0, to: states.count, by: perLine).map { first in
            let signs = states[first..<min(states.count, first + perLine)].map { state in
                let badge = state.badge(glyphs.marks)
                return Line.Sign(scalar: badge.sign, role: badge.role)
            }
            return Line(.text("\(first + 1)".indented(to: 4) + "  ", .faint), .trail(signs, columns: signs.count))
        }
    }

    private static func line(of place: BreakerPlace, _ scene: Scene, _ glyphs: Glyphs) -> Line? {
        guard let breaker = scene.world.breaker(at: place) else { return nil }
        let name = scene.plan.partName(of: place).padded(to: 20)
        let reason = breaker.lastTransition.map { "  \($0.text), \(Figures.ticking(scene.now - $0.at)) ago" } ?? ""
        let badge = breaker.badge(glyphs.marks)
        return Line(
            .text(name + " ", .text), .text("\(Character(badge.sign)) \(badge.word)".padded(to: 11), badge.role),
            .text(reason, .faint))
    }
}
