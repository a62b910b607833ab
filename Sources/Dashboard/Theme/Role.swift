/// What something on the screen is, for a theme to say how that looks.
public enum Role: Int, CaseIterable, Sendable {
    /// Ordinary text.
    case text
    /// Text that matters less: headings of columns, units, what is over.
    case faint
    /// The title of a pane.
    case title
    /// The border of a pane.
    case border
    /// The border of the pane that has the focus.
    case focusedBorder
    /// The selected line: its background and attributes go over whatever is written there.
    case selected
    /// The line at the top.
    case header
    /// The line of keys at the bottom.
    case footer
    /// The name of a key.
    case key
    /// What the scenario says.
    case caption
    /// What the program says.
    case notice
    /// What is wrong with what somebody typed.
    case problem
    /// All is well; done.
    case good
    /// At work.
    case active
    /// Waiting, nearly full, slow.
    case warning
    /// Failed, open, down.
    case bad
    /// Taken back, or being taken back.
    case undo
    /// Nothing happens there.
    case idle
    /// The filled part of a bar.
    case bar
    /// The rest of a bar.
    case barTrack
    /// A graph over time.
    case graph
}

extension Role {
    /// The role's name in a theme file.
    public var name: String {
        switch self {
        case .text: "text"
        case .faint: "faint"
        case .title: "title"
        case .border: "border"
        case .focusedBorder: "border.focus"
        case .selected: "selected"
        case .header: "header"
        case .footer: "footer"
        case .key: "key"
        case .caption: "caption"
        case .notice: "notice"
        case .problem: "problem"
        case .good: "state.good"
        case .active: "state.active"
        case .warning: "state.warning"
        case .bad: "state.bad"
        case .undo: "state.undo"
        case .idle: "state.idle"
        case .bar: "bar"
        case .barTrack: "bar.track"
        case .graph: "graph"
        }
    }

    /// The role with this name.
    public init?(name: String) {
        guard let role = Role.allCases.first(where: { $0.name == name }) else { return nil }
        self = role
    }
}
