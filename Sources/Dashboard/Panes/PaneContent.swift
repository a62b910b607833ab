internal import Screen

/// What a pane shows, before anybody knows how much room there is.
struct PaneContent: Sendable {
    /// The numbers that sum it up.
    var note = ""
    /// What stands in the lower border.
    var footer = ""
    var table: Table
    /// What must not be overlooked, in place of the note.
    var alarm = ""
}

extension PaneContent {
    /// What a pane shows of a scene.
    static func of(_ pane: Pane, _ scene: Scene, _ choices: Choices) -> PaneContent {
        switch pane {
        case .sagas: sagas(scene, choices.glyphs)
        case .breakers: breakers(scene, choices.glyphs)
        case .services: services(scene, choices.glyphs)
        case .caches: caches(scene)
        case .events: events(scene, choices)
        case .requests: requests(scene, choices.glyphs)
        case .faults: faults(scene, choices.glyphs)
        }
    }

    /// A number that matters only when it is not zero.
    static func count(_ value: Int, _ role: Role) -> Line {
        value == 0 ? Line("0", .idle) : Line(Figures.short(Double(value)), role)
    }

    /// What the person at the screen has chosen that changes what panes show.
    struct Choices: Hashable, Sendable {
        var glyphs: Glyphs
        /// Only events with this in them are shown.
        var eventFilter = ""
        /// The events pane stands still at this entry.
        var eventsHeldAt: UInt64?
    }
}

extension Canvas {
    /// Draws a pane with its border.
    mutating func draw(_ content: PaneContent, of pane: Pane, in area: Rect, selected: Item?, isFocused: Bool) {
        let labels = BoxLabels(
            title: pane.title, note: content.alarm.isEmpty ? content.note : "", footer: content.footer)
        let inside = grid.box(
            area, labels, glyphs: glyphs, isHeavy: isFocused, style: style(isFocused ? .focusedBorder : .border),
            titleStyle: style(.title))
        if !content.alarm.isEmpty {
            let border = area.line(0).inset(horizontal: 2)
            write(" \(content.alarm) ", .bad, in: border, aligned: .right)
        }
        let seen = draw(content.table, selected: isFocused ? selected : nil, in: inside.inset(horizontal: 1))
        let all = content.table.rows.count
        if seen.count < all, all > 0 {
            markPosition(seen, of: all, on: area)
        }
    }

    /// Says in the lower border which rows can be seen.
    private mutating func markPosition(_ seen: Range<Int>, of all: Int, on area: Rect) {
        let text = " \(seen.lowerBound + 1)-\(seen.upperBound) of \(all) "
        let border = Rect(x: area.right - 2 - text.columns, y: area.bottom - 1, width: text.columns, height: 1)
        if border.x > area.x + 1 { write(text, .faint, in: border) }
    }
}
