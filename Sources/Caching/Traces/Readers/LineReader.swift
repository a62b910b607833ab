/// Cuts text into lines, and counts them.
struct LineReader: Sendable {
    /// The most bytes of a line, so that a file without line breaks is not read into memory.
    static let longestLine = 65_536

    /// The number of the last line, from 1; 0 before the first.
    private(set) var number = 0
    /// How far the line that is still incomplete has been looked through.
    private var searched = 0

    /// The next line, without its line feed; nil if it is not there yet.
    mutating func next(
        in bytes: Span<UInt8>, from position: inout Int, isFinished: Bool
    ) throws(TraceError.Problem) -> Range<Int>? {
        let start = position
        let limit = min(bytes.count, start + Self.longestLine + 1)
        var end = start + searched
        while end < limit, bytes[end] != UInt8(ascii: "\n") { end += 1 }
        if end == limit {
            guard end - start <= Self.longestLine else {
                number += 1
                throw .longLine(limit: Self.longestLine)
            }
            guard isFinished, end > start else {
                searched = end - start
                return nil
            }
        }
        searched = 0
        number += 1
        position = min(end + 1, bytes.count)
        return start..<end
    }
}
