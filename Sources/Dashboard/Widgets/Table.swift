internal import Screen

/// Rows under headings, of which columns are left out where there is no room.
struct Table: Sendable {
    var columns: [Column]
    var rows: [Row]
    /// What is said where there are no rows.
    var ifEmpty = ""
    /// What stands below the rows and cannot be selected.
    var remarks: [Line] = []
    /// How many rows there would be before the first, where not all are written out.
    var before = 0
    /// How many rows there would be altogether; nil if all of them are there.
    var total: Int?

    /// What stands in a column, and how wide it is.
    struct Column: Sendable {
        var heading: String
        /// Its least width.
        var width: Int
        var alignment = Alignment.left
        /// Columns of the highest rank are the first to go; those of rank 0 stay.
        var rank = 0
        /// Its share of what is left over.
        var weight = 0
        /// No wider than this.
        var widest = Int.max
    }

    /// One thing in a table.
    struct Row: Sendable {
        /// What it is about; nil if it cannot be selected.
        var item: Item?
        /// One cell for each column.
        var cells: [Line]
        /// Further lines, across all columns.
        var below: [Line] = []
        /// What stands across all columns in place of the cells.
        var span: Line?

        var height: Int { 1 + below.count }
    }
}

extension Table {
    /// The items that can be selected, in order.
    var items: [Item] { rows.compactMap(\.item) }

    /// The width of each column in so much room, 0 for one that is left out.
    func widths(in room: Int) -> [Int] {
        var shown = Array(columns.indices)
        func taken() -> Int { shown.reduce(shown.count - 1) { $0 + columns[$1].width } }
        while taken() > room,
            let next = shown.filter({ columns[$0].rank > 0 }).max(by: { rank($0) < rank($1) })
        {
            shown.removeAll { $0 == next }
        }
        var widths = columns.indices.map { shown.contains($0) ? columns[$0].width : 0 }
        var left = room - taken()
        while left > 0 {
            let growing = shown.filter { columns[$0].weight > 0 && widths[$0] < columns[$0].widest }
            let weights = growing.reduce(0) { $0 + columns[$1].weight }
            guard weights > 0 else { break }
            let unit = left / weights
            guard unit > 0 else {
                let lucky = growing.prefix(left)
                for column in lucky { widths[column] += 1 }
                left -= lucky.count
                continue
            }
            for column in growing {
                let more = min(unit * columns[column].weight, columns[column].widest - widths[column])
                widths[column] += more
                left -= more
            }
        }
        return widths
    }

    /// Of equal rank, the one further to the right goes first.
    private func rank(_ column: Int) -> (Int, Int) { (columns[column].rank, column) }

    /// The first row to show, so that the selected one is in the middle as far as the ends allow.
    func firstRow(selected: Int?, height: Int) -> Int {
        guard let selected, selected < rows.count else { return 0 }
        var last = rows.count
        var room = height
        while last > 0, rows[last - 1].height <= room {
            last -= 1
            room -= rows[last].height
        }
        var first = selected
        var above = (height - rows[selected].height) / 2
        while first > 0, rows[first - 1].height <= above {
            first -= 1
            above -= rows[first].height
        }
        return min(first, last)
    }
}

extension Canvas {
    /// Draws a table; returns which of its rows can be seen.
    @discardableResult
    mutating func draw(_ table: Table, selected: Item?, in area: Rect) -> Range<Int> {
        guard area.height > 0 else { return 0..<0 }
        var rest = area
        let widths = table.widths(in: area.width)
        if table.columns.contains(where: { !$0.heading.isEmpty }) {
            drawHeadings(of: table, widths, in: rest.takeTop(1))
        }
        guard !table.rows.isEmpty else {
            write(table.ifEmpty, .faint, in: rest.takeTop(1))
            draw(table.remarks, in: rest)
            return 0..<0
        }
        let position = selected.flatMap { item in table.rows.firstIndex { $0.item == item } }
        let first = table.firstRow(selected: position, height: rest.height)
        var next = first
        while next < table.rows.count, rest.height > 0 {
            let row = table.rows[next]
            let line = rest.takeTop(1)
            draw(row, of: table, widths, in: line)
            draw(row.below, in: rest.takeTop(row.below.count))
            if next == position { select(line) }
            next += 1
        }
        draw(table.remarks, in: rest)
        return first..<next
    }

    private mutating func drawHeadings(of table: Table, _ widths: [Int], in area: Rect) {
        var rest = area
        for (column, width) in zip(table.columns, widths) where width > 0 {
            write(column.heading, .faint, in: rest.takeLeft(width), aligned: column.alignment)
            _ = rest.takeLeft(1)
        }
    }

    private mutating func draw(_ row: Table.Row, of table: Table, _ widths: [Int], in area: Rect) {
        if let span = row.span {
            draw(span, in: area)
            return
        }
        var rest = area
        for (index, width) in widths.enumerated() where width > 0 && index < row.cells.count {
            draw(row.cells[index], in: rest.takeLeft(width), aligned: table.columns[index].alignment)
            _ = rest.takeLeft(1)
        }
    }
}
