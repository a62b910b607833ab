public import Simulation
public import Timeline

/// A line of a timeline: a command and its moment.
public struct TimedCommand: Hashable, Sendable {
    /// When.
    public let time: Instant
    /// What.
    public let command: Command
    /// The line, as somebody wrote it.
    public let text: String

    /// A command at a moment, in its canonical text.
    public init(at time: Instant, _ command: Command) {
        self.time = time
        self.command = command
        text = "at \(time.exactText) \(command)"
    }

    private init(at time: Instant, _ command: Command, text: String) {
        self.time = time
        self.command = command
        self.text = text
    }

    /// Reads a line `at TIME COMMAND`; nil if there is nothing in it but a comment.
    ///
    /// - Throws: the first problem, by the number of characters before it. Commands that move the clock, write
    ///   files or leave cannot stand in a timeline.
    public static func parse(_ line: Substring, plan: Plan) throws(SyntaxProblem) -> TimedCommand? {
        var parser = CommandParser(reader: try LineReader(line), names: Names(plan: plan))
        guard !parser.reader.isAtEnd else { return nil }
        guard parser.reader.take(word: "at") else { throw parser.reader.problem("\"at\", a time and a command") }
        let time = try parser.reader.instant()
        let offset = parser.reader.offset
        let (verb, command) = try parser.command()
        guard verb.isTimed else { throw SyntaxProblem(at: offset, "\(verb.rawValue) cannot stand in a timeline") }
        return TimedCommand(at: time, command, text: line.trimmed)
    }
}

extension Substring {
    /// The text without white space around it.
    var trimmed: String {
        var text = self
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
