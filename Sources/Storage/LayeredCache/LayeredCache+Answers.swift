public import Caching
public import Timeline

extension LayeredCache {
    /// A level, the nearest first.
    public enum Level: Int, Hashable, Sendable, CaseIterable {
        /// L1, in this process.
        case memory
        /// L2, on this machine.
        case files
        /// L3, on the network.
        case node
        /// L4.
        case database
    }

    /// What a reader gets.
    public enum Answer: Hashable, Sendable {
        /// The value.
        case value([UInt8], Source)
        /// There is none.
        case absent(Source)
        /// Another one loads it, until then at the latest: ask again.
        case busy(until: Instant)
    }

    /// Where an answer comes from.
    public struct Source: Hashable, Sendable {
        /// The level that had it; nil if it was loaded.
        public let level: Level?
        /// How long ago it was loaded.
        public let age: Duration
        /// Whether it is over, and given out since nothing better can be had.
        public let isStale: Bool
        /// Whether ``LayeredCache/refresh(_:at:load:)`` should be called soon: nothing runs in the background here.
        public let needsRefresh: Bool
    }

    /// What became of a write.
    public struct Written: Hashable, Sendable {
        /// Why the origin does not have it, or nobody knows (``Caching/WriteFailure/timedOut``); nil if it has.
        public let failure: WriteFailure?
        /// The levels that could neither be updated nor invalidated, in the order in which that came out. What they hold
        /// is not read by this cache; others that read them, and this program after a restart, may find it. To remove
        /// the key again once the level is well repairs that.
        public let disagreeing: [Level]
    }

    /// What was loaded for a key.
    public struct Loaded: Hashable, Sendable {
        /// The value.
        public let value: [UInt8]
        /// Which version it is, as the origin counts them; 0 if it counts none.
        public let version: UInt64
        /// What it can be removed by, besides its key.
        public let tags: [String]
        /// How long the load took.
        public let took: Duration

        /// Checks what was loaded.
        /// - Parameters:
        ///   - value: at most ``Caching/CacheEnvelope/longestValue`` bytes.
        ///   - version: 0 if the origin counts none.
        ///   - tags: as many and as long as a ``Caching/CacheEnvelope`` can have.
        ///   - took: zero by default, and less counts as that.
        /// - Throws: a ``Timeline/SettingError`` that names what is too long.
        public init(
            _ value: [UInt8], version: UInt64 = 0, tags: [String] = [], took: Duration = .zero
        ) throws(SettingError) {
            _ = try CacheEnvelope(value, created: .zero, tags: tags)
            self.value = value
            self.version = version
            self.tags = tags
            self.took = max(.zero, took)
        }
    }
}
