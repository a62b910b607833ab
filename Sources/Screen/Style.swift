/// How a cell looks: its colours and attributes.
public struct Style: Hashable, Sendable {
    /// The colour of the text.
    public var foreground: Color
    /// The colour behind the text.
    public var background: Color
    /// Bold, dim, reverse, underline.
    public var attributes: Attributes

    /// A style; what is not given is the terminal's default.
    public init(
        _ foreground: Color = .default, on background: Color = .default, _ attributes: Attributes = []
    ) {
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
    }

    /// The terminal's own colours and no attributes.
    public static let plain = Style()

    /// The nearest style that a terminal of this depth can show.
    ///
    /// Among eight colours dark grey falls to black, which nobody could read on the usual dark background: it becomes
    /// dim text in the default colour instead.
    public func quantized(to depth: ColorDepth) -> Style {
        var nearest = Style(foreground.quantized(to: depth), on: background.quantized(to: depth), attributes)
        if depth == .ansi8, nearest.foreground == .black, foreground != .black, nearest.background == .default {
            nearest.foreground = .default
            nearest.attributes.insert(.dim)
        }
        return nearest
    }
}

extension Style {
    /// What can be done to text besides colouring it.
    public struct Attributes: OptionSet, Hashable, Sendable {
        /// One bit for each attribute.
        public let rawValue: UInt8

        /// The attributes whose bits are set.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// Heavier or brighter.
        public static let bold = Attributes(rawValue: 1)
        /// Fainter.
        public static let dim = Attributes(rawValue: 2)
        /// Foreground and background exchanged.
        public static let reverse = Attributes(rawValue: 4)
        /// A line under the text.
        public static let underline = Attributes(rawValue: 8)
    }
}

extension Style: CustomStringConvertible {
    /// For instance `plain`, `red bold` or `default on blue`.
    public var description: String {
        var words: [String] = []
        if foreground != .default || background != .default { words.append("\(foreground)") }
        if background != .default { words.append("on \(background)") }
        let names: [(Attributes, String)] = [
            (.bold, "bold"), (.dim, "dim"), (.reverse, "reverse"), (.underline, "underline"),
        ]
        words += names.filter { attributes.contains($0.0) }.map(\.1)
        return words.isEmpty ? "plain" : words.joined(separator: " ")
    }
}
