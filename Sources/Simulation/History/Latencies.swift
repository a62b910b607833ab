import Histogram
public import Timeline

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

    /// The share of the calls that took longer than this, 0 to 1; 0 without calls.
    public func share(above length: Duration) -> Double {
        guard count > 0 else { return 0 }
        let limit = UInt64(max(0, length.nanoseconds / 1_000))
        let above = histogram.recordedValues().reduce(UInt64(0)) { $1.value > limit ? $0 + $1.count : $0 }
        return Double(above) / Double(count)
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
