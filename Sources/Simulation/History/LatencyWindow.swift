/// The latencies of one measured window, counted in buckets of two significant digits.
///
/// The buckets are those of an HDR histogram: one for each microsecond up to 255, then 128 for every doubling.
/// Memory reaches only as far as the longest latency seen, so that windows are cheap to begin and to copy.
public struct LatencyWindow: Sendable {
    /// How many there were in each bucket.
    private var counts: [UInt32] = []

    /// How many buckets every doubling has.
    private static let doubling = 128

    /// No latencies yet.
    public init() {}

    /// Whether there are none.
    public var isEmpty: Bool { counts.isEmpty }

    mutating func record(microseconds: UInt64) {
        let bucket = Self.bucket(of: microseconds)
        if bucket >= counts.count { makeRoom(for: bucket) }
        counts[bucket] &+= 1
    }

    /// Calls `body` with the longest latency and the count of each bucket that holds any, shortest first.
    func forEachBucket(_ body: (_ microseconds: UInt64, _ count: UInt32) -> Void) {
        for (bucket, count) in counts.enumerated() where count > 0 {
            body(Self.longest(in: bucket), count)
        }
    }

    private mutating func makeRoom(for bucket: Int) {
        let room = (bucket / Self.doubling + 1) * Self.doubling
        counts += repeatElement(0, count: room - counts.count)
    }

    private static func bucket(of microseconds: UInt64) -> Int {
        let doublings = 56 - (microseconds | 255).leadingZeroBitCount
        return doublings * doubling + Int(microseconds >> UInt64(doublings))
    }

    private static func longest(in bucket: Int) -> UInt64 {
        let doublings = max(0, bucket / doubling - 1)
        return UInt64(bucket - doublings * doubling + 1) << UInt64(doublings) - 1
    }
}
