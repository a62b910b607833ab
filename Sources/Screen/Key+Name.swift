extension Key: CustomStringConvertible {
    /// The key's name as a table of keys prints it: `x`, `Space`, `Ctrl-C`, `F1`, `PgUp`.
    public var description: String {
        switch self {
        case .character(" "): "Space"
        case .character(let scalar): String(Character(scalar))
        case .control(let scalar): "Ctrl-\(Character(scalar))"
        case .function(let number): "F\(number)"
        case .up: "Up"
        case .down: "Down"
        case .left: "Left"
        case .right: "Right"
        case .home: "Home"
        case .end: "End"
        case .pageUp: "PgUp"
        case .pageDown: "PgDn"
        case .tab: "Tab"
        case .backTab: "Shift-Tab"
        case .enter: "Enter"
        case .escape: "Esc"
        case .backspace: "Backspace"
        case .delete: "Delete"
        case .insert: "Insert"
        }
    }

    /// The key with this name; names of more than one character may be written in any case. Nil if there is none.
    public init?(name: String) {
        let scalars = Array(name.unicodeScalars)
        if scalars.count == 1 {
            guard scalars[0] != " ", scalars[0].columns > 0, scalars[0].printable == scalars[0] else { return nil }
            self = .character(scalars[0])
            return
        }
        let lowercased = name.lowercased()
        if let named = Self.named.first(where: { $0.description.lowercased() == lowercased }) {
            self = named
        } else if lowercased.hasPrefix("ctrl-"), scalars.count == 6, let key = Key(controlled: scalars[5]) {
            self = key
        } else if lowercased.hasPrefix("f"), let number = Int(lowercased.dropFirst()), (1...63).contains(number) {
            self = .function(number)
        } else {
            return nil
        }
    }

    /// The keys that have a name of their own.
    private static let named: [Key] = [
        .character(" "), .up, .down, .left, .right, .home, .end, .pageUp, .pageDown, .tab, .backTab, .enter, .escape,
        .backspace, .delete, .insert,
    ]
}
