/// Reads lines that each stand for a run of keys.
struct ARCReader: Sendable {
    private(set) var lines = LineReader()
    /// The key that is asked for next.
    private var next: UInt64 = 0
    /// How many keys of the line are left.
    private var left: UInt64 = 0

    /// Reads until there is no room or no whole line is left.
    mutating func read(
        _ input: TraceInput, from position: inout Int, into requests: inout RequestCollector
    ) throws(TraceError.Problem) {
        let bytes = input.bytes.span
        while requests.room > 0 {
            if left > 0 {
                try expand(into: &requests)
            } else if let line = try lines.next(in: bytes, from: &position, isFinished: input.isFinished) {
                try begin(bytes.extracting(line))
            } else {
                return
            }
        }
    }

    private mutating func expand(into requests: inout RequestCollector) throws(TraceError.Problem) {
        for _ in 0..<min(left, UInt64(requests.room)) {
            try requests.add(next, at: lines.number)
            // The last possible key has none after it.
            next &+= 1
            left -= 1
        }
    }

    private mutating func begin(_ line: Span<UInt8>) throws(TraceError.Problem) {
        var position = 0
        var columns = 0
        while columns < 4, let column = Self.column(of: line, from: &position) {
            columns += 1
            switch columns {
            case 1: next = try UInt64(column: 1, line.extracting(column))
            case 2: left = try UInt64(column: 2, line.extracting(column))
            default: break
            }
        }
        guard columns == 4 || columns == 0 else { throw .missingColumn(columns + 1, of: columns) }
        guard left == 0 || left - 1 <= .max - next else { throw .keysBeyondLast(column: 2, start: next, count: left) }
    }

    /// The next column of a line; nil at its end.
    private static func column(of line: Span<UInt8>, from position: inout Int) -> Range<Int>? {
        while position < line.count, line[position].isBlank { position += 1 }
        let start = position
        while position < line.count, !line[position].isBlank { position += 1 }
        return start < position ? start..<position : nil
    }
}
