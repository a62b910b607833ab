import Histogram
public import Timeline

/// The latencies of each second, kept as the few buckets that were hit.
public struct LatencyLog: Sendable {
    /// Which calls.
    public enum Kind: Hashable, Sendable {
        /// All that ended, failures too.
        case all
        /// Those that ended well.
        case ok
    }

    /// So many calls of about this latency in one window.
    private struct Bucket {
        var microseconds: UInt64
        var count: UInt32
        var isOK: Bool
    }

    private var buckets: [Bucket] = []
    /// Where each window's buckets end.
    private var ends: [Int] = []
    private var firstWindow = 0
    /// What was folded together of windows no longer held.
    private var folded = Latencies()
    private var foldedOK = Latencies()

    mutating func record(_ meter: Meter) {
        append(meter.okWindow, isOK: true)
        append(meter.failedWindow, isOK: false)
        ends.append(buckets.count)
    }

    private mutating func append(_ window: LatencyWindow, isOK: Bool) {
        window.forEachBucket { microseconds, count in
            buckets.append(Bucket(microseconds: microseconds, count: count, isOK: isOK))
        }
    }

    mutating func truncate(to windows: Int) {
        guard windows >= firstWindow else {
            self = LatencyLog()
            firstWindow = windows
            return
        }
        ends.removeLast(ends.count - (windows - firstWindow))
        buckets.removeLast(buckets.count - (ends.last ?? 0))
    }

    mutating func fold(before window: Int) {
        let surplus = window - firstWindow
        guard surplus > 0 else { return }
        folded = latencies(.all, over: nil, windows: 0..<surplus)
        foldedOK = latencies(.ok, over: nil, windows: 0..<surplus)
        let dropped = ends[surplus - 1]
        buckets.removeFirst(dropped)
        ends.removeFirst(surplus)
        for index in ends.indices { ends[index] -= dropped }
        firstWindow = window
    }

    func latencies(_ kind: Kind, over range: Range<Int>?) -> Latencies {
        let held = range?.clamped(to: firstWindow..<(firstWindow + ends.count))
        let windows = held.map { ($0.lowerBound - firstWindow)..<($0.upperBound - firstWindow) } ?? 0..<ends.count
        return latencies(kind, over: range, windows: windows)
    }

    private func latencies(_ kind: Kind, over range: Range<Int>?, windows: Range<Int>) -> Latencies {
        var result = range == nil ? (kind == .all ? folded : foldedOK) : Latencies()
        guard !windows.isEmpty else { return result }
        let start = windows.lowerBound == 0 ? 0 : ends[windows.lowerBound - 1]
        for bucket in buckets[start..<ends[windows.upperBound - 1]] where kind == .all || bucket.isOK {
            result.record(bucket.microseconds, count: bucket.count)
        }
        return result
    }
}

/// A distribution of latencies with two significant digits.
public struct Latencies: Sendable {
    private var histogram = Histogram<UInt64>(
        lowestDiscernibleValue: 1, highestTrackableValue: 3_600_000_000, numberOfSignificantValueDigits: .two)

    /// No latencies.
    public init() {}

    /// How many there are.
    public var count: UInt64 { histogram.totalCount }

    /// The latency that this share (0 to 1) of the calls did not exceed; nil without calls.
    public func quantile(_ share: Double) -> Duration? {
        guard count > 0 else { return nil }
        return .microseconds(Int64(clamping: histogram.valueAtPercentile(share * 100)))
    }

    /// The longest; nil without calls.
    public var longest: Duration? { quantile(1) }

    /// The mean; nil without calls.
    public var mean: Duration? {
        count > 0 ? Duration(roundingNanoseconds: histogram.mean * 1_000) : nil
    }

    /// Adds those of another distribution.
    public mutating func merge(_ other: Latencies) {
        for value in other.histogram.recordedValues() { histogram.record(value.value, count: value.count) }
    }

    mutating func record(_ microseconds: UInt64, count: UInt32) {
        histogram.record(microseconds, count: UInt64(count))
    }
}
