internal import Resilience
internal import Simulation

/// What the balancers before a service make of one of its replicas, put together.
struct ReplicaStanding: Hashable, Sendable {
    /// What a balancer makes of a replica.
    enum Verdict: Int, Comparable, Hashable, Sendable {
        /// It may be called.
        case eligible
        /// It does not run.
        case away
        /// No check has found it healthy so far.
        case unknown
        /// Checks have found it unhealthy.
        case unhealthy
        /// It is ejected as an outlier.
        case ejected

        static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    /// The worst that any of them makes of it.
    private(set) var worst = Verdict.eligible
    /// Whether all of them agree.
    private(set) var isUnanimous = true

    init() {}

    init(_ verdict: Verdict) { worst = verdict }

    /// Counts in what another balancer makes of it.
    mutating func add(_ verdict: Verdict) {
        isUnanimous = isUnanimous && verdict == worst
        worst = max(worst, verdict)
    }
}

extension BalancerView.Replica {
    /// What the balancer makes of it, panic apart.
    var verdict: ReplicaStanding.Verdict {
        guard isRunning else { return .away }
        if ejectedUntil != nil { return .ejected }
        if health == .unhealthy { return .unhealthy }
        return isEligible ? .eligible : .unknown
    }
}

extension World {
    /// What the balancers make of the replicas of the services that they lead to.
    func standings(_ plan: Plan) -> [Int: [ReplicaStanding]] {
        plan.balancerPlaces.reduce(into: [:]) { standings, place in
            guard let balancer = balancer(edge: place.edge, stage: place.stage) else { return }
            let service = plan.edges[place.edge].target
            let verdicts = balancer.replicas.map(\.verdict)
            guard let known = standings[service], known.count == verdicts.count else {
                standings[service] = verdicts.map { ReplicaStanding($0) }
                return
            }
            for index in known.indices { standings[service]?[index].add(verdicts[index]) }
        }
    }
}
