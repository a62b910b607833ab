internal import Resilience
internal import Screen
internal import Simulation
internal import Timeline

/// A replica behind an edge: how its checker sees it, and how those feel it who call over the edge.
struct BackendFigures: Sendable {
    let replica: Int
    let name: String
    /// Calls under way to it.
    let underWay: Int
    /// Its weight, with the share of it that it has so far where it starts slowly.
    let weight: String
    /// The share of the calls that it was chosen for, in the last ten seconds.
    let share: Double?
    let perSecond: Double
    /// What became of the calls to it in the last ten seconds.
    let calls: ReplicaCalls
    /// Its breaker, or that of the edge.
    let breaker: CircuitBreaker?
    let isDown: Bool
    /// How its balancer sees it; nil without a balancer.
    let view: BalancerView.Replica?
}

extension Scene {
    /// What lies behind an edge, replica by replica; all together where nobody chooses among them.
    func backends(onEdge edge: Int) -> [BackendFigures] {
        guard let place = plan.balancerPlace(onEdge: edge), let balancer = sample.balancers[place] else {
            return [unbalanced(edge)]
        }
        let service = plan.edges[edge].target
        let calls = balancer.replicas.indices.map { traffic.calls(to: $0, by: place) }
        let all = calls.reduce(0) { $0 + $1.picked }
        return balancer.replicas.enumerated().map { index, view in
            BackendFigures(
                replica: index,
                name: plan.services[service].replicas > 1
                    ? plan.services[service].name(ofReplica: index) : plan.services[service].name,
                underWay: view.underWay,
                weight: view.startShare < 1 ? "\(Figures.percent(view.startShare))" : "\(view.weight)",
                share: all > 0 ? Double(calls[index].picked) / Double(all) : nil,
                perSecond: Double(calls[index].picked) / traffic.span, calls: calls[index],
                breaker: breaker(onEdge: edge, replica: index),
                isDown: world.isDown(service: service, replica: index), view: view)
        }
    }

    /// A service that is called without a balancer; how its work ends is known of all its callers together.
    private func unbalanced(_ edge: Int) -> BackendFigures {
        let service = plan.edges[edge].target
        let last = history.lastTenSeconds
        func growth(_ count: History.Count) -> Int {
            plan.calledOperations(of: service).reduce(0) {
                $0 + Int(history.growth(.operation($1, count), over: last))
            }
        }
        let calls = ReplicaCalls(ok: growth(.ok), failed: growth(.failed))
        return BackendFigures(
            replica: 0, name: plan.services[service].name,
            underWay: sample.services.indices.contains(service) ? sample.services[service].active : 0, weight: "-",
            share: nil, perSecond: history.growth(.attempts(edge: edge), over: last) / Double(max(1, last.count)),
            calls: calls, breaker: breaker(onEdge: edge, replica: 0),
            isDown: world.isDown(service: service), view: nil)
    }

    /// The breaker of a replica if each has one, or else that of the edge.
    private func breaker(onEdge edge: Int, replica: Int) -> CircuitBreaker? {
        if let place = plan.replicaBreakers(onEdge: edge) {
            return world.breaker(edge: edge, stage: place.stage, part: replica)
        }
        guard let place = plan.breakerPlaces.last(where: { $0.edge == edge }),
            world.breakerParts(edge: edge, stage: place.stage) == 1
        else { return nil }
        return world.breaker(edge: edge, stage: place.stage)
    }
}

extension BackendFigures {
    /// Whether it may be called.
    func state(_ marks: Glyphs.Marks) -> Badge {
        if isDown { return Badge(sign: marks.cross, word: "DOWN", role: .bad) }
        return view?.verdict.badge(marks) ?? Badge(sign: marks.check, word: "UP", role: .good)
    }

    /// How the health checks see it.
    func checks(_ marks: Glyphs.Marks) -> Line {
        switch view?.health {
        case .healthy: Line("\(Character(marks.check)) well", .good)
        case .unhealthy: Line("\(Character(marks.cross)) ill", .bad)
        case .unchecked: Line("? not yet", .warning)
        case nil: Line("none", .idle)
        }
    }

    /// How those feel it who call.
    func feel(_ marks: Glyphs.Marks) -> Line {
        guard let share = calls.badShare else { return Line("no call", .idle) }
        return share > 0
            ? Line("\(Character(marks.cross)) \(Figures.exactPercent(share)) bad", share >= 0.05 ? .bad : .warning)
            : Line("\(Character(marks.check)) all well", .good)
    }

    /// What must not be overlooked of it.
    func remarks(_ now: Instant, _ marks: Glyphs.Marks) -> [String] {
        var remarks: [String] = []
        if let until = view?.ejectedUntil, let view {
            let left = Figures.ticking(max(.zero, until - now))
            remarks.append("ejected, \(Figures.times(view.ejections)) so far: back in \(left) or later")
        }
        if let breaker, breaker.state != .closed { remarks.append("its breaker is \(breaker.badge(marks).word)") }
        if view?.health == .healthy, let share = calls.badShare, share >= 0.05 {
            remarks.append("its checks are well, its calls are not")
        }
        return remarks
    }
}
