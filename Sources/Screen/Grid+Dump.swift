extension Grid {
    /// What is written in each row, without the blanks at its end.
    public var lines: [String] {
        (0..<height).map { y in
            var line = String.UnicodeScalarView()
            for cell in cells[y * width..<(y + 1) * width] where cell.extent != .continuation {
                line.append(cell.scalar)
            }
            while line.last == " " { line.removeLast() }
            return String(line)
        }
    }

    /// What is written, one line for each row, without the blanks at the ends of the rows.
    public var text: String { lines.joined(separator: "\n") }

    /// How the cells look: a letter for each style in place of the text, `.` for the plain one, and then a legend.
    ///
    /// Letters are given out in reading order, so that equal screens give equal texts.
    public var styleMap: String {
        let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".unicodeScalars)
        var styles: [Style] = []
        var rows: [String] = []
        for y in 0..<height {
            var row = String.UnicodeScalarView()
            for cell in cells[y * width..<(y + 1) * width] {
                row.append(letter(of: cell.style, from: letters, met: &styles))
            }
            while row.last == "." { row.removeLast() }
            rows.append(String(row))
        }
        return (rows + zip(letters, styles).map { "\($0) = \($1)" }).joined(separator: "\n")
    }

    private func letter(of style: Style, from letters: [Unicode.Scalar], met styles: inout [Style]) -> Unicode.Scalar {
        if style == .plain { return "." }
        let index = styles.firstIndex(of: style) ?? styles.endIndex
        if index == styles.endIndex { styles.append(style) }
        return index < letters.count ? letters[index] : "?"
    }
}
