internal import Screen

// The sheets on the sixth screen: all about one saga, or one flow, as far as there is room.

extension Canvas {
    /// All about one saga: how it stands and its timeline across, and below them what else there is room for.
    mutating func draw(_ sheet: SagaSheet, in area: Rect) {
        drawSheet(
            sheet.title, across: sheet.head + sheet.chart, sheet.state, sheet.past, stacked: sheet.state + sheet.past,
            in: area)
    }

    /// All about one flow: how it stands, then its messages, the latest of them where there is no room for all, and below
    /// what else there is room for.
    mutating func draw(_ sheet: FlowSheet, in area: Rect) {
        let room = max(0, area.height - 2 - sheet.head.count - sheet.names.count)
        drawSheet(
            sheet.title, across: sheet.head + sheet.names + sheet.messages.suffix(room), sheet.tree, sheet.rules,
            stacked: sheet.rules + sheet.tree, in: area)
    }

    /// Lines across, and below them two columns, or where those do not fit, one.
    private mutating func drawSheet(
        _ title: String, across: [Line], _ left: [Line], _ right: [Line], stacked: [Line], in area: Rect
    ) {
        var rest = grid.box(
            area, BoxLabels(title: title, note: "Enter: all of it, a: act"), glyphs: glyphs, style: style(.border),
            titleStyle: style(.title)
        ).inset(horizontal: 1)
        draw(across, in: rest.takeTop(across.count))
        guard rest.width >= Self.twoColumns else { return draw(stacked, in: rest) }
        let parts = rest.columns([.weight(1), .fixed(2), .weight(1)])
        draw(left, in: parts[0])
        draw(right, in: parts[2])
    }

    private static let twoColumns = 100
}
