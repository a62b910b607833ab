public import Simulation
public import Timeline

/// What a scenario expects of its run: a predicate, and when it shall hold.
public struct Expectation: Hashable, Sendable {
    /// When.
    public let span: Span
    /// What.
    public let predicate: Predicate
    /// The line, as somebody wrote it.
    public let text: String

    /// When a predicate shall hold.
    public enum Span: Hashable, Sendable {
        /// `by T`: at some instant from the beginning to T.
        case by(Instant)
        /// `from A by B`: at some instant from A to B.
        case from(Instant, by: Instant)
        /// `during A..B`: at every instant from A to B.
        case during(Instant, Instant)
        /// `always`: at every instant of the run.
        case always
        /// `at T`: at that instant.
        case at(Instant)
        /// `at end`: when the load has stopped and the system has come to rest.
        case atEnd
    }

    /// Reads a line; nil if there is nothing in it but a comment.
    ///
    /// - Throws: the first problem, by the number of characters before it.
    public static func parse(_ line: Substring, plan: Plan) throws(SyntaxProblem) -> Expectation? {
        var parser = CommandParser(reader: try LineReader(line), names: Names(plan: plan))
        guard !parser.reader.isAtEnd else { return nil }
        let span = try parser.span()
        let predicate = try parser.predicate()
        try parser.reader.expectEnd()
        return Expectation(span: span, predicate: predicate, text: line.trimmed)
    }
}

extension Expectation: CustomStringConvertible {
    /// The expectation in its canonical text.
    public var description: String { "\(span) \(predicate)" }
}

extension Expectation.Span: CustomStringConvertible {
    /// When, as a line begins.
    public var description: String {
        switch self {
        case .by(let time): "by \(time.exactText)"
        case .from(let start, let end): "from \(start.exactText) by \(end.exactText)"
        case .during(let start, let end): "during \(start.exactText)..\(end.exactText)"
        case .always: "always"
        case .at(let time): "at \(time.exactText)"
        case .atEnd: "at end"
        }
    }

    /// How expectations begin, and what that means.
    static let table: [(syntax: String, meaning: String)] = [
        ("by T P", "P holds at some instant from the beginning to T"),
        ("from A by B P", "P holds at some instant from A to B"),
        ("during A..B P", "P holds at every instant from A to B"),
        ("always P", "P holds at every instant of the run, while it drains too"),
        ("at T P", "P holds at that instant, when everything due by then has happened"),
        ("at end P", "P holds when the load has stopped and the system has drained"),
    ]
}

extension CommandParser {
    /// Reads when something shall hold.
    mutating func span() throws(SyntaxProblem) -> Expectation.Span {
        guard let word = reader.take(), word.kind == .word else {
            throw SyntaxProblem(at: 0, "expected by, from, during, always, at or \"at end\"")
        }
        switch word.text {
        case "by": return .by(try reader.instant())
        case "always": return .always
        case "at": return reader.take(word: "end") ? .atEnd : .at(try reader.instant("a time or \"end\""))
        case "from":
            let start = try reader.instant()
            try reader.expect(word: "by")
            return .from(start, by: try end(after: start))
        case "during":
            let start = try reader.instant()
            try reader.expect(sign: "..")
            return .during(start, try end(after: start))
        default:
            let hint = Spelling.hint(for: word.text, among: ["by", "from", "during", "always", "at"])
            throw SyntaxProblem(at: word.offset, "no expectation begins with \"\(word.text)\"\(hint)")
        }
    }

    private mutating func end(after start: Instant) throws(SyntaxProblem) -> Instant {
        let offset = reader.offset
        let end = try reader.instant()
        guard end >= start else { throw SyntaxProblem(at: offset, "the end is before the beginning") }
        return end
    }
}
