/// A distribution given by some of its quantiles, at most ``capacity``, with straight lines between them.
public struct Quantiles: Hashable, Sendable {
    /// How many points there can be.
    public static let capacity = 8

    /// One quantile: this share of all values is at most this long.
    public struct Point: Hashable, Sendable {
        /// From 0 to 1.
        public var share: Double
        /// The value that the share lies below.
        public var length: Duration

        /// A quantile.
        public init(share: Double, length: Duration) {
            self.share = share
            self.length = length
        }
    }

    /// The points from share 0 to share 1.
    public let values: [Point]

    /// The distribution through these points, or nil unless there are 2 to ``capacity`` of them, from share 0
    /// to share 1, with shares rising and lengths not falling and not negative.
    public init?(_ points: [Point]) {
        guard (2...Self.capacity).contains(points.count), let first = points.first, let last = points.last,
            first.share == 0, last.share == 1, first.length >= .zero,
            zip(points, points.dropFirst()).allSatisfy({ $0.share < $1.share && $0.length <= $1.length })
        else { return nil }
        values = points
    }

    /// The value below which this share (0 to 1) of all values lies.
    public func length(at share: Double) -> Duration {
        var upper = 1
        while upper < values.count - 1 && values[upper].share < share { upper += 1 }
        let (low, high) = (values[upper - 1], values[upper])
        return low.length + (high.length - low.length) * ((share - low.share) / (high.share - low.share))
    }

    /// The expected value.
    public var mean: Duration {
        var sum = Duration.zero
        for (low, high) in zip(values, values.dropFirst()) {
            sum = sum + (low.length + (high.length - low.length) * 0.5) * (high.share - low.share)
        }
        return sum
    }
}
