internal import Screen

/// All keys, from the table that dispatches them, and what the signs mean.
enum HelpText {
    static func lines(_ glyphs: Glyphs) -> [Line] {
        sections.flatMap { keys(in: $0) + [.empty] } + signs(glyphs)
    }

    /// What is not said again: a detail knows the keys of the panes.
    private static let sections: [Scope] = [.panes, .always, .form, .prompt, .detail, .reading]

    private static func keys(in scope: Scope) -> [Line] {
        let bindings = Binding.table.filter { binding in
            binding.scopes.contains(scope) && (scope == .panes || !binding.scopes.contains(.panes))
        }
        return [Line(scope.title, .title)]
            + bindings.map { Line(.text("  " + $0.keyNames.padded(to: 18), .key), .text($0.help, .text)) }
    }

    private static func signs(_ glyphs: Glyphs) -> [Line] {
        let marks = glyphs.marks
        let steps: [(Unicode.Scalar, String)] = [
            (marks.dot, "not yet"), (marks.play, "called"), (marks.check, "done"), (marks.cross, "failed"),
            ("?", "perhaps done"), (marks.undo, "being undone"), (marks.circle, "undone"),
        ]
        let calls: [(Unicode.Scalar, String)] = [(marks.dot, "ok"), ("s", "slow"), (marks.cross, "failed")]
        let strip: [BreakerStrip.State] = [.closed, .open, .halfOpen, .held]
        let states = zip(strip, ["closed", "open", "half-open", "held by order"]).map { ($0.sign(glyphs).scalar, $1) }
        return [
            Line("Signs", .title), legend("steps of a saga", steps), legend("calls of a breaker", calls),
            legend("its last 60s", states),
            Line("  In caches, SHARE is of all lookups, HIT of those that came to the level."),
            Line("  In services and pools, WASTED are calls done for callers that had already gone."),
            Line("  In pools, FULL were turned away for want of room, EXPIRED waited too long, LEFT gave up;"),
            Line("  BUSY is the share of the workers' time. Of breakers, STALE results came after a change of state."),
            Line("  Of edges, tries a call are those of the last 10s: what retries and hedges make of the load."),
        ]
    }

    private static func legend(_ heading: String, _ signs: [(Unicode.Scalar, String)]) -> Line {
        let text = signs.map { "\(Character($0.0)) \($0.1)" }.joined(separator: "   ")
        return Line(.text("  " + heading.padded(to: 20), .faint), .text(text, .text))
    }
}
