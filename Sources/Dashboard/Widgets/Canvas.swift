internal import Screen

/// A grid to draw on, and how things look there.
struct Canvas {
    var grid: Grid
    let look: Look
}

/// What the signs and the colours are: all that depends on the terminal.
struct Look: Hashable, Sendable {
    /// A style for each role.
    var palette: Palette
    /// The signs to draw with.
    var glyphs: Glyphs

    init(palette: Palette, glyphs: Glyphs) {
        self.palette = palette
        self.glyphs = glyphs
        // Most bars here fill up while one looks on: how much is missing must be seen too.
        self.glyphs.barTrack = glyphs.marks.dot
    }
}

extension Canvas {
    var glyphs: Glyphs { look.glyphs }

    func style(_ role: Role) -> Style { look.palette[role] }

    /// Writes a text into the first line of an area.
    mutating func write(_ text: String, _ role: Role, in area: Rect, aligned alignment: Alignment = .left) {
        grid.write(text, in: area, aligned: alignment, glyphs: look.glyphs, style: look.palette[role])
    }

    /// Draws a line into the first line of an area; what does not fit is cut off with an ellipsis.
    mutating func draw(_ line: Line, in area: Rect, aligned alignment: Alignment = .left) {
        guard !area.isEmpty else { return }
        let taken = line.columns
        let spare = max(0, area.width - taken)
        let isFilled = line.parts.contains { $0.isElastic }
        var rest = area.line(0)
        switch alignment {
        case .left: break
        case .center where !isFilled: _ = rest.takeLeft(spare / 2)
        case .right where !isFilled: _ = rest.takeLeft(spare)
        case .center, .right: break
        }
        for part in line.parts {
            guard !rest.isEmpty else { return }
            draw(part, in: &rest, elastic: spare)
        }
    }

    private mutating func draw(_ part: Line.Part, in rest: inout Rect, elastic: Int) {
        switch part {
        case .text(let text, let role):
            write(text, role, in: rest)
            _ = rest.takeLeft(text.columns)
        case .bar(let fraction, let columns, let role):
            grid.bar(
                fraction, in: rest.takeLeft(columns ?? elastic), glyphs: glyphs, style: style(role),
                trackStyle: style(.barTrack))
        case .gauge(let fraction, let mark, let columns, let role):
            let area = rest.takeLeft(columns)
            grid.bar(fraction, in: area, glyphs: glyphs, style: style(role), trackStyle: style(.barTrack))
            guard let mark, mark >= 0, !area.isEmpty else { return }
            let x = area.x + min(area.width - 1, Int(min(1, mark) * Double(area.width)))
            grid[x, area.y] = Cell(glyphs.box.vertical, style(.warning))
        case .trail(let signs, let columns):
            let area = rest.takeLeft(columns ?? elastic)
            let shown = signs.suffix(area.width)
            for (x, sign) in zip(area.right - shown.count..<area.right, shown) {
                grid[x, area.y] = Cell(sign.scalar, style(sign.role))
            }
        case .graph(let values, let columns, let top):
            grid.sparkline(
                values, in: rest.takeLeft(columns ?? elastic), top: top, glyphs: glyphs, style: style(.graph))
        }
    }

    /// Draws lines from the top of an area downwards, from the line at `offset` on.
    mutating func draw(_ lines: [Line], in area: Rect, from offset: Int = 0) {
        for (row, line) in lines.dropFirst(max(0, offset)).prefix(area.height).enumerated() {
            draw(line, in: area.line(row))
        }
    }

    /// Makes a line look selected, whatever is written there.
    mutating func select(_ area: Rect) {
        let selected = style(.selected)
        grid.restyle(area) { style in
            if selected.background != .default { style.background = selected.background }
            style.attributes.formUnion(selected.attributes)
        }
    }

    /// Makes an area look like a role all over: a bar across the screen.
    mutating func fill(_ area: Rect, _ role: Role) {
        grid.fill(area, style: style(role))
    }
}

extension Line.Part {
    fileprivate var isElastic: Bool {
        switch self {
        case .text, .gauge: false
        case .bar(_, let columns, _), .graph(_, let columns, _), .trail(_, let columns): columns == nil
        }
    }
}
