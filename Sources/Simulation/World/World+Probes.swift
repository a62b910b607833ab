import Resilience
import Timeline

// Health checks: probes that cross the network of an edge to each replica, and what comes of them.

extension World {
    /// A check of a replica is due, or its probe has taken too long.
    mutating func check(_ replica: Int) {
        let out = balancers.replicas[replica].probe
        let cause = out.map { frames.isAlive($0) ? frames[$0.index].cause : .none } ?? .none
        let check = balancers.check(replica, cause: cause, &port)
        if let late = check.late, frames.isAlive(late) { giveUp(late.index) }
        if let finding = check.finding { tellBreakers(finding, of: replica) }
        if let probe = check.probe { send(probe, to: replica) }
    }

    /// Puts a probe on the network.
    private mutating func send(_ probe: HealthChecker.Probe, to replica: Int) {
        let balancer = balancers.balancers[Int(balancers.replicas[replica].balancer)]
        guard frames.hasRoom, case .guardOn(let edge, _) = balancer.place else { return }
        var frame = Frame()
        frame.owner = .probe(
            replica: UInt32(replica), generation: balancers.token(of: probe, to: replica))
        frame.edge = edge
        frame.operation = balancer.operation
        frame.replica = UInt8(replica - balancer.first)
        frame.startedAt = port.now
        frame.attemptAt = port.now
        frame.phase = .crossing
        if edges.passesDeadline(edge) { frame.deadline = probe.deadline }
        let index = take(frame)
        balancers.probesUnderWay += 1
        balancers.replicas[replica].probe = frames.id(of: index)
        cross(index, probeCrossing(index), faults.strikeProbe(edge: Int(edge)))
    }

    /// Nobody waits for a probe any more: one on the network is dropped, one at the service only where the edge hands
    /// cancellations on.
    mutating func giveUp(_ index: UInt32) {
        switch frames[index].phase {
        case .crossing, .held, .unanswered, .returning:
            cancel(index, cause: frames[index].cause)
        case .guarding, .waiting, .delayed, .backingOff, .watched, .queued, .working, .hung, .stuck, .calling,
            .joining, .appending, .awaiting, .fallingBack:
            if edges.passesCancellation(frames[index].edge) { cancel(index, cause: frames[index].cause) }
        }
    }

    /// A probe has come back.
    mutating func probeReturned(_ replica: UInt32, _ generation: UInt32, _ settlement: Settlement, cause: EntryID) {
        balancers.probesUnderWay -= 1
        let finding = balancers.probeReturned(
            Int(replica), generation: generation, settlement.outcome, cause: cause, &port)
        if let finding { tellBreakers(finding, of: Int(replica)) }
    }

    /// Tells the breakers of the edge, as far as they listen, how the replicas are.
    private mutating func tellBreakers(_ finding: BalancerHost.Finding, of replica: Int) {
        let place = balancers.balancers[Int(balancers.replicas[replica].balancer)].place
        guard case .guardOn(let edge, _) = place else { return }
        for stage in 0..<UInt8(EdgePlan.guardLimit) {
            guard case .breaker(let breaker)? = edges.guardRef(edge, stage) else { continue }
            let isOfReplica = breakers.scope(Int(breaker)) == .replica
            guard isOfReplica || finding.concernsAll else { continue }
            breakers.healthChanged(
                Int(breaker), part: isOfReplica ? finding.replica : nil,
                to: finding.isHealthy ? .healthy : .unhealthy, cause: finding.entry, &port)
        }
    }
}

extension World {
    // The way of a probe through a service.

    /// A worker has done the work of a probe: there is no effect, and no further call.
    mutating func finishProbe(_ index: UInt32) {
        guard case .probe(let replica, _) = frames[index].owner else { return }
        let share = services.law(of: services.service(of: frames[index].operation)).errors
        let fails = balancers.sampleFailure(share, probeOf: Int(replica))
        let isDoomed = !frames[index].flags.isDisjoint(with: [.isDoomed, .isFoundInvalid])
        leave(index, Settlement(fails || isDoomed ? .failed(.error) : .ok))
    }

    /// How long the work of a probe takes: that of the service, whatever its operations do.
    mutating func probeTime(_ index: UInt32) -> Duration {
        sample(services.law(of: services.service(of: frames[index].operation)).latency, for: index)
    }

    /// How long a probe takes to cross its edge.
    mutating func probeCrossing(_ index: UInt32) -> Duration {
        sample(edges.network(of: frames[index].edge), for: index)
    }

    private mutating func sample(_ law: Distribution, for index: UInt32) -> Duration {
        guard case .probe(let replica, _) = frames[index].owner else { return .zero }
        return balancers.sample(law, probeOf: Int(replica))
    }
}
