internal import Screen

/// Keys, what they do, where, and what is said about them: one line of the key table.
struct Binding: Sendable {
    let action: Action
    let keys: [Key]
    let scopes: [Scope]
    /// What the help says.
    let help: String
    /// What the footer says; nil if there is no room for it.
    let label: String?

    /// Keys that type a character, and then those that do not.
    init(
        _ action: Action, _ typed: String, _ named: Key..., in scopes: Scope..., label: String? = nil, help: String
    ) {
        self.action = action
        keys = named + typed.unicodeScalars.map { .character($0) }
        self.scopes = scopes
        self.help = help
        self.label = label
    }

    /// The keys as people read them: `Space`, `Up k`.
    var keyNames: String { keys.map(\.description).joined(separator: " ") }
}

extension Binding {
    /// What a key does in a scope.
    static func action(for key: Key, in scope: Scope) -> Action? {
        table.first { ($0.scopes.contains(scope) || $0.scopes.contains(.always)) && $0.keys.contains(key) }?.action
    }
}
