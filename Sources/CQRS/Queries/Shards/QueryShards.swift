public import Resilience
public import Timeline

/// Where queries go: a ring of shards, in each some replicas, and before each shard a circuit breaker of its own, so
/// that one bad shard stops its own queries and no others.
///
/// Ask for a ``Call`` before a query and tell ``end(_:_:at:)`` how it went, once.
public struct QueryShards: Sendable {
    /// How they are set.
    public let settings: Settings
    /// The ring, which decides on the shard of a key.
    public private(set) var ring: HashRing

    var shards: [Shard] = []
    private var lastGeneration: UInt64 = 0

    struct Shard: Sendable {
        let name: String
        /// Which shard of that name it is: one that was removed and added again is another.
        let generation: UInt64
        var breaker: CircuitBreaker
        /// The queries that each replica has.
        var inFlight: [Int]
        /// The replica whose turn it is.
        var next = 0
        var metrics = ShardMetrics()
    }

    /// No shards yet.
    public init(_ settings: Settings) {
        self.settings = settings
        ring = settings.emptyRing
    }

    /// The names of the shards, in order.
    public var names: [String] { ring.members }

    /// Adds a shard.
    /// - Parameters:
    ///   - name: a name that no other has.
    ///   - replicas: 1 to 1 000.
    ///   - now: the time.
    /// - Throws: a ``SettingError`` for a name that is taken or a number out of its range.
    public mutating func add(_ name: String, replicas: Int = 1, at now: Instant) throws(SettingError) {
        guard (1...1_000).contains(replicas) else {
            throw SettingError("replicas", given: replicas, allowed: "1 to 1000")
        }
        guard ring.add(name) else { throw SettingError("shard", given: "\"\(name)\"", allowed: "a new name") }
        lastGeneration += 1
        shards.append(
            Shard(
                name: name, generation: lastGeneration, breaker: CircuitBreaker(settings.breaker, at: now),
                inFlight: Array(repeating: 0, count: replicas)))
    }

    /// Removes a shard; its keys go to the others. Calls that it has go on, and are counted nowhere. False if there is
    /// none of that name.
    public mutating func remove(_ name: String) -> Bool {
        guard ring.remove(name) else { return false }
        shards.removeAll { $0.name == name }
        return true
    }

    func index(of name: String) -> Int? { shards.firstIndex { $0.name == name } }
}

extension QueryShards {
    /// How shards are set; every value has been checked.
    public struct Settings: Hashable, Sendable {
        /// How a replica is chosen.
        public let balancing: Balancing
        /// The settings of each shard's breaker.
        public let breaker: CircuitBreaker.Settings
        /// Which failures speak against a shard.
        public let detector: FailureDetector
        let emptyRing: HashRing

        /// Checks the settings.
        /// - Parameters:
        ///   - pointsPerShard: 1 to 10 000; see ``HashRing``.
        ///   - balancing: by turns by default.
        ///   - breaker: those of each shard's breaker.
        ///   - detector: which failures speak against a shard, and from when on it is slow.
        /// - Throws: a ``SettingError`` for a number of points out of its range.
        public init(
            pointsPerShard: Int = 160, balancing: Balancing = .roundRobin, breaker: CircuitBreaker.Settings = .standard,
            detector: FailureDetector = .usual
        ) throws(SettingError) {
            emptyRing = try HashRing(pointsPerMember: pointsPerShard)
            self.balancing = balancing
            self.breaker = breaker
            self.detector = detector
        }
    }

    /// How a replica of a shard is chosen.
    public enum Balancing: Hashable, Sendable {
        /// By turns.
        case roundRobin
        /// The one with the fewest queries, by turns among equals.
        case leastInFlight
    }
}
