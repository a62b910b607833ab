/// What a node of a network cache has answered so far.
public struct SharedCacheNodeStatistics: Hashable, Sendable {
    /// Gets that found a value that is not stale.
    public var hits = 0
    /// Gets that found a stale value, with a lease or without.
    public var staleHits = 0
    /// Gets that found nothing, and got a lease.
    public var misses = 0
    /// Gets that found nothing, and were told to wait: what leases have kept away from the source.
    public var waits = 0
    /// Leases given, for misses and for stale values.
    public var leases = 0
    /// Sets that were taken.
    public var stored = 0
    /// Sets that were refused, by reason.
    public var refused = NodeRefusalCounts()
    /// Deletes, of keys that were held and others.
    public var deletes = 0

    /// Nothing done yet.
    @inlinable
    public init() {}

    /// All gets.
    @inlinable
    public var gets: Int { hits + staleHits + misses + waits }
}

/// How many sets a node has refused for each reason.
public struct NodeRefusalCounts: Hashable, Sendable {
    private var leaseVoid = 0
    private var leaseExpired = 0
    private var olderVersion = 0
    private var tooHeavy = 0

    /// None at all.
    public init() {}

    /// How many for this reason.
    public subscript(reason: NodeRefusal) -> Int {
        get {
            switch reason {
            case .leaseVoid: leaseVoid
            case .leaseExpired: leaseExpired
            case .olderVersion: olderVersion
            case .tooHeavy: tooHeavy
            }
        }
        set {
            switch reason {
            case .leaseVoid: leaseVoid = newValue
            case .leaseExpired: leaseExpired = newValue
            case .olderVersion: olderVersion = newValue
            case .tooHeavy: tooHeavy = newValue
            }
        }
    }

    /// How many for any reason.
    public var total: Int { leaseVoid + leaseExpired + olderVersion + tooHeavy }
}
