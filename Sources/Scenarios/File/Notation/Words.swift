import Timeline

/// The words of a value, read one after another.
struct Words {
    /// A word, and how many characters stand before it.
    struct Word {
        let text: Substring
        let offset: Int
    }

    private var rest: ArraySlice<Word>
    private let end: Int
    private let pattern: String

    /// The words of a text that should follow a pattern.
    init(_ text: String, as pattern: String) {
        var words: [Word] = []
        for word in text.split(whereSeparator: \.isWhitespace) {
            words.append(Word(text: word, offset: text.distance(from: text.startIndex, to: word.startIndex)))
        }
        rest = words[...]
        end = text.count
        self.pattern = pattern
    }

    /// The next word, without taking it.
    var next: Substring? { rest.first?.text }

    /// Takes the next word.
    mutating func word() throws(SyntaxProblem) -> Word {
        guard let word = rest.popFirst() else {
            throw SyntaxProblem(at: end, "something is missing here; write \(pattern)")
        }
        return word
    }

    /// Takes the next word if it is this one.
    mutating func takes(_ word: String) -> Bool {
        guard next.map({ $0 == word }) == true else { return false }
        rest.removeFirst()
        return true
    }

    /// Takes this word, or several words.
    mutating func literal(_ words: String) throws(SyntaxProblem) {
        for wanted in words.split(separator: " ") {
            let word = try word()
            guard word.text == wanted else { throw refusal(of: word) }
        }
    }

    /// Takes a value of one word.
    mutating func value<Form: Notation>(_ form: Form) throws(SyntaxProblem) -> Form.Value {
        let word = try word()
        do {
            return try form.read(String(word.text))
        } catch {
            throw SyntaxProblem(at: word.offset + error.offset, error.message)
        }
    }

    /// Checks that nothing is left.
    func finish() throws(SyntaxProblem) {
        if let word = rest.first {
            throw SyntaxProblem(at: word.offset, "\"\(word.text.clipped)\" is one word too many; write \(pattern)")
        }
    }

    /// A word that does not belong here.
    func refusal(of word: Word) -> SyntaxProblem {
        SyntaxProblem(at: word.offset, "\"\(word.text.clipped)\" is not what stands here; write \(pattern)")
    }
}
