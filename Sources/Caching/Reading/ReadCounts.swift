/// What a read path has done.
public struct ReadCounts: Hashable, Sendable {
    /// Loads, those in the background included.
    public var loads = 0
    /// Readers that waited for somebody else's load.
    public var joins = 0
    /// Loads in the background, of what was still fresh.
    public var refreshes = 0
    /// Loads in the background, of what was not held.
    public var prefetches = 0
    /// Loads that failed.
    public var failures = 0
    /// Readers that got a stale value.
    public var servedStale = 0
    /// Readers that gave up at the hard timeout.
    public var timeouts = 0

    /// Nothing done yet.
    public init() {}

    /// What two have done together.
    public static func += (left: inout ReadCounts, right: ReadCounts) {
        left.loads += right.loads
        left.joins += right.joins
        left.refreshes += right.refreshes
        left.prefetches += right.prefetches
        left.failures += right.failures
        left.servedStale += right.servedStale
        left.timeouts += right.timeouts
    }
}
