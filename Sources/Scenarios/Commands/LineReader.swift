import Timeline

/// Reads a line of the command grammar token by token, and says where it is wrong.
struct LineReader {
    private let line: Substring
    private let tokens: [Token]
    private var position = 0

    init(_ line: Substring) throws(SyntaxProblem) {
        self.line = line
        tokens = try Token.tokens(of: line)
    }

    /// The token to be read next.
    var next: Token? { position < tokens.count ? tokens[position] : nil }

    /// The token after that.
    var afterNext: Token? { position + 1 < tokens.count ? tokens[position + 1] : nil }

    /// Whether all is read.
    var isAtEnd: Bool { next == nil }

    /// Where the next token stands, or the end of the line.
    var offset: Int { next?.offset ?? tokens.last?.end ?? 0 }

    /// How many tokens have been read, to ``rewind(to:)``.
    var mark: Int { position }

    /// Goes back to where it has been.
    mutating func rewind(to mark: Int) { position = mark }

    /// Reads a token.
    mutating func take() -> Token? {
        defer { position = min(position + 1, tokens.count) }
        return next
    }

    /// Reads this keyword if it comes next.
    mutating func take(word: String) -> Bool {
        guard next?.isWord(word) == true else { return false }
        position += 1
        return true
    }

    /// Reads this sign if it comes next.
    mutating func take(sign: String) -> Bool {
        guard next?.isSign(sign) == true else { return false }
        position += 1
        return true
    }

    /// A problem at the next token; `expected` is what should stand there.
    func problem(_ expected: String) -> SyntaxProblem {
        guard let next else { return SyntaxProblem(at: offset, "expected \(expected) at the end") }
        return SyntaxProblem(at: next.offset, "expected \(expected), not \"\(next.text)\"")
    }

    /// Reads this keyword, which must come next.
    mutating func expect(word: String) throws(SyntaxProblem) {
        guard take(word: word) else { throw problem("\"\(word)\"") }
    }

    /// Reads this sign, which must come next.
    mutating func expect(sign: String) throws(SyntaxProblem) {
        guard take(sign: sign) else { throw problem("\"\(sign)\"") }
    }

    /// Makes sure that nothing follows.
    func expectEnd() throws(SyntaxProblem) {
        guard let next else { return }
        throw SyntaxProblem(at: next.offset, "expected nothing more, not \"\(next.text)\"")
    }

    /// The tokens after the one with the sign that closes what the next one opens.
    var afterMatchingParenthesis: Token? {
        var depth = 0
        for index in position..<tokens.count {
            if tokens[index].isSign("(") { depth += 1 }
            if tokens[index].isSign(")") { depth -= 1 }
            if depth == 0 { return index + 1 < tokens.count ? tokens[index + 1] : nil }
        }
        return nil
    }
}

extension LineReader {
    /// Reads one word or quoted text.
    mutating func text(_ expected: String) throws(SyntaxProblem) -> Token {
        guard let next, next.kind != .sign else { throw problem(expected) }
        position += 1
        return next
    }

    /// Reads a text that must stand in quotes.
    mutating func quoted(_ expected: String) throws(SyntaxProblem) -> String {
        guard let next, next.kind == .quoted else { throw problem("\(expected) in quotes") }
        position += 1
        return next.text
    }

    /// Reads a name, which may be an edge's: `shop -> payment`.
    mutating func name(_ expected: String) throws(SyntaxProblem) -> (text: String, offset: Int) {
        let first = try text(expected)
        guard take(sign: "->") else { return (first.text, first.offset) }
        let second = try text("the name of a service")
        return ("\(first.text) -> \(second.text)", first.offset)
    }

    /// Reads a number with its unit, as settings are read; `expected` is what to say of anything else.
    private mutating func number<Form: Notation>(
        _ form: Form, _ expected: String
    ) throws(SyntaxProblem) -> Form.Value {
        guard let next, next.kind == .word, next.text.first?.isNumber == true else { throw problem(expected) }
        do {
            let value = try form.read(next.text)
            position += 1
            return value
        } catch {
            throw SyntaxProblem(at: next.offset + error.offset, error.message)
        }
    }

    /// Reads a length of time that is more than none.
    mutating func positiveDuration(_ expected: String) throws(SyntaxProblem) -> Duration {
        try number(TimeNotation.positive, "\(expected), such as 10s")
    }

    /// Reads a moment, which is written as the time since the beginning.
    mutating func instant(_ expected: String = "a time") throws(SyntaxProblem) -> Instant {
        .after(try number(TimeNotation.any, "\(expected), such as 10s"))
    }

    /// Reads an amount of memory, whose unit may be a word of its own.
    mutating func bytes(_ expected: String) throws(SyntaxProblem) -> Int {
        guard let next, next.kind == .word, next.text.first?.isNumber == true else {
            throw problem("\(expected), such as 20 MB")
        }
        let unit = afterNext.flatMap { $0.kind == .word && BytesNotation.isUnit($0.text) ? $0.text : nil }
        do {
            let value = try BytesNotation.positive.read(unit.map { "\(next.text) \($0)" } ?? next.text)
            position += unit == nil ? 1 : 2
            return value
        } catch {
            throw SyntaxProblem(at: next.offset + error.offset, error.message)
        }
    }

    /// Reads a share of more than 0% (or from 0%) to 100%.
    mutating func share(_ expected: String, orNone: Bool = false) throws(SyntaxProblem) -> Double {
        try number(ShareNotation(allowsZero: orNone), "\(expected), such as 20%")
    }

    /// Reads a count of at least one.
    mutating func count(_ expected: String) throws(SyntaxProblem) -> Int {
        try number(CountNotation(range: 1...1_000_000), "\(expected), such as 3")
    }

    /// A status of HTTP that says that something is wrong.
    mutating func status(_ expected: String) throws(SyntaxProblem) -> Int {
        try number(CountNotation(range: 400...599), "\(expected), such as 404")
    }

    /// The rest of the line as it is, without spaces around it or a comment behind it.
    mutating func rest() -> String? {
        guard let first = next, let last = tokens.last else { return nil }
        position = tokens.count
        let start = line.index(line.startIndex, offsetBy: first.offset)
        return String(line[start..<line.index(line.startIndex, offsetBy: last.end)])
    }
}
