extension Grid {
    /// Fills an area with one narrow scalar.
    public mutating func fill(_ area: Rect, with scalar: Unicode.Scalar = " ", style: Style = .plain) {
        let area = area.intersection(bounds)
        for y in area.y..<area.bottom {
            for x in area.x..<area.right { self[x, y] = Cell(scalar, style) }
        }
    }

    /// Draws a box along the edge of an area and returns what is inside of it.
    ///
    /// A label too long for the border is cut short; a note that finds no room beside its title is left out.
    /// - Parameters:
    ///   - area: what the box encloses, border and all; nothing is drawn in less than 2x2 cells.
    ///   - labels: what is written in the border.
    ///   - glyphs: the signs to draw with.
    ///   - isHeavy: whether to use the lines that stand out.
    ///   - style: how the border looks.
    ///   - titleStyle: how the labels look.
    @discardableResult
    public mutating func box(
        _ area: Rect, _ labels: BoxLabels = BoxLabels(), glyphs: Glyphs, isHeavy: Bool = false,
        style: Style = .plain, titleStyle: Style = .plain
    ) -> Rect {
        guard area.width >= 2, area.height >= 2 else { return Rect(x: area.x, y: area.y, width: 0, height: 0) }
        border(area, isHeavy ? glyphs.heavyBox : glyphs.box, style: style)
        // Corner, line, space before a label; the same after it.
        let room = area.width - 6
        var titleArea = Rect(x: area.x + 3, y: area.y, width: room, height: 1)
        let isNoteShown = !labels.note.isEmpty && labels.title.columns + labels.note.columns + 3 <= room
        if isNoteShown {
            let noteArea = titleArea.takeRight(labels.note.columns)
            label(labels.note, in: noteArea, glyphs: glyphs, style: titleStyle)
        }
        label(labels.title, in: titleArea, glyphs: glyphs, style: titleStyle)
        let footerArea = Rect(x: area.x + 3, y: area.bottom - 1, width: room, height: 1)
        label(labels.footer, in: footerArea, glyphs: glyphs, style: titleStyle)
        return area.inset(by: 1)
    }

    private mutating func border(_ area: Rect, _ lines: Glyphs.BoxLines, style: Style) {
        let (last, lowest) = (area.right - 1, area.bottom - 1)
        for y in [area.y, lowest] {
            fill(Rect(x: area.x, y: y, width: area.width, height: 1), with: lines.horizontal, style: style)
        }
        for x in [area.x, last] {
            fill(Rect(x: x, y: area.y, width: 1, height: area.height), with: lines.vertical, style: style)
        }
        self[area.x, area.y] = Cell(lines.topLeft, style)
        self[last, area.y] = Cell(lines.topRight, style)
        self[area.x, lowest] = Cell(lines.bottomLeft, style)
        self[last, lowest] = Cell(lines.bottomRight, style)
    }

    private mutating func label(_ text: String, in area: Rect, glyphs: Glyphs, style: Style) {
        guard !text.isEmpty, !area.isEmpty else { return }
        let shown = " " + text.truncated(to: area.width, ellipsis: glyphs.ellipsis) + " "
        write(shown, x: area.x - 1, y: area.y, style: style)
    }
}

/// What is written in the border of a box.
public struct BoxLabels: Hashable, Sendable {
    /// At the left of the upper border.
    public var title: String
    /// At the right of the upper border.
    public var note: String
    /// At the left of the lower border.
    public var footer: String

    /// Labels; an empty text leaves the border as it is.
    public init(title: String = "", note: String = "", footer: String = "") {
        self.title = title
        self.note = note
        self.footer = footer
    }
}
