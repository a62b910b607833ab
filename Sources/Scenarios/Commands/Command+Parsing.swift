public import Simulation

extension Command {
    /// Reads a line; nil if there is nothing in it but a comment.
    ///
    /// - Throws: the first problem, by the number of characters before it.
    public static func parse(_ line: Substring, plan: Plan) throws(SyntaxProblem) -> Command? {
        var parser = CommandParser(reader: try LineReader(line), names: Names(plan: plan))
        guard !parser.reader.isAtEnd else { return nil }
        let (_, command) = try parser.command()
        return command
    }

    /// How many characters of a line stand before what its command is about, behind the verb and a `to`.
    static func argumentOffset(in line: Substring) -> Int {
        guard var reader = try? LineReader(line) else { return 0 }
        _ = reader.take()
        _ = reader.take(word: "to")
        return reader.offset
    }
}
