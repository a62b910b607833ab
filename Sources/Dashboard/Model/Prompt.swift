internal import Scenarios

/// The line at the bottom into which a command or a filter is typed.
struct Prompt: Hashable, Sendable {
    /// What the line is for.
    enum Purpose: Hashable, Sendable {
        case command
        case filter

        /// What stands before the line.
        var sign: String {
            switch self {
            case .command: ":"
            case .filter: "/"
            }
        }
    }

    let purpose: Purpose
    var editor: LineEditor
    /// What was wrong with the line when it was last tried, and where.
    var problem: SyntaxProblem?
    /// What the line could go on with.
    var completions: [String] = []
    /// How far back in the earlier lines it is; nil for a new line.
    private var past: Int?

    init(_ purpose: Purpose, _ text: String = "") {
        self.purpose = purpose
        editor = LineEditor(text)
    }

    /// Changes the line; what was said about it before holds no more.
    mutating func edit(_ change: (inout LineEditor) -> Void) {
        change(&editor)
        problem = nil
        completions = []
    }

    /// Goes to the line before, or after, among earlier ones.
    mutating func recall(_ step: Int, from history: [String]) {
        let place = (past ?? history.count) + step
        guard place >= 0, place <= history.count else { return }
        past = place < history.count ? place : nil
        edit { $0 = LineEditor(place < history.count ? history[place] : "") }
    }

    /// Completes the word before the cursor as far as all that it could become agree.
    mutating func complete(among candidates: [String]) {
        let word = editor.head.split(separator: " ", omittingEmptySubsequences: false).last.map(String.init) ?? ""
        let fitting = candidates.filter { $0.hasPrefix(word) }
        guard let first = fitting.first else {
            completions = candidates
            return
        }
        let common = fitting.dropFirst().reduce(first) { $0.commonPrefix(with: $1) }
        let ending = fitting.count == 1 ? " " : ""
        editor.insert(String(common.dropFirst(word.count)) + ending)
        problem = nil
        completions = fitting.count > 1 ? fitting : []
    }
}

extension String {
    fileprivate func commonPrefix(with other: String) -> String {
        String(zip(self, other).prefix { $0 == $1 }.map(\.0))
    }
}
