public import Timeline

/// How a two-level cache is set; every value has been checked.
public struct TwoLevelCacheSettings: Hashable, Sendable {
    /// The capacities that a level can have.
    public static let capacities = 0...1_000_000_000

    /// The most entries in the first level; one of 0 holds nothing.
    public let l1Capacity: Int
    /// The most entries in the second level; one of 0 holds nothing.
    public let l2Capacity: Int
    /// How long a value lives from its loading, in either level; nil for ever.
    public let timeToLive: Duration?

    /// The lives of all values.
    @inlinable
    var lifetime: Lifetime { Lifetime(afterWrite: timeToLive) }

    /// Checks the settings.
    /// - Parameters:
    ///   - l1Capacity: 0 to 1 000 000 000 entries.
    ///   - l2Capacity: the same; it may be smaller than the first level's, though that is rarely wanted.
    ///   - timeToLive: more than zero, or nil.
    /// - Throws: a ``SettingError`` that names the first setting out of its range.
    public init(l1Capacity: Int, l2Capacity: Int, timeToLive: Duration? = nil) throws(SettingError) {
        for (name, capacity) in [("l1Capacity", l1Capacity), ("l2Capacity", l2Capacity)] {
            guard Self.capacities.contains(capacity) else {
                throw SettingError(name, given: capacity, allowed: "0 to 1000000000 entries")
            }
        }
        if let timeToLive, timeToLive <= .zero {
            throw SettingError("timeToLive", given: timeToLive, allowed: "more than 0s")
        }
        self.l1Capacity = l1Capacity
        self.l2Capacity = l2Capacity
        self.timeToLive = timeToLive
    }
}
