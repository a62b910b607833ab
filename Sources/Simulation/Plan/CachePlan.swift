public import Caching
public import Timeline

/// A service's cache: levels in front of the work of keyed reads.
public struct CachePlan: Sendable {
    /// One level.
    public struct Level: Hashable, Sendable {
        /// What it is called: `l1`, `cdn`.
        public var name: String
        /// The most that it holds, in entries, or in kilobytes where values have sizes: at each replica, unless they share
        /// it.
        public var capacity: Int
        /// Who leaves when there is no more room.
        public var policy: PolicyName
        /// How long it takes to ask it.
        public var latency: Distribution
        /// Whether all replicas share it.
        public var isShared: Bool

        /// A level of each replica's own, in LRU order, that is asked in no time.
        public init(name: String, capacity: Int) {
            self.name = name
            self.capacity = capacity
            policy = .lru
            latency = .constant(.zero)
            isShared = false
        }

        /// How long it takes to ask the levels that are known by number: memory, a disk, the network, a database.
        public static let latencies: [Duration] = [
            .microseconds(50), .milliseconds(1), .milliseconds(2), .milliseconds(8),
        ]

        /// One of the levels that are known by number, from 0: `l1` in memory, `l2` on a disk, and, shared by all
        /// replicas, `l3` on the network and `l4` in a database.
        public init(number: Int, capacity: Int) {
            self.init(name: "l\(number + 1)", capacity: capacity)
            isShared = number >= 2
            if Self.latencies.indices.contains(number) { latency = .constant(Self.latencies[number]) }
        }
    }

    /// What a write does to what the cache holds of its key.
    public enum WriteHandling: CaseIterable, Hashable, Sendable {
        /// It drops it.
        case invalidate
        /// It puts the new value in its place.
        case update
        /// Nothing: until its life ends the cache has the old value.
        case ignore
    }

    /// The levels, the nearest first.
    public var levels: [Level]
    /// How the levels share what they hold.
    public var inclusion: LevelInclusion
    /// To which levels a value goes that was found further away, or loaded.
    public var promotion: PromotionRule
    /// To which levels a loaded value goes; where that is everywhere, those that it would be promoted to.
    public var placement: Placement
    /// How large values are; nil where levels count entries, and all are alike.
    public var sizes: SizeLaw?
    /// Up to which number keys have a value, from 1; those above have none until they are written. Nil for all.
    public var existing: UInt32?
    /// Into how many tags keys are divided: the first so many have one each, and so on, over and over. Nil for no tags.
    public var tags: UInt32?
    /// What it loads before it is asked for; nil for nothing.
    public var warming: WarmingPlan?
    /// How it reads what it does not have.
    public var reading: ReadSettings
    /// Whether a single flight is one of all replicas together, by a lease where they share a level, or one of each.
    public var sharesFlights: Bool
    /// Whether what goes up a level begins a new life there, as the guide has it, in place of what is left of its own.
    public var renewsLives: Bool
    /// Whether a failed load deletes what the cache holds of the key, as of a value that is taken to be broken.
    public var deletesAfterFailure: Bool
    /// What a write does to what the cache holds of its key.
    public var writing: WriteHandling
    /// How writes reach the store later than they are answered; nil if the operation has done them when it answers.
    public var behind: WriteBehindPlan?
    /// How replicas hear of what others have written; nil if they do not.
    public var coherence: CoherencePlan?

    /// The name of a level, counted from 1; that of the service for 0, the whole cache.
    func name(ofLevel level: Int, of service: String) -> String {
        levels.indices.contains(level - 1) ? "\(service).\(levels[level - 1].name)" : service
    }

    /// How many levels a cache can have.
    public static var levelLimit: Int { 8 }

    /// A cache of these levels whose values live for ever, and in which each call loads what it misses.
    public init(levels: [Level]) {
        self.levels = levels
        inclusion = .inclusive
        promotion = .always
        placement = .everywhere
        sizes = nil
        existing = nil
        tags = nil
        warming = nil
        reading = .plain
        sharesFlights = false
        renewsLives = false
        deletesAfterFailure = false
        writing = .invalidate
        behind = nil
        coherence = nil
    }
}

extension Plan {
    /// The name of a level of a service's cache, counted from 1, such as `catalog.l1`; for 0 that of the service.
    public func name(ofLevel level: Int, ofCacheOf service: Int) -> String {
        let name = services[service].name
        return services[service].cache?.name(ofLevel: level, of: name) ?? name
    }
}
