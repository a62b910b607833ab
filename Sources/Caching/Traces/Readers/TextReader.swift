/// Reads a key a line.
struct TextReader: Sendable {
    private(set) var lines = LineReader()

    /// Reads until there is no room or no whole line is left.
    mutating func read(
        _ input: TraceInput, from position: inout Int, into requests: inout RequestCollector
    ) throws(TraceError.Problem) {
        let bytes = input.bytes.span
        while requests.room > 0,
            let line = try lines.next(in: bytes, from: &position, isFinished: input.isFinished)
        {
            let key = line.trimmed(in: bytes)
            // LIRS traces have a line of * where a phase ends.
            if key.isEmpty || key.count == 1 && bytes[key.lowerBound] == UInt8(ascii: "*") { continue }
            try requests.add(text: bytes.extracting(key), at: lines.number)
        }
    }
}
