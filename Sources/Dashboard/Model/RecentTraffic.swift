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

    private static let seconds = 10

    /// Looks them up if a second has closed since, or time was turned back.
    mutating func observe(_ world: World, _ plan: Plan, _ history: History) {
        guard window != history.windows else { return }
        if let window, history.windows < window { past.removeAll(keepingCapacity: true) }
        window = history.windows
        let now = Moment(of: world, plan)
        past.removeAll { now.time - $0.time > .seconds(Int64(Self.seconds)) }
        past.append(now)
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

    /// How many calls a replica was chosen for, answered well and badly.
    func calls(to replica: Int, by place: GuardPlace) -> (picked: UInt64, ok: UInt64, failed: UInt64) {
        func count(_ part: KeyPath<BalancerView.Replica, UInt64>) -> UInt64 {
            growth { $0.balancers[place]?.replicas[replica][keyPath: part] }
        }
        return (count(\.picked), count(\.ok), count(\.failed))
    }

    /// How many calls with keys of a slice a replica was chosen for.
    func calls(to replica: Int, inSlice slice: Int, by place: GuardPlace) -> UInt64 {
        growth { $0.keyspaces[place].map { UInt64($0.calls(ofReplica: replica, inSlice: slice)) } }
    }
}
