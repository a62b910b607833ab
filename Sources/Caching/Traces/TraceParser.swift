/// Reads a cache trace from bytes that come in pieces of any size, in memory that does not grow with the trace.
///
/// Only the distinct keys are remembered, a small entry each. Whoever has the bytes feeds them, takes out requests
/// after each piece until there are none, and does so once more at the end:
///
///     var parser = TraceParser(.text)
///     var batch = TraceBatch()
///     while let piece = nextPiece() {
///         parser.feed(piece)
///         while try parser.fill(&batch) { replay(batch) }
///     }
///     parser.finish()
///     while try parser.fill(&batch) { replay(batch) }
///
/// Which requests there are and what is wrong with them does not depend on how the bytes are cut into pieces, nor on
/// the batch's capacity.
public struct TraceParser: Sendable {
    /// How the trace is written.
    public let format: TraceFormat

    private var input = TraceInput()
    /// Where reading goes on.
    private var position = 0
    private var reader: TraceReader
    private var requests: RequestCollector
    /// Whether the first bytes have been looked at.
    private var isOpened = false
    private var failure: TraceError?

    /// A parser at the beginning of a trace.
    /// - Parameter keyLimit: the most distinct keys; one more is an error.
    public init(_ format: TraceFormat, keyLimit: UInt32 = .max) {
        self.format = format
        requests = RequestCollector(keyLimit: keyLimit)
        reader = TraceReader(format)
    }

    /// How many requests have been left out because their size is 0.
    public var skippedRequests: Int { requests.skipped }

    /// How many distinct keys there have been; they are numbered from 0 in order of first use.
    public var keyCount: UInt32 { requests.keys.count }

    /// Takes the trace's next bytes. What earlier ones hold is still there, so take it out first if memory matters.
    public mutating func feed(_ bytes: [UInt8]) {
        guard failure == nil else { return }
        input.feed(bytes, forgetting: position)
        position = 0
    }

    /// Says that all bytes have been fed: a last line may do without its line feed, half a record is an error.
    public mutating func finish() {
        input.isFinished = true
    }

    /// Puts the next requests into a batch, in place of what it holds.
    ///
    /// - Returns: whether there are any; if not, the batch is empty and the parser waits for more bytes or the end.
    /// - Throws: what is wrong with the trace, once all requests before it have been taken out; from then on always.
    public mutating func fill(_ batch: inout TraceBatch) throws(TraceError) -> Bool {
        batch.removeAll()
        if failure == nil {
            swap(&batch, &requests.batch)
            read()
            swap(&batch, &requests.batch)
        }
        if batch.isEmpty, let failure { throw failure }
        return !batch.isEmpty
    }

    private mutating func read() {
        do throws(TraceError.Problem) {
            guard try open() else { return }
            try reader.read(input, from: &position, into: &requests)
        } catch {
            fail(error)
        }
        do throws(TraceError.Problem) {
            try requests.flush()
        } catch {
            // It is about an earlier request than what the reader may have found.
            fail(error)
        }
    }

    private mutating func fail(_ problem: TraceError.Problem) {
        failure = TraceError(place: place(of: problem), problem: problem)
    }

    /// Looks at the first bytes of the trace; returns whether they are there.
    private mutating func open() throws(TraceError.Problem) -> Bool {
        guard !isOpened else { return true }
        guard input.isFinished || input.bytes.count >= Compression.longestMark else { return false }
        isOpened = true
        for compression in Compression.allCases where input.bytes.starts(with: compression.mark) {
            throw .compressed(compression)
        }
        let byteOrderMark: [UInt8] = [0xef, 0xbb, 0xbf]
        if reader.line != nil, input.bytes.starts(with: byteOrderMark) { position = byteOrderMark.count }
        return true
    }

    private func place(of problem: TraceError.Problem) -> TraceError.Place? {
        if case .compressed = problem { return nil }
        return reader.line.map { .line(requests.failedPlace ?? $0) }
            ?? .offset(input.earlier + (requests.failedPlace ?? position))
    }
}
