import Gateway
public import Resilience
public import Timeline

/// A balancer and what it knows of its replicas, as a list shows it.
public struct BalancerView: Sendable {
    /// How it chooses.
    public let by: BalancerPlan.Choice
    /// The replicas, in order.
    public let replicas: [Replica]
    /// How many of them may be called, panic apart.
    public let eligible: Int
    /// Whether so few are left that all are called.
    public let isPanicking: Bool
    /// How often that has begun.
    public let panics: UInt64
    /// How many calls it found no replica for.
    public let refused: UInt64
    /// The detector of outliers, if it has one.
    public let outliers: OutlierDetector?
    /// The entry of the latest change.
    public let lastEntry: EntryID

    /// A replica, as its balancer sees it.
    public struct Replica: Sendable {
        /// Whether it runs.
        public let isRunning: Bool
        /// Whether it may be called, panic apart.
        public let isEligible: Bool
        /// Its weight, once it has it all.
        public let weight: Int
        /// The share of that weight that it has now: below 1 while it starts slowly.
        public let startShare: Double
        /// The share of all keys that are its own, where keys decide; nil elsewhere.
        public let keyShare: Double?
        /// Calls under way to it.
        public let underWay: Int
        /// Calls that it was chosen for.
        public let picked: UInt64
        /// Those that it answered well.
        public let ok: UInt64
        /// Those that spoke against it.
        public let failed: UInt64
        /// From when on the end of an interval brings it back; nil if it is not ejected.
        public let ejectedUntil: Instant?
        /// How often it has been ejected.
        public let ejections: Int
        /// Its health checker, if there is one.
        public let checker: HealthChecker?

        /// What is known of its health; nil if nobody asks.
        public var health: HealthChecker.State? { checker?.state }
    }

    /// How many replicas run.
    public var running: Int { replicas.count(where: \.isRunning) }

    /// The share of the calls that the replica got that got most; nil before the first call.
    public var busiestShare: Double? {
        let all = replicas.reduce(0) { $0 + $1.picked }
        return all > 0 ? Double(replicas.map(\.picked).max() ?? 0) / Double(all) : nil
    }

    /// How many replicas are ejected.
    public var ejected: Int { outliers?.ejectedCount ?? 0 }

    /// How many replicas the health checks find unhealthy.
    public var unhealthy: Int { replicas.count { $0.isRunning && $0.health == .unhealthy } }
}

extension BalancerHost {
    func view(_ index: Int, at now: Instant) -> BalancerView {
        let balancer = balancers[index]
        let detector = balancer.detector < 0 ? nil : detectors[balancer.detector]
        let views = balancer.replicas.enumerated().map { place, number in
            let replica = replicas[number]
            return BalancerView.Replica(
                isRunning: replica.id != nil, isEligible: replica.isEligible,
                weight: balancer.plan.weight(ofReplica: place),
                startShare: replica.id.map { balancer.chooser.backends.startShare(of: $0, at: now) } ?? 1,
                keyShare: replica.keyShare, underWay: Int(replica.underWay), picked: replica.picked, ok: replica.ok,
                failed: replica.failed, ejectedUntil: detector?.ejectionEnds(place),
                ejections: detector?.ejections(of: place) ?? 0, checker: health(of: number))
        }
        return BalancerView(
            by: balancer.plan.by, replicas: views, eligible: balancer.eligible, isPanicking: balancer.isPanicking,
            panics: balancer.panics, refused: balancer.refused, outliers: detector, lastEntry: balancer.lastEntry)
    }
}

extension World {
    /// The balancer at a place of an edge's chain.
    public func balancer(edge: Int, stage: Int) -> BalancerView? {
        guard case .balancer(let index)? = edges.guardRef(UInt16(edge), UInt8(stage)) else { return nil }
        return balancers.view(Int(index), at: port.now)
    }

    /// How many workers of a service are stuck with a call, in one replica or in all.
    public func stuckWorkers(service: Int, replica: Int? = nil) -> Int {
        let stations = services.stations(of: service)
        return replica.map { services.stuck(stations.lowerBound + $0) }
            ?? stations.reduce(0) { $0 + services.stuck($1) }
    }
}
