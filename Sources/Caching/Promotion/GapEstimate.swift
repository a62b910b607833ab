import Timeline

/// The time between a key's uses, and how far from it they fell: the running mean and mean deviation of RFC 6298.
struct GapEstimate: Sendable {
    /// Nanoseconds; 0 before the first gap.
    private var mean: Int64 = 0
    private var deviation: Int64 = 0

    /// There was a gap, zero or more.
    mutating func learn(_ gap: Duration) {
        let gap = gap.nanoseconds
        guard mean > 0 else {
            // One gap says nothing about the next, so it may be off by its whole length. (RFC 6298 takes half of it.)
            (mean, deviation) = (gap, gap)
            return
        }
        deviation += (abs(gap - mean) - deviation) / 4
        mean += (gap - mean) / 8
    }

    /// 0 to 1: how well the mean foretold the gaps of late.
    var regularity: Double {
        guard mean > 0 else { return 0 }
        return max(0, 1 - Double(deviation) / Double(mean))
    }
}
