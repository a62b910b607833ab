import Gateway
import Resilience
import Timeline

// Among whom a balancer chooses.

extension BalancerHost {
    /// A balancer chooses by its plan from now on, and by nothing that it knew before but the calls under way.
    mutating func beginChoosing(_ index: Int, at now: Instant) {
        for number in balancers[index].replicas { replicas[number].id = nil }
        balancers[index].chooser = Gateway.Balancer(balancers[index].plan.settings, members(index), at: now)
        adoptMembers(index, at: now)
    }

    /// Replicas have come or gone, or have other weights.
    mutating func updateMembers(_ index: Int, at now: Instant) {
        balancers[index].chooser.update(to: members(index), at: now)
        adoptMembers(index, at: now)
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
    }

    /// The replicas, in order, so that each stands at the place that is its number.
    private func members(_ index: Int) -> [Backend] {
        let balancer = balancers[index]
        return (0..<balancer.count).map { replica in
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
