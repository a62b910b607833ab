import Caching

/// What a parser makes of a trace.
struct TraceReading: Equatable {
    var keys: [UInt32] = []
    var sizes: [UInt32] = []
    var skipped = 0
    var keyCount: UInt32 = 0
    var error: TraceError?

    /// Reads a trace that comes in pieces of these lengths, over and over.
    /// - Parameter limit: how many requests are enough.
    init(
        _ bytes: [UInt8], _ format: TraceFormat, pieces: [Int] = [1 << 20], batch: Int = 1000, keyLimit: UInt32 = .max,
        limit: Int = 100_000
    ) {
        var parser = TraceParser(format, keyLimit: keyLimit)
        var batch = TraceBatch(capacity: batch)
        do throws(TraceError) {
            var start = 0
            var turn = 0
            while start < bytes.count, keys.count < limit {
                let end = min(bytes.count, start + pieces[turn % pieces.count])
                parser.feed(Array(bytes[start..<end]))
                try drain(&parser, &batch, limit)
                start = end
                turn += 1
            }
            parser.finish()
            try drain(&parser, &batch, limit)
        } catch {
            self.error = error
        }
        skipped = parser.skippedRequests
        keyCount = parser.keyCount
    }

    /// The same of text.
    init(_ text: String, _ format: TraceFormat) {
        self.init(Array(text.utf8), format)
    }

    private mutating func drain(
        _ parser: inout TraceParser, _ batch: inout TraceBatch, _ limit: Int
    ) throws(TraceError) {
        while keys.count < limit, try parser.fill(&batch) {
            keys += batch.keys
            sizes += batch.sizes
        }
    }
}

extension [UInt8] {
    /// A number as a record of a binary trace holds it.
    init<Number: FixedWidthInteger>(bigEndian number: Number) {
        self = Swift.withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }

    /// A record of libCacheSim's.
    init(oracleTime time: UInt32, key: UInt64, size: UInt32, next: Int64) {
        self = Swift.withUnsafeBytes(of: time.littleEndian) { Array($0) }
        self += Swift.withUnsafeBytes(of: key.littleEndian) { Array($0) }
        self += Swift.withUnsafeBytes(of: size.littleEndian) { Array($0) }
        self += Swift.withUnsafeBytes(of: next.littleEndian) { Array($0) }
    }
}
