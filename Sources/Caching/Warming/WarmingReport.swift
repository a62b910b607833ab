public import Timeline

/// What has become of the keys of a warming: each of them is loaded, failed, skipped or unfinished.
public struct WarmingReport<Key: CacheKey>: Hashable, Sendable {
    /// A load that failed.
    public struct Failure: Hashable, Sendable {
        /// What was to be loaded.
        public let key: Key
        /// The source that failed.
        public let source: Int
    }

    /// How a warming came out.
    public enum Verdict: Hashable, Sendable {
        /// Everything that was asked for is in the cache.
        case complete
        /// Some of it is.
        case partial
        /// None of it is, though some was asked for.
        case nothing
    }

    /// When it began.
    public let startedAt: Instant
    /// When it ended; nil while it goes on.
    public internal(set) var endedAt: Instant?
    /// How many different keys were asked for.
    public let asked: Int
    /// How many of them were loaded.
    public internal(set) var loaded = 0
    /// How many could not be loaded.
    public internal(set) var failed = 0
    /// How many were in the cache already.
    public internal(set) var skipped = 0
    /// The first loads that failed, up to ``CacheWarmerSettings/failuresKept``.
    public internal(set) var failures: [Failure] = []

    init(asked: Int, startedAt: Instant) {
        self.asked = asked
        self.startedAt = startedAt
    }

    /// How many are waiting or being loaded; those that were when it ended, once it has.
    public var unfinished: Int { asked - loaded - failed - skipped }

    /// How it came out, or would if it ended now.
    public var verdict: Verdict {
        let there = loaded + skipped
        return there == asked ? .complete : there > 0 ? .partial : .nothing
    }
}
