/// A value, or a word for none: `250ms` or `none`.
struct OptionalNotation<Form: Notation>: Notation {
    private let form: Form
    private let word: String

    /// - Parameter word: what stands for none.
    init(_ form: Form, word: String = "none") {
        self.form = form
        self.word = word
    }

    var pattern: String { "\(form.pattern), or \(word)" }

    func read(_ text: String) throws(SyntaxProblem) -> Form.Value? {
        text == word ? nil : try form.read(text)
    }
}
