/// What is wrong with a trace, and where; its description is one line for whoever has the trace.
public struct TraceError: Error, Hashable, Sendable {
    /// Where something is wrong.
    public enum Place: Hashable, Sendable {
        /// In this line, from 1.
        case line(Int)
        /// In the record that starts after so many bytes.
        case offset(Int)
    }

    /// What is wrong. Columns are counted from 1; what was found is cut short and without control characters.
    public enum Problem: Error, Hashable, Sendable {
        /// The input has to be decompressed first.
        case compressed(Compression)
        /// The line is longer than so many bytes.
        case longLine(limit: Int)
        /// The line has too few columns for this one.
        case missingColumn(Int, of: Int)
        /// There is no number in this column.
        case noNumber(column: Int, found: String)
        /// There is no number in this column of the first line, which may be a header then.
        case headerAsData(column: Int, found: String, key: String)
        /// The number in this column is negative, or too large.
        case outOfRange(column: Int, found: String, maximum: UInt64)
        /// So many keys from this one on are more than there are.
        case keysBeyondLast(column: Int, start: UInt64, count: UInt64)
        /// The quote in this column has no end in the line.
        case openQuote(column: Int)
        /// Something other than a comma follows the closing quote in this column.
        case textAfterQuote(column: Int)
        /// The header has other names; if there are very many, these are the first.
        case unknownColumn(String, header: [String])
        /// The input ends within a record, after so many of its bytes.
        case cutOff(after: Int, of: Int)
        /// There are more distinct keys than can be numbered.
        case tooManyKeys(limit: UInt32)
    }

    /// Where; nil if it is about the input as a whole.
    public let place: Place?
    /// What.
    public let problem: Problem
}

extension TraceError: CustomStringConvertible {
    /// `line 17: column 3 holds "abc" where a number should be`.
    public var description: String { place.map { "\($0): \(problem)" } ?? "\(problem)" }
}

extension TraceError.Place: CustomStringConvertible {
    /// `line 17`, or `byte offset 16`.
    public var description: String {
        switch self {
        case .line(let number): "line \(number)"
        case .offset(let offset): "byte offset \(offset)"
        }
    }
}
