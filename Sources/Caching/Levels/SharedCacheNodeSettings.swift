public import Timeline

/// How a node of a network cache is set; every value has been checked.
public struct SharedCacheNodeSettings: Hashable, Sendable {
    /// The capacities that a node can have.
    public static let capacities = 0...Int(Int32.max)
    /// How many leases a node can have out.
    public static let leaseCounts = 1...1_000_000

    /// The most weight of all values together; one of 0 holds nothing.
    public let capacity: Int
    /// How long a value lives whose set does not say; nil for ever.
    public let timeToLive: Duration?
    /// How long the holder of a lease has to come back with a value.
    public let leaseTimeToLive: Duration
    /// The most leases that are out at once; another one voids the one that was asked about least recently.
    public let mostLeases: Int

    /// Checks the settings.
    /// - Parameters:
    ///   - capacity: 0 to 2 147 483 647.
    ///   - timeToLive: more than zero, or nil.
    ///   - leaseTimeToLive: more than zero; 10 s by default, as in mcrouter (facebook/mcrouter#175).
    ///   - mostLeases: 1 to 1 000 000; 10 000 by default.
    /// - Throws: a ``SettingError`` that names the first setting out of its range.
    public init(
        capacity: Int, timeToLive: Duration? = nil, leaseTimeToLive: Duration = .seconds(10), mostLeases: Int = 10_000
    ) throws(SettingError) {
        guard Self.capacities.contains(capacity) else {
            throw SettingError("capacity", given: capacity, allowed: "0 to 2147483647")
        }
        if let timeToLive, timeToLive <= .zero {
            throw SettingError("timeToLive", given: timeToLive, allowed: "more than 0s")
        }
        guard leaseTimeToLive > .zero else {
            throw SettingError("leaseTimeToLive", given: leaseTimeToLive, allowed: "more than 0s")
        }
        guard Self.leaseCounts.contains(mostLeases) else {
            throw SettingError("mostLeases", given: mostLeases, allowed: "1 to 1000000")
        }
        self.capacity = capacity
        self.timeToLive = timeToLive
        self.leaseTimeToLive = leaseTimeToLive
        self.mostLeases = mostLeases
    }
}
