internal import Screen

extension Canvas {
    /// The menu of what an operator can do with sagas, with what each would do, or why it cannot be done.
    mutating func draw(_ menu: SagaMenu, _ scene: Scene, in area: Rect) {
        let rows = menu.rows(scene)
        let chosen = rows.firstIndex { $0.act == menu.act } ?? 0
        let width = min(110, area.width)
        let text = rows.isEmpty ? "it is over and no longer kept" : sentence(rows[chosen])
        let explanation = text.wrapped(to: width - 4)
        var rest = drawWindow(
            area.centered(width: width, height: rows.count + explanation.count + 4),
            BoxLabels(title: menu.title, note: "Enter: choose, Esc: leave"))
        let shown = max(1, rest.height - explanation.count - 1)
        let first = max(0, min(chosen - shown / 2, rows.count - shown))
        let titles = rows.reduce(12) { max($0, $1.title.columns) }
        for (place, row) in rows.enumerated().dropFirst(first).prefix(shown) {
            let line = rest.takeTop(1)
            let marks = glyphs.marks
            let sign = place == chosen ? marks.pointer : row.refusal == nil ? marks.bullet : marks.dot
            let words = row.refusal.map { "not now: \($0)" } ?? row.effect
            draw(
                Line(
                    .text("\(Character(sign)) ", .key),
                    .text(row.title.padded(to: titles + 2), row.refusal == nil ? row.role : .idle),
                    .text(words, row.refusal == nil ? .text : .faint)),
                in: line)
            if place == chosen { select(line) }
        }
        _ = rest.takeTop(1)
        for line in explanation { write(line, .caption, in: rest.takeTop(1)) }
    }

    private func sentence(_ row: SagaMenu.Row) -> String {
        row.refusal.map { "\(row.title) is not possible now: \($0)." } ?? "\(row.title): \(row.effect)."
    }
}

extension SagaMenu.Row {
    fileprivate var role: Role { act == .kill ? .bad : act == .cancel ? .undo : .text }
}
