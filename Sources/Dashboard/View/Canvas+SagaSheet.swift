internal import Screen

extension Canvas {
    /// All about one saga: how it stands and its timeline across, and below them what else there is room for.
    mutating func draw(_ sheet: SagaSheet, in area: Rect) {
        let inside = grid.box(
            area, BoxLabels(title: sheet.title, note: "Enter: all of it, a: act"), glyphs: glyphs,
            style: style(.border), titleStyle: style(.title)
        ).inset(horizontal: 1)
        var rest = inside
        for lines in [sheet.head, sheet.chart] { draw(lines, in: rest.takeTop(lines.count)) }
        let parts = rest.columns(
            rest.width >= Self.twoColumns ? [.weight(1), .fixed(2), .weight(1)] : [.weight(1)])
        if parts.count > 1 {
            draw(sheet.state, in: parts[0])
            draw(sheet.past, in: parts[2])
        } else {
            draw(sheet.state + sheet.past, in: parts[0])
        }
    }

    /// With fewer columns than this, what is below the timeline stands in one column.
    private static let twoColumns = 100
}
