/// Why bytes are no command, and where that shows.
public struct CommandDecodingError: Error, Hashable, Sendable {
    /// What is wrong with bytes that should be a command.
    public enum Problem: Hashable, Sendable {
        /// They are something else.
        case foreign
        /// A newer version wrote them; this one reads up to `known`.
        case newerVersion(UInt8, known: UInt8)
        /// No version ever wrote this one.
        case unknownVersion(UInt8)
        /// They end too early: so many more are needed.
        case truncated(missing: Int)
        /// So many bytes follow that do not belong to it.
        case trailing(Int)
        /// Their digest is not the one that they were written with.
        case damaged
        /// It has parts of which this version knows nothing.
        case unknownParts(UInt8)
        /// This part does not fit into what is left.
        case partTooLong(String)
        /// This part is not 1 to 250 bytes of UTF-8 without control characters.
        case badName(String)
        /// So many bytes are more than any payload may have.
        case tooLong(Int)
    }

    /// The byte at which it shows, counted from 0.
    public let position: Int
    /// What is wrong.
    public let problem: Problem

    /// A problem at a byte.
    public init(_ problem: Problem, at position: Int) {
        self.position = position
        self.problem = problem
    }
}

extension CommandDecodingError: CustomStringConvertible {
    /// One line: `byte 4: written by version 2, this one reads up to 1; update the reader`.
    public var description: String { "byte \(position): \(problem)" }
}

extension CommandDecodingError.Problem: CustomStringConvertible {
    /// In words.
    public var description: String {
        switch self {
        case .foreign: "not a command"
        case .newerVersion(let version, let known):
            "written by version \(version), this one reads up to \(known); update the reader"
        case .unknownVersion(let version): "there is no version \(version)"
        case .truncated(let missing): "cut off, \(missing) bytes are missing"
        case .trailing(let count): "\(count) bytes follow that do not belong to it"
        case .damaged: "the digest of all bytes before it is another one; they are damaged"
        case .unknownParts(let parts): "unknown parts 0x\(String(parts, radix: 16))"
        case .partTooLong(let part): "the \(part) does not fit into what is left"
        case .badName(let part):
            "the \(part) is not 1 to \(CommandEnvelope.nameLimit) bytes of UTF-8 without control characters"
        case .tooLong(let count): "\(count) bytes; a payload has at most \(CommandEnvelope.payloadLimit)"
        }
    }
}
