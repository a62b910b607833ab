public import Timeline

/// What the cache of a service has done, level by level apart.
public struct CacheCounts: Hashable, Sendable {
    /// All lookups.
    public var lookups = 0
    /// Those that some level answered with what was fresh to it.
    public var hits = 0
    /// Of these, the answers that a key has no value, as was known from an earlier load.
    public var absentHits = 0
    /// Loads that found that their key has no value.
    public var absentLoads = 0
    /// Answers that were older than the latest write of their key: fresh to the cache, and wrong.
    public var staleReads = 0
    /// For how long the writes were known that the most wrong of these answers missed.
    public var longestBehind = Duration.zero
    /// Writes of keys that were answered with success.
    public var writes = 0
    /// Of these, those that the store got later, where writes wait.
    public var storedWrites = 0
    /// Of these, those that no store ever got: they were in the memory of a replica that went down, or failed.
    public var lostWrites = 0
    /// Loads that were not kept, as their key was written meanwhile.
    public var overtakenLoads = 0
    /// Invalidations that reached another replica.
    public var invalidations = 0
    /// How long these took together.
    public var invalidationTime = Duration.zero
    /// The ages of all values that were hit, together.
    public var ages = Duration.zero
    /// The age of the oldest value that was hit.
    public var oldest = Duration.zero

    /// Nothing done yet.
    public init() {}
}
