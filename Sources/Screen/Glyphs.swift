/// The signs that things are drawn with, so that a terminal without Unicode gets the same picture in ASCII.
///
/// Every sign takes one column.
public struct Glyphs: Hashable, Sendable {
    /// Lines of an ordinary box.
    public var box: BoxLines
    /// Lines of a box that stands out, as the one that has the focus.
    public var heavyBox: BoxLines
    /// Fillings of one cell of a bar, from the faintest to full.
    public var bar: [Unicode.Scalar]
    /// An empty cell of a bar.
    public var barTrack: Unicode.Scalar
    /// Heights of one cell of a sparkline, from lowest to full.
    public var spark: [Unicode.Scalar]
    /// Signs for the states of things.
    public var marks: Marks
    /// Ends a text that was cut short.
    public var ellipsis: Unicode.Scalar
    /// A stretch of a chart that hardly counts.
    public var lightShade: Unicode.Scalar
    /// A stretch of a chart that stands out from both others.
    public var mediumShade: Unicode.Scalar
    /// A stretch of a chart that counts.
    public var solidShade: Unicode.Scalar

    /// The lines and corners of a box.
    public struct BoxLines: Hashable, Sendable {
        /// Level line.
        public var horizontal: Unicode.Scalar
        /// Upright line.
        public var vertical: Unicode.Scalar
        /// Corner.
        public var topLeft: Unicode.Scalar
        /// Corner.
        public var topRight: Unicode.Scalar
        /// Corner.
        public var bottomLeft: Unicode.Scalar
        /// Corner.
        public var bottomRight: Unicode.Scalar
    }

    /// Signs for the states of things, to stand beside a word and a colour.
    public struct Marks: Hashable, Sendable {
        /// Done, passed, well.
        public var check: Unicode.Scalar
        /// Failed.
        public var cross: Unicode.Scalar
        /// Running.
        public var play: Unicode.Scalar
        /// Standing still.
        public var pause: Unicode.Scalar
        /// Not yet, nothing.
        public var dot: Unicode.Scalar
        /// On, present.
        public var bullet: Unicode.Scalar
        /// Off, absent.
        public var circle: Unicode.Scalar
        /// Waiting.
        public var waiting: Unicode.Scalar
        /// Undone, going back.
        public var undo: Unicode.Scalar
        /// Look here.
        public var warning: Unicode.Scalar
        /// The selected line.
        public var pointer: Unicode.Scalar
        /// To the left.
        public var leftArrow: Unicode.Scalar
        /// To the right.
        public var rightArrow: Unicode.Scalar
        /// Upwards, rising.
        public var upArrow: Unicode.Scalar
        /// Downwards, falling.
        public var downArrow: Unicode.Scalar
    }
}

extension Glyphs {
    /// Signs that every common monospaced font has; none of them is an emoji.
    public static let unicode = Glyphs(
        box: BoxLines(
            horizontal: "─", vertical: "│", topLeft: "┌", topRight: "┐", bottomLeft: "└", bottomRight: "┘"),
        heavyBox: BoxLines(
            horizontal: "═", vertical: "║", topLeft: "╔", topRight: "╗", bottomLeft: "╚", bottomRight: "╝"),
        bar: ["▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"], barTrack: " ",
        spark: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
        marks: Marks(
            check: "✓", cross: "✗", play: "▶", pause: "‖", dot: "·", bullet: "●", circle: "○", waiting: "◌", undo: "↺",
            warning: "▲", pointer: "▸", leftArrow: "←", rightArrow: "→", upArrow: "↑", downArrow: "↓"),
        ellipsis: "…", lightShade: "░", mediumShade: "▒", solidShade: "█")

    /// Signs for a terminal that knows nothing but ASCII.
    public static let ascii = Glyphs(
        box: BoxLines(
            horizontal: "-", vertical: "|", topLeft: "+", topRight: "+", bottomLeft: "+", bottomRight: "+"),
        heavyBox: BoxLines(
            horizontal: "=", vertical: "|", topLeft: "#", topRight: "#", bottomLeft: "#", bottomRight: "#"),
        bar: ["#"], barTrack: ".",
        spark: ["_", ".", ":", "-", "=", "+", "*", "#"],
        marks: Marks(
            check: "+", cross: "x", play: ">", pause: "=", dot: ".", bullet: "*", circle: "o", waiting: "~", undo: "<",
            warning: "!", pointer: ">", leftArrow: "<", rightArrow: ">", upArrow: "^", downArrow: "v"),
        ellipsis: "~", lightShade: ".", mediumShade: ":", solidShade: "#")
}
