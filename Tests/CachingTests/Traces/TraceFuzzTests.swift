import Caching
import Testing
import Timeline

@Suite("Damaged traces")
struct TraceFuzzTests {
    @Test("no bytes are a trap, and pieces and batches of any size give the same requests and the same error")
    func pieces() throws {
        for (word, format) in TraceFormatTests.words {
            for seed in 0..<120 as Range<UInt64> {
                var trace = RandomTrace(seed: seed, format: format)
                let bytes: [UInt8] = trace.bytes()
                let keyLimit: UInt32 = trace.oneIn(4) ? UInt32(1 + trace.below(20)) : .max
                let whole = Self.reading(bytes, format, pieces: [bytes.count + 1], batch: 700, keyLimit)
                let pieces: [Int] = (0..<7).map { _ in 1 + trace.below(trace.oneIn(2) ? 4 : 90) }
                let cut = Self.reading(bytes, format, pieces: pieces, batch: 1 + trace.below(80), keyLimit)
                guard whole == cut else {
                    Issue.record("seed \(seed) of \(word), pieces of \(pieces)")
                    return
                }
            }
        }
    }

    /// The first requests: a damaged count may stand for more than anybody can wait for.
    private static func reading(
        _ bytes: [UInt8], _ format: TraceFormat, pieces: [Int], batch: Int, _ keyLimit: UInt32
    ) -> TraceReading {
        let limit = 600
        var reading = TraceReading(bytes, format, pieces: pieces, batch: batch, keyLimit: keyLimit, limit: limit)
        if reading.keys.count >= limit {
            reading.keys = Array(reading.keys.prefix(limit))
            reading.sizes = Array(reading.sizes.prefix(limit))
            // How far the parser has looked ahead is seen in these.
            (reading.error, reading.skipped, reading.keyCount) = (nil, 0, 0)
        }
        // The same: skipped requests may come after the key that is one too many.
        if case .tooManyKeys = reading.error?.problem { reading.skipped = 0 }
        return reading
    }
}
