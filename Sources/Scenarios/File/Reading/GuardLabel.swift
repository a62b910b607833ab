/// What a guard is called on its edge: its kind, and a suffix if there are several: `timeout 2`.
struct GuardLabel: Hashable, Sendable {
    let kind: GuardKind
    /// The label as settings stand under it.
    let text: String

    /// The label that a text is, if it begins with a kind.
    init?(_ text: String) {
        let words = text.split(whereSeparator: { $0 == " " || $0 == "-" })
        guard (1...2).contains(words.count), let kind = GuardKind(rawValue: String(words[0])) else { return nil }
        self.kind = kind
        self.text = words.joined(separator: " ")
    }
}
