internal import Screen

extension Canvas {
    /// All about one flow: how it stands, then its messages, the latest of them where there is no room for all, and below
    /// what else there is room for.
    mutating func draw(_ sheet: FlowSheet, in area: Rect) {
        let inside = grid.box(
            area, BoxLabels(title: sheet.title, note: "Enter: all of it, a: act"), glyphs: glyphs,
            style: style(.border), titleStyle: style(.title)
        ).inset(horizontal: 1)
        var rest = inside
        draw(sheet.head, in: rest.takeTop(sheet.head.count))
        draw(sheet.names, in: rest.takeTop(sheet.names.count))
        let room = max(0, rest.height)
        let messages = sheet.messages.suffix(room)
        draw(Array(messages), in: rest.takeTop(messages.count))
        let parts = rest.columns(
            rest.width >= Self.twoFlowColumns ? [.weight(1), .fixed(2), .weight(1)] : [.weight(1)])
        if parts.count > 1 {
            draw(sheet.tree, in: parts[0])
            draw(sheet.rules, in: parts[2])
        } else {
            draw(sheet.rules + sheet.tree, in: parts[0])
        }
    }

    /// With fewer columns than this, what is below the messages stands in one column.
    private static let twoFlowColumns = 100
}
