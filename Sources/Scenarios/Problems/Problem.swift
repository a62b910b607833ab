/// What is wrong at a place of a file, in one line for whoever wrote it.
public struct Problem: Error, Hashable, Sendable {
    /// The file, as it was named by the caller.
    public let file: String
    /// The line, from 1.
    public let line: Int
    /// The column, from 1.
    public let column: Int
    /// What is wrong, and what would be right.
    public let message: String

    /// A problem at a place.
    public init(file: String, line: Int, column: Int, _ message: String) {
        self.file = file
        self.line = line
        self.column = column
        self.message = message
    }
}

extension Problem: CustomStringConvertible {
    /// `checkout.yaml:12:5: unknown setting "worker"; did you mean "workers"?`
    public var description: String { "\(file):\(line):\(column): \(message)" }
}

extension Problem: Comparable {
    /// Whether the left problem stands first in the file.
    public static func < (left: Problem, right: Problem) -> Bool {
        (left.line, left.column, left.message) < (right.line, right.column, right.message)
    }
}

/// Everything that is wrong with a file, in its order.
public struct Problems: Error, Hashable, Sendable {
    /// The problems; never empty.
    public let all: [Problem]

    /// Sorts the problems by their place.
    public init(_ problems: [Problem]) {
        all = problems.sorted()
    }
}

/// What is wrong with one line of commands or expectations, by the column at which it is wrong.
public struct SyntaxProblem: Error, Hashable, Sendable {
    /// How many characters stand before the place.
    public let offset: Int
    /// What is wrong, and what would be right.
    public let message: String

    /// A problem of a line.
    public init(at offset: Int, _ message: String) {
        self.offset = offset
        self.message = message
    }
}
