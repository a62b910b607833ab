/// Where a text stands in the line that it is given.
public enum Alignment: Hashable, Sendable {
    /// At the left end.
    case left
    /// In the middle, the odd column to its right.
    case center
    /// At the right end.
    case right
}

extension Grid {
    /// Writes a text from a position onwards, as far as the row goes, and returns the column after it.
    ///
    /// Nothing in a text reaches the terminal but what prints: control characters become `?` or a space, combining and
    /// invisible scalars are left out.
    @discardableResult
    public mutating func write(_ text: String, x: Int, y: Int, style: Style = .plain) -> Int {
        write(text, x: x, y: y, before: width, style: style)
    }

    /// Writes a text into the first line of an area; one that is too long ends in an ellipsis.
    public mutating func write(
        _ text: String, in area: Rect, aligned alignment: Alignment = .left, glyphs: Glyphs, style: Style = .plain
    ) {
        guard !area.isEmpty else { return }
        let shown = text.truncated(to: area.width, ellipsis: glyphs.ellipsis)
        let spare = area.width - shown.columns
        let indent =
            switch alignment {
            case .left: 0
            case .center: spare / 2
            case .right: spare
            }
        write(shown, x: area.x + indent, y: area.y, before: area.right, style: style)
    }

    @discardableResult
    private mutating func write(_ text: String, x: Int, y: Int, before end: Int, style: Style) -> Int {
        var x = x
        for scalar in text.unicodeScalars {
            let columns = scalar.columns
            if columns == 0 { continue }
            guard x <= end - columns else { break }
            self[x, y] = Cell(scalar, style)
            x += columns
        }
        return x
    }
}
