/// A line of text that somebody is typing.
struct LineEditor: Hashable, Sendable {
    private(set) var text: String
    /// How many characters stand before the cursor.
    private(set) var cursor: Int

    init(_ text: String = "") {
        self.text = text
        cursor = text.count
    }

    /// No line gets longer.
    static let longest = 1_000

    /// Types a text at the cursor; a line break in it counts as a space.
    mutating func insert(_ more: String) {
        let room = max(0, Self.longest - text.count)
        let added = String(more.map { $0.isNewline ? " " : $0 }.prefix(room))
        text.insert(contentsOf: added, at: place(cursor))
        cursor = min(text.count, cursor + added.count)
    }

    /// Takes away the character before the cursor.
    mutating func eraseBack() {
        guard cursor > 0 else { return }
        cursor -= 1
        text.remove(at: place(cursor))
    }

    /// Takes away the character after the cursor.
    mutating func eraseForward() {
        if cursor < text.count { text.remove(at: place(cursor)) }
    }

    /// Moves the cursor, as far as the ends.
    mutating func move(to position: Int) {
        cursor = max(0, min(position, text.count))
    }

    /// What stands before the cursor.
    var head: String { String(text.prefix(cursor)) }

    private func place(_ offset: Int) -> String.Index {
        text.index(text.startIndex, offsetBy: offset, limitedBy: text.endIndex) ?? text.endIndex
    }
}
