public import Timeline

/// The mean of the last so many times, for ``HedgePolicy/Delay/observed(factor:plus:)``.
///
/// Source: resilience4j's `AverageDurationSupplier`, 100 calls.
public struct RecentAverage: Hashable, Sendable {
    /// How many times it remembers.
    public let capacity: Int
    private var times: [Int64] = []
    private var oldest = 0
    private var sum: Int64 = 0

    /// Longer times count as this, some hundred days, so that no sum overflows.
    private static let longest = Int64.max / Int64(1_000)

    /// Checks the capacity, 1 to 1000.
    /// - Throws: a ``SettingError`` otherwise.
    public init(capacity: Int = 100) throws(SettingError) {
        guard (1...1_000).contains(capacity) else {
            throw SettingError("capacity", given: capacity, allowed: "1 to 1000")
        }
        self.capacity = capacity
    }

    /// How many times it remembers now.
    public var count: Int { times.count }

    /// The mean; nil before there are so many times, and in any case before the first.
    public func mean(ofAtLeast least: Int = 1) -> Duration? {
        guard times.count >= max(1, least) else { return nil }
        return Duration(nanoseconds: sum / Int64(times.count))
    }

    /// Remembers a time, and forgets the oldest if there are too many; a negative one counts as zero.
    public mutating func record(_ time: Duration) {
        let value = min(max(0, time.nanoseconds), Self.longest)
        guard times.count == capacity else {
            times.append(value)
            sum += value
            return
        }
        sum += value - times[oldest]
        times[oldest] = value
        oldest = oldest + 1 == capacity ? 0 : oldest + 1
    }
}
