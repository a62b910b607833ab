internal import Screen

/// All keys, from the table that dispatches them, and what the signs mean.
enum HelpText {
    /// Lines of at most so many columns.
    static func lines(_ glyphs: Glyphs, width: Int) -> [Line] {
        sections.flatMap { keys(in: $0, width) + [.empty] } + signs(glyphs, width)
    }

    /// What is not said again: a detail knows the keys of the panes.
    private static let sections: [Scope] = [.panes, .always, .menu, .form, .prompt, .detail, .reading]

    /// How wide what stands before a text is.
    private static let headWidth = 20

    private static func keys(in scope: Scope, _ width: Int) -> [Line] {
        let bindings = Binding.table.filter { binding in
            binding.scopes.contains(scope) && (scope == .panes || !binding.scopes.contains(.panes))
        }
        return [Line(scope.title, .title)]
            + bindings.flatMap { entry($0.keyNames, .key, $0.help.wrapped(to: width - headWidth)) }
    }

    private static func signs(_ glyphs: Glyphs, _ width: Int) -> [Line] {
        let marks = glyphs.marks
        let steps: [(Unicode.Scalar, String)] = [
            (marks.dot, "not yet"), (marks.play, "called"), (marks.check, "done"), (marks.cross, "failed"),
            ("?", "perhaps done"), (marks.undo, "being undone"), (marks.circle, "undone"),
        ]
        let calls: [(Unicode.Scalar, String)] = [(marks.dot, "ok"), ("s", "slow"), (marks.cross, "failed")]
        let strip: [BreakerStrip.State] = [.closed, .open, .halfOpen, .held]
        let states = zip(strip, ["closed", "open", "half-open", "held by order"]).map { ($0.sign(glyphs).scalar, $1) }
        let bars: [(Unicode.Scalar, String)] = [
            (glyphs.lightShade, "in a queue"), (glyphs.solidShade, "called"), (glyphs.mediumShade, "undo called"),
            (glyphs.box.horizontal, "until the next try"), (glyphs.ellipsis, "left out"), ("T", "timed out"),
            (marks.bullet, "the pivot"),
        ]
        return [Line("Signs", .title)] + legend("steps of a saga", steps, width) + legend("its timeline", bars, width)
            + legend("calls of a breaker", calls, width) + legend("its last 60s", states, width)
            + notes.flatMap { $0.wrapped(to: width - 2).map { Line("  " + $0) } }
    }

    private static let notes = [
        "In caches, SHARE and OF ALL are of all lookups, HIT and OF ASKED of those that came to the level. EVICTED left for "
            + "want of room, EXPIRED since their lives were over, REMOVED by key or moved up, CLEARED all at once; FLOW is what comes "
            + "up from the level below and down from the one above.",
        "One LRU and the optimum, which knows the future (Belady), have the same lookups and as much room as all levels "
            + "together; they load in no time, and nothing ends there. A cache can be better that writes put values into.",
        "In services and pools, WASTED are calls done for callers that had already gone.",
        "In pools, FULL were turned away for want of room, EXPIRED waited too long, LEFT gave up; "
            + "BUSY is the share of the workers' time.",
        "Of replicas, balancers leave out those EJECTED as outliers, and those SICK by health checks.",
        "Of breakers, STALE results came after a change of state.",
        "In event stores, BEHIND are a leader's events that a node has not on disk; apart is a history of its own.",
        "Of projections, MISSING are events that it will never hear of, DEAD those that it has set aside.",
        "Of command buses, TWICE are commands that were known already, DEAD those that failed too often, and those of "
            + "their sequences that wait behind them.",
        "Of query buses, JOINED waited for an answer under way, STALE rows were behind what counts, DROPPED are kept "
            + "answers whose row has changed.",
        "Of gateways, STORED is the share that stored responses have answered, WRONG how most ended of those that ended "
            + "with 400 or more: 404 where no route takes it. ENDED are those that a stage has answered itself; what it "
            + "makes of a request stays =, is changed ~, added + or dropped -.",
        "Of backends, CHECKS is how the health checks see a replica, CALLS FEEL how those did that it was chosen for, "
            + "with what did not get to it. Below are its keys, a column for each slice of them: no column where it has none, "
            + "and the higher by a step for each doubling of the calls.",
        "Of edges, tries a call are those of the last 10s: what retries and hedges make of the load.",
    ]

    /// Signs with their meanings, as many in a line as there is room for.
    private static func legend(_ heading: String, _ signs: [(Unicode.Scalar, String)], _ width: Int) -> [Line] {
        let texts = signs.map { "\(Character($0.0)) \($0.1)" }
        let lines = texts.reduce(into: [String]()) { lines, text in
            if let last = lines.last, last.columns + 3 + text.columns <= width - headWidth {
                lines[lines.count - 1] = "\(last)   \(text)"
            } else {
                lines.append(text)
            }
        }
        return entry(heading, .faint, lines)
    }

    /// A text in lines, with what it is about before the first of them.
    private static func entry(_ head: String, _ role: Role, _ text: [String]) -> [Line] {
        text.enumerated().map { index, line in
            Line(.text("  " + (index == 0 ? head : "").padded(to: headWidth - 2), role), .text(line, .text))
        }
    }
}
