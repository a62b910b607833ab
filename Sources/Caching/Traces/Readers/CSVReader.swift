/// Reads comma-separated values.
struct CSVReader: Sendable {
    private(set) var lines = LineReader()

    private let key: TraceFormat.Column
    private let size: TraceFormat.Column?
    /// Nil until the header has been read, if there has to be one.
    private var columns: CSVColumns?
    /// Whether all lines so far were empty.
    private var isAtStart = true

    init(key: TraceFormat.Column, size: TraceFormat.Column?) {
        (self.key, self.size) = (key, size)
        columns = CSVColumns(key: key, size: size)
    }

    /// Reads until there is no room or no whole line is left.
    mutating func read(
        _ input: TraceInput, from position: inout Int, into requests: inout RequestCollector
    ) throws(TraceError.Problem) {
        let bytes = input.bytes.span
        // A key with quotes in it is rewritten here.
        var scratch: [UInt8] = []
        while requests.room > 0,
            let line = try lines.next(in: bytes, from: &position, isFinished: input.isFinished)
        {
            var cells = CSVCells(line: line, in: bytes)
            if cells.isEmpty { continue }
            guard let columns else {
                columns = try CSVColumns(key: key, size: size, header: &cells, in: bytes)
                isAtStart = false
                continue
            }
            let request = try CSVRequest(columns, of: &cells, in: bytes)
            let size = try request.size(in: bytes, maybeHeader: isAtStart)
            isAtStart = false
            if request.key.hasDoubledQuotes {
                request.key.unescape(in: bytes, into: &scratch)
                try requests.add(text: scratch.span, size: size, at: lines.number)
            } else {
                try requests.add(text: bytes.extracting(request.key.place), size: size, at: lines.number)
            }
        }
    }
}
