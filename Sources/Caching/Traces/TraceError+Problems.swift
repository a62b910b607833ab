extension TraceError.Problem: CustomStringConvertible {
    /// What was found, and what should be or what to do.
    public var description: String {
        switch self {
        case .compressed(let how):
            "the input is compressed with \(how); decompress it by a pipe: \(how) -dc FILE | sagascope trace -"
        case .longLine(let limit): "it is longer than \(limit) bytes; if the trace is binary, choose its format"
        case .missingColumn(let column, let count):
            "column \(column) is missing; the line has \(count == 1 ? "1 column" : "\(count) columns")"
        case .noNumber(let column, let found): "column \(column) holds \"\(found)\" where a number should be"
        case .headerAsData(let column, let found, let key):
            "column \(column) holds \"\(found)\" where a number should be; "
                + "if this line is a header, name the columns: csv:\(key),\(found)"
        case .outOfRange(let column, let found, let maximum):
            "column \(column) holds \(found) where a number from 0 to \(maximum) should be"
        case .keysBeyondLast(let column, let start, let count):
            "column \(column) asks for \(count) keys from \(start) on; the last possible key is \(UInt64.max)"
        case .openQuote(let column):
            "the quote in column \(column) is not closed; a line break within quotes cannot be read"
        case .textAfterQuote(let column):
            "column \(column) goes on after its closing quote; a quote within quotes is written twice"
        case .unknownColumn(let name, let header):
            "no column is named \"\(name)\"; the header's names are: \(header.joined(separator: ", "))"
        case .cutOff(let count, let width):
            "the input ends after \(count) of the \(width) bytes of a record; it is cut off, or in another format"
        case .tooManyKeys(let limit):
            "there are more than \(limit) distinct keys; cut the trace, or take a sample of its keys"
        }
    }
}
