public import Screen

/// How everything on the screen looks, with stand-ins for terminals of few colours or none.
public struct Theme: Hashable, Sendable {
    /// What it is called.
    public var name: String
    /// What it says of its own.
    private(set) var looks: [Role: RoleLook]

    /// A theme; a role that it says nothing about looks as in ``plain``.
    public init(name: String, _ looks: [Role: RoleLook] = [:]) {
        self.name = name
        self.looks = looks
    }

    /// How a role looks.
    public subscript(role: Role) -> RoleLook {
        get { looks[role] ?? Theme.plainLooks[role] ?? RoleLook() }
        set { looks[role] = newValue }
    }

    /// The theme for a terminal of so many colours.
    public func palette(for depth: ColorDepth) -> Palette {
        Palette(Role.allCases.map { self[$0].style(at: depth) })
    }
}

/// How one role looks.
public struct RoleLook: Hashable, Sendable {
    /// The colour of the text.
    public var foreground: Shade
    /// The colour behind it.
    public var background: Shade
    /// Its attributes where there are colours.
    public var attributes: Style.Attributes
    /// Its attributes where there are none.
    public var monoAttributes: Style.Attributes

    /// A look; the attributes without colours are those with colours unless they are given.
    public init(
        _ foreground: Shade = Shade(.default), on background: Shade = Shade(.default),
        _ attributes: Style.Attributes = [], mono: Style.Attributes? = nil
    ) {
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
        monoAttributes = mono ?? attributes
    }

    /// The style on a terminal of so many colours.
    public func style(at depth: ColorDepth) -> Style {
        guard depth > .mono else { return Style(monoAttributes) }
        return Style(foreground.color(at: depth), on: background.color(at: depth), attributes).quantized(to: depth)
    }
}

/// A colour, with stand-ins for terminals that do not have it.
public struct Shade: Hashable, Sendable {
    /// The colour as it is meant.
    public var best: Color
    /// What stands for it among 256 colours; the nearest one if not given.
    public var among256: Color?
    /// What stands for it among 16 colours; the nearest one if not given.
    public var among16: Color?

    /// A colour and its stand-ins.
    public init(_ best: Color, among256: Color? = nil, among16: Color? = nil) {
        self.best = best
        self.among256 = among256
        self.among16 = among16
    }

    func color(at depth: ColorDepth) -> Color {
        switch depth {
        case .mono: .default
        case .ansi8, .ansi16: among16 ?? best
        case .indexed256: among256 ?? best
        }
    }
}

extension Style {
    fileprivate init(_ attributes: Attributes) {
        self.init(.default, on: .default, attributes)
    }
}

/// A theme made ready for one terminal: a style for each role.
public struct Palette: Hashable, Sendable {
    private let styles: [Style]

    fileprivate init(_ styles: [Style]) {
        self.styles = styles
    }

    /// How a role looks.
    public subscript(role: Role) -> Style { styles[role.rawValue] }
}
