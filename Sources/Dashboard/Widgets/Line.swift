internal import Screen

/// One line of the screen, or of one column of it: texts, bars and graphs side by side.
struct Line: Hashable, Sendable {
    /// What a line is made of.
    enum Part: Hashable, Sendable {
        /// Words.
        case text(String, Role)
        /// A bar; it takes these columns, or with nil what the rest leaves.
        case bar(Double, columns: Int?, Role)
        /// A bar with a mark at a value that matters, such as a limit; no mark with nil.
        case gauge(Double, mark: Double?, columns: Int, Role)
        /// Signs of which the newest, at the end, matter most: they stand at the right, as many as there is room for.
        case trail([Sign], columns: Int?)
        /// A graph of values, newest at the right; `top` is the value of a full column, nil for the largest shown.
        case graph([Double], columns: Int?, top: Double?)
    }

    /// One sign of a trail.
    struct Sign: Hashable, Sendable {
        var scalar: Unicode.Scalar
        var role: Role
    }

    var parts: [Part]

    init(_ parts: Part...) {
        self.parts = parts
    }

    init(parts: [Part]) {
        self.parts = parts
    }

    init(_ text: String, _ role: Role = .text) {
        parts = [.text(text, role)]
    }

    static let empty = Line(parts: [])

    static func + (left: Line, right: Line) -> Line {
        Line(parts: left.parts + right.parts)
    }

    static func += (left: inout Line, right: Line) {
        left.parts += right.parts
    }
}

extension Line {
    /// How many columns it takes, not counting parts that take what is left.
    var columns: Int {
        parts.reduce(0) { sum, part in
            switch part {
            case .text(let text, _): sum + text.columns
            case .bar(_, let columns, _), .graph(_, let columns, _), .trail(_, let columns): sum + (columns ?? 0)
            case .gauge(_, _, let columns, _): sum + columns
            }
        }
    }

    /// The words in it.
    var text: String {
        parts.reduce(into: "") { words, part in
            if case .text(let text, _) = part { words += text }
        }
    }

    /// Names and their values: the name faint, the value in a role.
    static func fact(_ name: String, _ value: String, _ role: Role = .text, width: Int = 14) -> Line {
        Line(.text(name.padded(to: width) + " ", .faint), .text(value, role))
    }
}

extension String {
    /// The text with spaces after it, up to so many columns.
    func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - columns))
    }

    /// The text in lines of at most so many columns, broken between words where that can be.
    func wrapped(to width: Int) -> [String] {
        var lines: [String] = [""]
        for word in split(separator: " ", omittingEmptySubsequences: false) {
            let longer = lines[lines.count - 1] + (lines[lines.count - 1].isEmpty ? "" : " ") + word
            if longer.columns <= width || lines[lines.count - 1].isEmpty {
                lines[lines.count - 1] = longer
            } else {
                lines.append("    " + word)
            }
        }
        return lines
    }

    /// The text with spaces before it, up to so many columns.
    func indented(to width: Int) -> String {
        String(repeating: " ", count: max(0, width - columns)) + self
    }
}
