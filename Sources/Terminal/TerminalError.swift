/// Why no picture can be painted here.
public enum TerminalError: Error, Hashable, Sendable {
    /// Standard input or output is a pipe or a file.
    case notATerminal
    /// `TERM` is unset, or names a terminal that the system's database does not have.
    case unknownTerminal
    /// The terminal can only write line after line.
    case tooDumb
    /// The program has the terminal open already.
    case alreadyOpen
}

extension TerminalError: CustomStringConvertible {
    /// What is wrong, in a few words for the person at the terminal.
    public var description: String {
        switch self {
        case .notATerminal: "standard input and output are not both a terminal"
        case .unknownTerminal: "TERM is unset or names an unknown terminal"
        case .tooDumb: "this terminal cannot move its cursor"
        case .alreadyOpen: "the terminal is open already"
        }
    }
}
