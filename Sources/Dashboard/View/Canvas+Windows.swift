internal import Scenarios
internal import Screen

// What stands in front of the panes, and details beside them.

extension Canvas {
    /// A text to read, in a window in the middle.
    mutating func draw(_ reading: Dashboard.Reading, in area: Rect) {
        let widest = reading.lines.reduce(0) { max($0, $1.columns) }
        let window = area.centered(width: max(40, widest + 4), height: reading.lines.count + 2)
        let seen = min(reading.lines.count, reading.scroll + window.height - 2)
        let isWhole = reading.scroll == 0 && seen == reading.lines.count
        let position = isWhole ? "" : "\(reading.scroll + 1)-\(seen) of \(reading.lines.count)"
        let inside = drawWindow(window, BoxLabels(title: reading.title, note: position))
        draw(reading.lines, in: inside, from: reading.scroll)
    }

    /// The form of a fault.
    mutating func draw(_ form: InjectForm, in area: Rect) {
        let width = 76
        let command = form.command.wrapped(to: min(width, area.width) - 4)
        let window = area.centered(width: width, height: form.fields.count + command.count + 5)
        var rest = drawWindow(window, BoxLabels(title: "Break something", note: form.kind.shortMeaning))
        for field in form.fields {
            let isChosen = field == form.field
            let line = rest.takeTop(1)
            let pointer = isChosen ? "\(Character(glyphs.marks.leftArrow)) " : "  "
            let tail = isChosen ? " \(Character(glyphs.marks.rightArrow))" : ""
            draw(
                Line(
                    .text(field.name.padded(to: 12), isChosen ? .key : .faint), .text(pointer, .key),
                    .text(form.text(of: field), .text), .text(tail, .key)), in: line)
            if isChosen { select(line) }
        }
        _ = rest.takeTop(1)
        write("the same as a command:", .faint, in: rest.takeTop(1))
        for line in command { write(line, .caption, in: rest.takeTop(1)) }
        if let problem = form.problem {
            write(problem.message, .problem, in: rest.takeTop(1))
        } else {
            write("Enter breaks it, Esc leaves it, arrows choose, typing changes a value", .faint, in: rest.takeTop(1))
        }
    }

    /// Everything about one thing.
    mutating func drawDetail(_ detail: DetailText, in area: Rect, scroll: Int, isFocused: Bool) {
        let inside = grid.box(
            area, BoxLabels(title: detail.title), glyphs: glyphs, isHeavy: isFocused,
            style: style(isFocused ? .focusedBorder : .border), titleStyle: style(.title))
        draw(detail.lines, in: inside.inset(horizontal: 1), from: scroll)
    }

    /// The same in a low and wide area: what finds no room below goes on in a second column.
    mutating func drawDetailInColumns(_ detail: DetailText, in area: Rect) {
        let inside = grid.box(
            area, BoxLabels(title: detail.title), glyphs: glyphs, style: style(.border), titleStyle: style(.title)
        ).inset(horizontal: 1)
        guard detail.lines.count > inside.height else { return draw(detail.lines, in: inside) }
        let columns = inside.columns([.weight(1), .fixed(1), .weight(1)])
        let first = detail.linesOfFirstColumn(height: inside.height)
        draw(Array(detail.lines.prefix(first)), in: columns[0])
        draw(Array(detail.lines.dropFirst(first).drop { $0 == .empty }), in: columns[2])
    }

    /// A window over whatever is there; returns what is inside of it.
    mutating func drawWindow(_ area: Rect, _ labels: BoxLabels) -> Rect {
        grid.fill(area, style: style(.text))
        let inside = grid.box(
            area, labels, glyphs: glyphs, isHeavy: true, style: style(.focusedBorder), titleStyle: style(.title))
        return inside.inset(horizontal: 1)
    }
}

extension DetailText {
    /// How many lines stand in the first of two columns: it ends between two sections, if that leaves it half full.
    fileprivate func linesOfFirstColumn(height: Int) -> Int {
        lines.prefix(height + 1).lastIndex(of: .empty).flatMap { $0 > height / 2 ? $0 : nil } ?? height
    }
}

extension Rect {
    /// A rectangle in the middle of this one, no larger than it.
    func centered(width: Int, height: Int) -> Rect {
        let (width, height) = (min(width, self.width), min(height, self.height))
        return Rect(x: x + (self.width - width) / 2, y: y + (self.height - height) / 2, width: width, height: height)
    }
}
