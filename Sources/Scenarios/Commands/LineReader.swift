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

    /// Reads a length of time.
    mutating func duration(_ expected: String) throws(SyntaxProblem) -> Duration {
        guard let next, next.kind == .word else { throw problem("\(expected), such as 10s") }
        guard let length = Duration(parsing: next.text) else {
            throw SyntaxProblem(at: next.offset, Self.durationProblem(next.text, expected))
        }
        position += 1
        return length
    }

    private static func durationProblem(_ text: String, _ expected: String) -> String {
        if text.allSatisfy({ $0.isNumber || $0 == "." }) { return "\(text) has no unit; write \(text)s or \(text)ms" }
        return "expected \(expected), such as 10s, not \"\(text)\""
    }

    /// Reads a length of time that is more than none.
    mutating func positiveDuration(_ expected: String) throws(SyntaxProblem) -> Duration {
        let start = offset
        let length = try duration(expected)
        guard length > .zero else { throw SyntaxProblem(at: start, "\(expected) must be more than 0s") }
        return length
    }

    /// Reads a moment, which is written as the time since the beginning.
    mutating func instant(_ expected: String = "a time") throws(SyntaxProblem) -> Instant {
        .after(try duration(expected))
    }

    /// Reads a share of more than 0% (or from 0%) to 100%.
    mutating func share(_ expected: String, orNone: Bool = false) throws(SyntaxProblem) -> Double {
        guard let next, next.kind == .word, let share = Decimals.share(parsing: next.text) else {
            if let next, Double(next.text) != nil {
                throw SyntaxProblem(at: next.offset, "\(next.text) has no unit; write \(next.text)%")
            }
            throw problem("\(expected), such as 20%")
        }
        guard orNone ? share >= 0 : share > 0, share <= 1 else {
            throw SyntaxProblem(
                at: next.offset, "\(expected) is out of range; allowed: \(orNone ? "0%" : "more than 0%") to 100%")
        }
        position += 1
        return share
    }

    /// The rest of the line as it is, without spaces around it or a comment behind it.
    mutating func rest() -> String? {
        guard let first = next, let last = tokens.last else { return nil }
        position = tokens.count
        let start = line.index(line.startIndex, offsetBy: first.offset)
        return String(line[start..<line.index(line.startIndex, offsetBy: last.end)])
    }
}
