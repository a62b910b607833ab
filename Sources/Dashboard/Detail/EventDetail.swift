internal import Screen
internal import Simulation

extension DetailText {
    /// An event: what it says in full, and what led to it.
    static func event(_ id: EntryID, _ scene: Scene, _ glyphs: Glyphs) -> DetailText {
        let line = scene.events.last { $0.id == id }
        var lines: [Line] = []
        if let line {
            lines = [Line(line.text, line.what.role), .fact("first", "\(line.time)")]
            if line.count > 1 {
                lines.append(.fact("and more", "\(Figures.count(line.count)) in all until \(line.lastTime)"))
            }
        }
        let chain = scene.journal.heldChain(from: id, atMost: causesShown)
        lines += section("why")
        let forgotten = [Line("no longer held: w brings it back", .faint)]
        lines += chain.isEmpty ? forgotten : WhyText.lines(chain, scene, glyphs)
        return DetailText(title: "Event", lines: lines)
    }
}
