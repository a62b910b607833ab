public import Gateway
public import Resilience
public import Timeline

/// Who of a service's replicas gets a call, on an edge.
///
/// The algorithms, slow start and zones are those of the Gateway chapter (`Gateway.Balancer`), over replicas for backends.
public struct BalancerPlan: Hashable, Sendable {
    /// How it chooses among the replicas that may be called.
    public var by: Choice
    /// The weights of the replicas, from 0 to 65 535; one for all is enough.
    public var weights = [1]
    /// By ``Choice/smoothWeighted``: how many failures take the whole weight of a replica away; 0 for none. nginx's 1 by
    /// default.
    public var maximumFails = 1
    /// By ``Choice/peakEWMA``: how long until an average without new latencies has come down to 1 / e; Finagle's 10 s by
    /// default.
    public var decay = Duration.seconds(10)
    /// By a hash: how many percent of its share of the calls under way a replica may have, 101 to 10 000; nil for any.
    public var bound: Int?
    /// How replicas begin that have just come or are well again; nil for at once.
    public var slowStart: SlowStart?
    /// How calls keep to their caller's zone; nil for not at all.
    public var zones: Zones?
    /// Where another attempt of the same call goes.
    public var retries = Retries.move
    /// How it finds replicas that fail by the calls themselves; nil if it does not.
    public var outliers: OutlierDetector.Settings?
    /// How it asks replicas whether they are well; nil if it does not.
    public var health: HealthCheckPlan?
    /// When it calls all of them, whatever it knows; nil for never.
    public var panic: PanicMode?

    /// How a replica is chosen.
    public enum Choice: String, CaseIterable, Hashable, Sendable {
        /// One after the other.
        case roundRobin = "round-robin"
        /// The one with the fewest calls under way for its weight, as this caller sees them; equals take turns.
        case leastBusy = "least-busy"
        /// Any.
        case random
        /// Always the same for the same key, as shards have it: the key's hash modulo the number of replicas. A call
        /// without a key goes to whose turn it is, here and where else the key decides.
        case key
        /// In turn, as often as its weight says, and spread out evenly: nginx's smooth weighted round robin.
        case smoothWeighted = "smooth weighted"
        /// Of two drawn at random the one with fewer calls under way.
        case twoChoices = "two choices"
        /// Of two drawn at random the one that promises the quicker answer.
        case peakEWMA = "peak EWMA"
        /// The first from the key on around a ring of points.
        case hashRing = "hash ring"
        /// The same on a ring as nginx's `hash ... consistent` has it.
        case hashKetama = "hash ketama"
        /// The one that has the key's entry in Maglev's table.
        case hashMaglev = "hash maglev"
    }

    /// Where another attempt of the same call goes, whether it is a retry or a hedge.
    public enum Retries: UInt8, CaseIterable, Hashable, Sendable {
        /// To a replica that the call has not been to, as long as there is one among the latest four.
        case move
        /// To the replica that the attempt before it went to, as long as that may be called.
        case stay
    }

    /// Which zones callers and replicas are in, by their numbers from 0.
    public struct Zones: Hashable, Sendable {
        /// How calls are shared out among zones, and which is the caller's.
        public var awareness: ZoneAwareness
        /// The zone of each replica.
        public var replicas: [Int]

        /// Zones of so many replicas.
        public init(_ awareness: ZoneAwareness, replicas: [Int]) {
            self.awareness = awareness
            self.replicas = replicas
        }
    }

    /// A balancer, by default one that takes turns and knows nothing of its replicas.
    public init(
        by choice: Choice = .roundRobin, outliers: OutlierDetector.Settings? = nil, health: HealthCheckPlan? = nil,
        panic: PanicMode? = nil
    ) {
        by = choice
        self.outliers = outliers
        self.health = health
        self.panic = panic
    }
}

extension BalancerPlan.Choice {
    /// Whether the call's key decides.
    public var usesKey: Bool {
        switch self {
        case .key, .hashRing, .hashKetama, .hashMaglev: true
        case .roundRobin, .leastBusy, .random, .smoothWeighted, .twoChoices, .peakEWMA: false
        }
    }

    /// Whether the key's hash is looked up on a ring or in a table, which few keys notice when replicas come and go.
    public var isConsistent: Bool { usesKey && self != .key }

    /// Whether weights other than 0 count, and with them slow start.
    public var usesWeights: Bool {
        switch self {
        case .leastBusy, .smoothWeighted, .twoChoices, .peakEWMA, .hashRing, .hashKetama, .hashMaglev: true
        case .roundRobin, .random, .key: false
        }
    }

    /// Whether calls can keep to a zone.
    public var usesZones: Bool {
        switch self {
        case .roundRobin, .leastBusy, .smoothWeighted, .twoChoices, .peakEWMA: true
        case .random, .key, .hashRing, .hashKetama, .hashMaglev: false
        }
    }
}

extension BalancerPlan {
    /// How many points a weight of 1 has on a ring.
    public static var pointsPerWeight: Int { 160 }

    /// The weight of a replica.
    public func weight(ofReplica replica: Int) -> Int {
        let weight = weights.indices.contains(replica) ? weights[replica] : weights.first ?? 1
        return max(0, min(weight, 65_535))
    }

    /// The zone of a replica.
    func zone(ofReplica replica: Int) -> Int {
        guard let zones, zones.replicas.indices.contains(replica) else { return 0 }
        return max(0, min(zones.replicas[replica], 15))
    }

    /// The gateway's settings. What it has no algorithm for, the host chooses itself; the gateway takes turns meanwhile.
    var settings: Balancer.Settings {
        do {
            return try Balancer.Settings(
                algorithm, panic: panic ?? PanicMode(below: 0), slowStart: by.usesWeights ? slowStart : nil,
                zones: by.usesZones ? zones?.awareness : nil)
        } catch {
            preconditionFailure("these are brought into range: \(error)")
        }
    }

    private var algorithm: Balancer.Algorithm {
        switch by {
        case .roundRobin, .random, .key: .roundRobin
        case .leastBusy: .leastConnections
        case .smoothWeighted: .smoothRoundRobin(maxFails: max(0, min(maximumFails, 1_000_000)))
        case .twoChoices: .powerOfTwoChoices
        case .peakEWMA: .peakEWMA(decay: max(.nanoseconds(1), decay))
        case .hashRing: hash(.ring(.xxhash(.pointsPerWeight(Self.pointsPerWeight))))
        case .hashKetama: hash(.ring(.ketama))
        case .hashMaglev: hash(.maglev(size: Maglev.usualSize))
        }
    }

    private func hash(_ method: ConsistentHash.Method) -> Balancer.Algorithm {
        .consistentHash(method, boundPercent: bound.map { max(101, min($0, 10_000)) })
    }
}

/// How a balancer checks the health of each replica.
public struct HealthCheckPlan: Hashable, Sendable {
    /// When it asks, and what it makes of the answers.
    public var settings: HealthChecker.Settings
    /// What a replica does to answer.
    public var depth: Depth

    /// What a replica does to answer a check.
    public enum Depth: UInt8, CaseIterable, Hashable, Sendable {
        /// It is up: that answers the check.
        case shallow
        /// A worker does the work of a call, once it is its turn in the queue.
        case deep
    }

    /// Checks of this depth.
    public init(_ settings: HealthChecker.Settings, depth: Depth = .shallow) {
        self.settings = settings
        self.depth = depth
    }
}
