/// Goes over the cells of one line of comma-separated values.
struct CSVCells {
    /// What stands between two commas, or within quotes there.
    struct Cell {
        var place: Range<Int>
        /// Whether there are quotes in it that are written twice.
        var hasDoubledQuotes = false
    }

    /// The number of the last cell, from 1; 0 before the first.
    private(set) var column = 0
    private var position: Int
    private let end: Int
    private var isAtEnd = false

    /// - Parameter line: where the line is; a carriage return at its end is not part of the last cell.
    init(line: Range<Int>, in bytes: Span<UInt8>) {
        position = line.lowerBound
        let hasReturn = !line.isEmpty && bytes[line.upperBound - 1] == UInt8(ascii: "\r")
        end = hasReturn ? line.upperBound - 1 : line.upperBound
    }

    /// Whether there is nothing in the line.
    var isEmpty: Bool { position == end }

    /// The next cell; nil at the end of the line.
    mutating func next(in bytes: Span<UInt8>) throws(TraceError.Problem) -> Cell? {
        guard !isAtEnd else { return nil }
        column += 1
        let isQuoted = position < end && bytes[position] == UInt8(ascii: "\"")
        let cell = isQuoted ? try quoted(in: bytes) : plain(in: bytes)
        isAtEnd = position == end
        position += 1
        return cell
    }

    /// Goes to the comma after a cell.
    private mutating func plain(in bytes: Span<UInt8>) -> Cell {
        let start = position
        while position < end, bytes[position] != UInt8(ascii: ",") { position += 1 }
        return Cell(place: start..<position)
    }

    /// Goes to the comma after a cell in quotes.
    private mutating func quoted(in bytes: Span<UInt8>) throws(TraceError.Problem) -> Cell {
        position += 1
        var cell = Cell(place: position..<position)
        while true {
            while position < end, bytes[position] != UInt8(ascii: "\"") { position += 1 }
            guard position < end else { throw .openQuote(column: column) }
            position += 1
            guard position < end, bytes[position] == UInt8(ascii: "\"") else { break }
            cell.hasDoubledQuotes = true
            position += 1
        }
        cell.place = cell.place.lowerBound..<position - 1
        guard position == end || bytes[position] == UInt8(ascii: ",") else { throw .textAfterQuote(column: column) }
        return cell
    }
}

extension CSVCells.Cell {
    /// Writes what the cell means, where each quote stands for itself, in place of what a text was.
    func unescape(in bytes: Span<UInt8>, into text: inout [UInt8]) {
        text.removeAll(keepingCapacity: true)
        var isSecond = false
        for place in place {
            isSecond = hasDoubledQuotes && !isSecond && bytes[place] == UInt8(ascii: "\"")
            if !isSecond { text.append(bytes[place]) }
        }
    }
}
