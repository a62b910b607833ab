internal import Scenarios

/// The line at the bottom into which a command or a filter is typed.
struct Prompt: Hashable, Sendable {
    /// What the line is for.
    enum Purpose: Hashable, Sendable {
        case command
        case filter
        /// The name under which a view of a list is kept.
        case viewName
        /// A key of a cache.
        case cacheKey(overDetail: Bool)

        /// What stands before the line.
        var sign: String {
            switch self {
            case .command: ":"
            case .filter: "/"
            case .viewName: "keep this view as: "
            case .cacheKey: "key: "
            }
        }
    }

    let purpose: Purpose
    var editor: LineEditor
    /// What was wrong with the line when it was last tried, and where.
    var problem: SyntaxProblem?
    /// What the line could go on with.
    var completions: [String] = []
    /// What is asked, if the line was written for somebody to say yes to.
    var question = ""
    /// The part of the line that the question is about: what is written behind it does not change the answer.
    var asksAbout = ""
    /// The sagas to which the command of the line is given, if it is one for many, by their requests.
    var batch: [UInt64] = []
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
        if asksAbout.isEmpty || !editor.text.hasPrefix(asksAbout) { (question, batch) = ("", []) }
    }

    /// Goes to the line before, or after, among earlier ones.
    mutating func recall(_ step: Int, from history: [String]) {
        let place = (past ?? history.count) + step
        guard place >= 0, place <= history.count else { return }
        past = place < history.count ? place : nil
        edit { $0 = LineEditor(place < history.count ? history[place] : "") }
    }

    /// Goes on from the cursor as far as all the lines agree that it could become.
    mutating func complete(to lines: [String]) {
        guard let first = lines.first else { return }
        let common = lines.dropFirst().reduce(first) { $0.commonPrefix(with: $1) }
        let ending = lines.count == 1 && common.last != "(" ? " " : ""
        editor.insert(String(common.dropFirst(editor.head.count)) + ending)
        problem = nil
        // Only the words that are still open, not all that stands before them.
        let shared = common.lastIndex(of: " ").map { common.distance(from: common.startIndex, to: $0) + 1 } ?? 0
        completions = lines.count > 1 ? lines.map { String($0.dropFirst(shared)) } : []
    }
}

extension String {
    fileprivate func commonPrefix(with other: String) -> String {
        String(zip(self, other).prefix { $0 == $1 }.map(\.0))
    }
}
