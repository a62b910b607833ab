import Gateway
import Resilience
import Timeline

// Among whom a balancer chooses.

extension BalancerHost {
    /// A balancer chooses by its plan from now on, and by nothing that it knew before but the calls under way.
    mutating func beginChoosing(_ index: Int, at now: Instant) {
        for number in balancers[index].replicas { replicas[number].id = nil }
        keyMaps[index] = KeyMap()
        balancers[index].chooser = Gateway.Balancer(balancers[index].plan.settings, members(index), at: now)
        adoptMembers(index, at: now)
    }

    /// Replicas have come or gone, or have other weights.
    mutating func updateMembers(_ index: Int, at now: Instant) {
        balancers[index].chooser.update(to: members(index), at: now)
        if balancers[index].plan.by == .key { keyMaps[index].forgetCalls() }
        adoptMembers(index, at: now)
    }

    /// So many replicas of a service run from now on. Who leaves is chosen no more, and not asked whether it is well;
    /// what is known of who comes begins anew. Returns the probes that nobody waits for any more.
    mutating func scale(_ service: Int, to count: Int, cause: EntryID, _ port: inout Port) -> [FrameID] {
        var probes: [FrameID] = []
        for index in balancers.indices where balancers[index].target == service {
            let old = balancers[index].running
            balancers[index].running = count
            for replica in (count..<max(count, old)).reversed() {
                probes += leave(index, replica, &port)
            }
            for replica in old..<max(count, old) { come(index, replica, &port) }
            updateMembers(index, at: port.now)
            review(index, cause: cause, &port)
        }
        return probes
    }

    /// A replica leaves; the probe that is out to it, if one is.
    private mutating func leave(_ index: Int, _ replica: Int, _ port: inout Port) -> [FrameID] {
        let number = balancers[index].first + replica
        replicas[number].id = nil
        replicas[number].isEligible = false
        if balancers[index].detector >= 0 { detectors[balancers[index].detector].removeHost(replica) }
        port.cancel(&replicas[number].timer)
        defer { replicas[number].probe = nil }
        return replicas[number].probe.map { [$0] } ?? []
    }

    /// A replica comes: as those leave last that came last, it gets the number back that it had among the outliers.
    private mutating func come(_ index: Int, _ replica: Int, _ port: inout Port) {
        let number = balancers[index].first + replica
        replicas[number].lives += 1
        if balancers[index].detector >= 0 { _ = detectors[balancers[index].detector].addHost() }
        guard let health = balancers[index].plan.health, balancers[index].firstChecker >= 0 else { return }
        checkers[balancers[index].firstChecker + replica] = HealthChecker(
            health.settings, at: port.now, using: &checkDraws[index])
        replicas[number].timer = port.schedule(after: .zero, .checkDue(UInt32(number)))
    }

    /// Tells the chooser what stands in the way of each replica.
    mutating func markObstacles(_ index: Int, at now: Instant) {
        for (place, number) in balancers[index].replicas.enumerated() {
            guard let id = replicas[number].id else { continue }
            let (isEjected, isIll) = (isEjected(index, place), health(of: number)?.state == .unhealthy)
            replicas[number].isEligible = !isEjected && !isIll
            balancers[index].chooser.set(.ejected, isEjected, of: id, at: now)
            balancers[index].chooser.set(.unhealthy, isIll, of: id, at: now)
        }
        for place in 0..<balancers[index].count {
            balancers[index].turns.setWeight(isCandidate(index, place) ? 1 : 0, of: place)
        }
        redrawKeyMap(index, at: now)
    }

    /// The replicas, in order, so that each stands at the place that is its number.
    private func members(_ index: Int) -> [Backend] {
        let balancer = balancers[index]
        return (0..<balancer.running).map { replica in
            do {
                return try Backend(
                    Self.address(ofReplica: replica, in: balancer.service),
                    weight: balancer.plan.weight(ofReplica: replica), zone: balancer.plan.zone(ofReplica: replica))
            } catch {
                preconditionFailure("these are brought into range: \(error)")
            }
        }
    }

    /// What a ring places a replica by: its name, or the end of a very long one.
    private static func address(ofReplica replica: Int, in service: String) -> String {
        String(decoding: "\(service)#\(replica + 1)".utf8.suffix(80), as: UTF8.self)
    }

    /// Takes over the names that the chooser has for the replicas. Who is new to it may have calls under way all the same.
    private mutating func adoptMembers(_ index: Int, at now: Instant) {
        for (id, number) in zip(balancers[index].chooser.backends.ids, balancers[index].replicas) {
            guard replicas[number].id != id else { continue }
            replicas[number].id = id
            for _ in 0..<replicas[number].underWay { balancers[index].chooser.begin(id) }
        }
        markObstacles(index, at: now)
        let shares = keyShares(index)
        for (place, number) in balancers[index].replicas.enumerated() { replicas[number].keyShare = shares?[place] }
    }
}

extension BalancerHost {
    /// The share of all keys that each replica has of its own, whether it may be called or not; nil where keys do not decide.
    private func keyShares(_ index: Int) -> [Double]? {
        let balancer = balancers[index]
        let members = balancer.replicas.enumerated().filter { replicas[$0.element].id != nil }.map { place, _ in
            HashRing.Member(
                place: place, address: Self.address(ofReplica: place, in: balancer.service),
                weight: balancer.plan.weight(ofReplica: place))
        }
        var shares = [Double](repeating: 0, count: balancer.count)
        switch balancer.plan.settings.algorithm {
        case _ where balancer.plan.by == .key:
            for member in members { shares[member.place] = 1 / Double(members.count) }
        case .consistentHash(.ring(let style), _):
            for (place, share) in HashRing(style, members).shares { shares[place] += share }
        case .consistentHash(.maglev(let size), _):
            for place in Maglev(members, size: size).table { shares[Int(place)] += 1 / Double(size) }
        case .roundRobin, .smoothRoundRobin, .leastConnections, .powerOfTwoChoices, .peakEWMA: return nil
        }
        return shares
    }
}

extension HashRing {
    /// The place of each point, and the share of the circle that is its own: from the point before it on.
    fileprivate var shares: [(place: Int, share: Double)] {
        points.indices.map { index in
            let before = points[index == 0 ? points.count - 1 : index - 1].hash
            let length = points.count == 1 ? UInt64.max : points[index].hash &- before
            return (Int(points[index].place), Double(length) / 0x1p64)
        }
    }
}
