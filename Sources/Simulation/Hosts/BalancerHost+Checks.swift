import Resilience
import Timeline

extension BalancerHost {
    /// What a balancer has learnt of a replica's health.
    struct Finding {
        /// The replica, from 0 within its balancer.
        var replica: Int
        var isHealthy: Bool
        /// Whether it concerns all replicas: none is healthy any more, or this one is the first again.
        var concernsAll: Bool
        var entry: EntryID
    }

    /// What to do at the moment of a check.
    struct Check {
        /// The probe to send.
        var probe: HealthChecker.Probe?
        /// The one that has not come back in time.
        var late: FrameID?
        var finding: Finding?
    }

    /// A check is due, or the time of a probe is over; `cause` is the latest entry about that probe.
    mutating func check(_ number: Int, cause: EntryID, _ port: inout Port) -> Check {
        let (balancer, checker) = places(of: number)
        replicas[number].timer = .none
        let start = checkers[checker].startProbe(at: port.now, using: &checkDraws[balancer])
        var check = Check(probe: start.probe)
        if case .notDue = start {
            check.late = replicas[number].probe
            replicas[number].probe = nil
        }
        check.finding = start.change.flatMap { note($0, number, cause: cause, &port) }
        setTimer(number, checker, &port)
        return check
    }

    /// A probe has come back. Nil if nothing changes, or nobody waits for it any more.
    mutating func probeReturned(
        _ number: Int, generation: UInt32, _ outcome: Outcome, cause: EntryID, _ port: inout Port
    ) -> Finding? {
        let (balancer, checker) = places(of: number)
        guard let probe = checkers[checker].probe, token(of: probe, to: number) == generation,
            replicas[number].id != nil, port.now < probe.deadline
        else { return nil }
        let change = checkers[checker].ended(
            probe, HealthChecker.Result(outcome), at: port.now, using: &checkDraws[balancer])
        replicas[number].probe = nil
        port.cancel(&replicas[number].timer)
        setTimer(number, checker, &port)
        return change.flatMap { note($0, number, cause: cause, &port) }
    }

    /// What a probe is known by when it comes back: which of the replica's life it is, and of its checker.
    func token(of probe: HealthChecker.Probe, to number: Int) -> UInt32 {
        probe.generation &+ replicas[number].lives &* 0x0100_0000
    }

    /// Takes over changed settings of checks; the next one comes no later than they say.
    mutating func changeChecks(_ index: Int, to settings: HealthChecker.Settings, _ port: inout Port) {
        guard balancers[index].firstChecker >= 0 else { return }
        for number in balancers[index].replicas {
            let (_, checker) = places(of: number)
            guard settings != checkers[checker].settings else { continue }
            checkers[checker].changeSettings(settings, at: port.now)
            guard replicas[number].id != nil else { continue }
            port.cancel(&replicas[number].timer)
            setTimer(number, checker, &port)
        }
    }

    /// What a replica does to answer a check.
    func depth(ofProbesOf number: Int) -> HealthCheckPlan.Depth {
        balancers[Int(replicas[number].balancer)].plan.health?.depth ?? .shallow
    }

    /// Where the balancer of a replica and its health checker stand.
    private func places(of number: Int) -> (balancer: Int, checker: Int) {
        let index = Int(replicas[number].balancer)
        return (index, balancers[index].firstChecker + number - balancers[index].first)
    }

    private mutating func setTimer(_ number: Int, _ checker: Int, _ port: inout Port) {
        let next = checkers[checker].nextTimedChange ?? checkers[checker].nextCheck
        replicas[number].timer = port.agenda.schedule(
            .checkDue(UInt32(number)), at: max(next, port.now))
    }

    /// Writes what has changed. A replica that nothing was known of was called all the same, so that it is well is no
    /// change.
    private mutating func note(
        _ change: HealthChecker.Change, _ number: Int, cause: EntryID, _ port: inout Port
    ) -> Finding? {
        let index = Int(replicas[number].balancer)
        let others = balancers[index].replicas.filter { $0 != number && replicas[$0].id != nil }
        let entry: EntryID
        let finding: Finding
        switch change {
        case .becameHealthy(.firstCheck, _):
            return nil
        case .becameHealthy(let reason, _):
            entry = port.note(
                .healthy, place(of: number), why: Why(reason, isGood: true), cause: replicas[number].illness)
            finding = Finding(
                replica: number - balancers[index].first, isHealthy: true,
                concernsAll: others.allSatisfy { health(of: $0)?.state != .healthy }, entry: entry)
        case .becameUnhealthy(let reason, _):
            entry = port.note(.unhealthy, place(of: number), why: Why(reason, isGood: false), cause: cause)
            replicas[number].illness = entry
            finding = Finding(
                replica: number - balancers[index].first, isHealthy: false,
                concernsAll: others.allSatisfy { health(of: $0)?.state == .unhealthy }, entry: entry)
        }
        balancers[index].lastEntry = entry
        review(index, cause: entry, &port)
        return finding
    }

    // Chance in the way of a probe is the checks' own: with checks or without, the calls find the same network.

    /// How long a probe takes to cross a network, or to be worked on.
    mutating func sample(_ law: Distribution, probeOf number: Int) -> Duration {
        law.sample(using: &checkDraws[Int(replicas[number].balancer)])
    }

    /// Whether the work of a probe fails.
    mutating func sampleFailure(_ share: Double, probeOf number: Int) -> Bool {
        checkDraws[Int(replicas[number].balancer)].chance(share)
    }
}

extension HealthChecker.Result {
    fileprivate init(_ outcome: Outcome) {
        guard case .failed(let failure) = outcome else {
            self = .success
            return
        }
        self = .failure(failure == .refused || failure == .connectionLost ? .connection : .unexpectedStatus)
    }
}

extension Why {
    fileprivate init(_ reason: HealthChecker.Reason, isGood: Bool) {
        self =
            switch reason {
            case .firstCheck, .immediate, .reported: .health(isGood: isGood)
            case .successes(let count): .probes(ok: UInt16(clamping: count), of: UInt16(clamping: count))
            case .failures(let count): .inARow(UInt32(clamping: count))
            }
    }
}
