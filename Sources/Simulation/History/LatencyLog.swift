import Timeline

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
