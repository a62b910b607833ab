internal import Simulation
internal import Timeline

/// What gateways made of requests, and where balancers sent calls, in the last ten seconds.
///
/// The world only counts, so its counts are kept here as each second closes. After time was turned back they begin anew.
struct RecentTraffic: Sendable {
    /// The counts as a second closed.
    fileprivate struct Moment: Sendable {
        var time: Instant
        var gateways: [Int: GatewayView] = [:]
        var balancers: [GuardPlace: BalancerView] = [:]
        var keyspaces: [GuardPlace: Keyspace] = [:]
    }

    private var window: Int?
    private var past: [Moment] = []

    /// How hot keys were, by balancer that looks at them.
    private(set) var heat: [GuardPlace: KeyHeat] = [:]

    private static let length = Duration.seconds(10)

    /// Looks them up if a second has closed since, or time was turned back.
    mutating func observe(_ world: World, _ plan: Plan, _ history: History) {
        guard window != history.windows else { return }
        if let window, history.windows < window { past.removeAll(keepingCapacity: true) }
        window = history.windows
        let now = Moment(of: world, plan)
        past.removeAll { $0.time > now.time || now.time - $0.time > Self.length }
        past.append(now)
        heat = now.keyspaces.reduce(into: [:]) { heat, each in
            guard let earlier = past[0].keyspaces[each.key] else { return }
            heat[each.key] = KeyHeat(since: earlier, each.value)
        }
    }
}

/// What became of the calls that a replica was chosen for.
struct ReplicaCalls: Hashable, Sendable {
    var picked = 0
    var ok = 0
    /// Those that spoke against it.
    var failed = 0
    /// Those that did not get to it, such as what its breaker refused.
    var refused = 0

    /// The share of those that have ended that were not answered well, as those feel it who called; nil without any.
    var badShare: Double? {
        let ended = ok + failed + refused
        return ended > 0 ? Double(failed + refused) / Double(ended) : nil
    }
}

extension RecentTraffic.Moment {
    fileprivate init(of world: World, _ plan: Plan) {
        time = world.now
        for service in plan.gateways { gateways[service] = world.gateway(ofService: service) }
        for place in plan.balancerPlaces {
            balancers[place] = world.balancer(edge: place.edge, stage: place.stage)
            keyspaces[place] = world.keyspace(edge: place.edge, stage: place.stage)
        }
    }
}

extension RecentTraffic {
    /// How many seconds the counts are of; at least one, so that it divides.
    var span: Double {
        guard let first = past.first, let last = past.last else { return 1 }
        return max(1, (last.time - first.time).seconds)
    }

    private func growth(_ count: (Moment) -> UInt64?) -> UInt64 {
        guard let first = past.first, let last = past.last, let now = count(last) else { return 0 }
        let before = count(first) ?? 0
        // What counts less than before has begun anew.
        return now >= before ? now - before : now
    }

    /// How many requests of a route ended so, of all routes if none is named; or only those with a status of 400 or more.
    func ended(_ end: GatewayEnd, _ place: RoutePlace, failed: Bool = false) -> UInt64 {
        growth { moment in
            let tally = moment.gateways[place.service]?.tally
            return failed ? tally?.failed(end, route: place.route) : tally?.ended(end, route: place.route)
        }
    }

    /// How many requests ended, in whatever way.
    func ended(_ place: RoutePlace) -> UInt64 { GatewayEnd.allCases.reduce(0) { $0 + ended($1, place) } }

    /// How many requests a replica of a gateway let pass or answered.
    func handled(by replica: Int, ofGateway service: Int) -> UInt64 {
        growth { moment in
            moment.gateways[service].map { UInt64($0.handled[replica].passed + $0.handled[replica].answered) }
        }
    }

    /// What a count of stages or backends has grown by.
    func growth(
        of service: Int, _ count: (GatewayTally) -> GatewayTally.StageCount
    ) -> GatewayTally.StageCount {
        guard let before = past.first?.gateways[service], let now = past.last?.gateways[service] else { return .init() }
        return count(now.tally) - count(before.tally)
    }

    /// What became of the calls that a replica was chosen for.
    func calls(to replica: Int, by place: GuardPlace) -> ReplicaCalls {
        guard let before = past.first?.balancers[place]?.replicas[replica],
            let now = past.last?.balancers[place]?.replicas[replica]
        else { return ReplicaCalls() }
        // After time was turned back within a second, a count can be less than before.
        func growth(_ count: (BalancerView.Replica) -> UInt64) -> Int {
            max(0, Int(clamping: count(now)) - Int(clamping: count(before)))
        }
        var calls = ReplicaCalls(picked: growth(\.picked), ok: growth(\.ok), failed: growth(\.failed))
        calls.refused = max(0, calls.picked + before.underWay - now.underWay - calls.ok - calls.failed)
        return calls
    }
}
