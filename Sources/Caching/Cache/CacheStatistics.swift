/// What one cache has done since it was made.
///
/// Every lookup is a hit, a miss or an expiry, and every inserted entry is either still held or counted
/// in ``evictions`` under one cause.
public struct CacheStatistics: Hashable, Sendable {
    /// Lookups that found a live value.
    public var hits = 0
    /// Lookups of a key that was not held.
    public var misses = 0
    /// Lookups that found a value past its time to live.
    public var expired = 0
    /// Values taken in, replacements included.
    public var insertions = 0
    /// Entries that left, by cause.
    public var evictions = EvictionCounts()

    /// Nothing done yet.
    @inlinable
    public init() {}

    /// All lookups.
    @inlinable
    public var lookups: Int { hits + misses + expired }

    /// The share of lookups that were hits, from 0 to 1; nil before the first lookup.
    @inlinable
    public var hitRatio: Double? { lookups == 0 ? nil : Double(hits) / Double(lookups) }
}

/// How many entries left a cache for each cause.
public struct EvictionCounts: Hashable, Sendable {
    @usableFromInline var capacity = 0
    @usableFromInline var expired = 0
    @usableFromInline var replaced = 0
    @usableFromInline var removed = 0
    @usableFromInline var cleared = 0

    /// None at all.
    @inlinable
    public init() {}

    /// How many left for this cause.
    @inlinable
    public subscript(cause: EvictionCause) -> Int {
        get {
            switch cause {
            case .capacity: capacity
            case .expired: expired
            case .replaced: replaced
            case .removed: removed
            case .cleared: cleared
            }
        }
        set {
            switch cause {
            case .capacity: capacity = newValue
            case .expired: expired = newValue
            case .replaced: replaced = newValue
            case .removed: removed = newValue
            case .cleared: cleared = newValue
            }
        }
    }

    /// How many left for any cause.
    @inlinable
    public var total: Int { capacity + expired + replaced + removed + cleared }
}
