internal import Timeline

/// A flow's history as text: participants side by side, each with a line down from its name, and the messages between
/// them as arrows, the earliest on top.
///
/// ```
///       customer    payment      stock
///           │          │           │
/// 0s        ├─Ordered─▶│           │
/// 120ms     │          ├───Paid───▶│
/// ```
///
/// A word beside a message, and a broken line, say what is special about it; so nothing depends on colour, and whoever
/// paints the text may add colour by the mark of each line. Where the participants do not fit side by side, there is one
/// line of words for each message instead.
///
/// Every character counts as one column wide.
public struct SequenceDiagram: Hashable, Sendable {
    /// The lines from the top.
    public let lines: [Line]

    /// A line of text without trailing spaces, no longer than the width.
    public struct Line: Hashable, Sendable {
        /// The text.
        public let text: String
        /// The message that it belongs to, an index of ``FlowHistory/rows``; nil for the heading.
        public let row: Int?
        /// What is special about that message; nil for the heading.
        public let mark: FlowHistory.Mark?
    }

    /// The narrowest that a participant's column may be.
    static let leastPitch = 7

    /// Lays a history out.
    /// - Parameters:
    ///   - history: the history.
    ///   - width: how many columns there are; less than 1 counts as 1.
    ///   - signs: what lines are drawn with.
    public init(_ history: FlowHistory, width: Int, signs: Signs = .unicode) {
        let width = max(1, width)
        guard let canvas = SequenceCanvas(history, width: width, signs: signs) else {
            lines = Self.list(history, width: width, signs: signs)
            return
        }
        lines =
            canvas.heading.map { Line(text: $0, row: nil, mark: nil) }
            + history.rows.indices.flatMap { index in
                canvas.lines(of: history.rows[index]).map {
                    Line(text: $0, row: index, mark: history.rows[index].mark)
                }
            }
    }

    /// One line of words for each message.
    private static func list(_ history: FlowHistory, width: Int, signs: Signs) -> [Line] {
        history.rows.indices.map { index in
            let row = history.rows[index]
            let from = row.from.map { history.participants[$0] } ?? String(signs.unknown)
            let to = row.to.map { history.participants[$0] } ?? String(signs.nobody)
            let text = "\(from)\(signs.right)\(to) \(words(of: row))"
            return Line(text: String(signs.clip(text, to: width)), row: index, mark: row.mark)
        }
    }

    /// What stands beside an arrow.
    static func words(of row: FlowHistory.Row) -> String {
        row.mark.word.map { "\(row.label) (\($0))" } ?? row.label
    }
}

extension SequenceDiagram {
    /// What a diagram is drawn with; every sign takes one column.
    public struct Signs: Hashable, Sendable {
        /// The line below a participant's name.
        public var life: Character
        /// Where a message leaves to the right.
        public var branchRight: Character
        /// Where a message leaves to the left.
        public var branchLeft: Character
        /// The line of a message that was taken in.
        public var solid: Character
        /// The line of any other.
        public var broken: Character
        /// Where a message arrives from the left.
        public var right: Character
        /// Where a message arrives from the right.
        public var left: Character
        /// Where the line of a message to its own sender turns down.
        public var turnDown: Character
        /// Where it turns back.
        public var turnBack: Character
        /// Where a message got lost.
        public var lost: Character
        /// Where a message ends that nobody is known to have received.
        public var nobody: Character
        /// Where a message begins whose sender is not known.
        public var unknown: Character
        /// The end of a text that was cut short.
        public var ellipsis: Character

        /// Signs that every common monospaced font has.
        public static let unicode = Signs(
            life: "│", branchRight: "├", branchLeft: "┤", solid: "─", broken: "┄", right: "▶", left: "◀", turnDown: "┐",
            turnBack: "┘", lost: "✗", nobody: "○", unknown: "?", ellipsis: "…")

        /// Signs for a terminal that knows nothing but ASCII.
        public static let ascii = Signs(
            life: "|", branchRight: "+", branchLeft: "+", solid: "-", broken: ".", right: ">", left: "<", turnDown: "+",
            turnBack: "'", lost: "x", nobody: "o", unknown: "?", ellipsis: "~")

        /// The text in so many columns, with a sign at its end if it had to be cut; without line breaks.
        func clip(_ text: String, to width: Int) -> [Character] {
            let whole = text.map { $0.isNewline ? " " : $0 }
            guard whole.count > width else { return whole }
            return width < 1 ? [] : whole.prefix(width - 1) + [ellipsis]
        }
    }
}
