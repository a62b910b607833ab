import Gateway
import Resilience
import Timeline

/// The chapter of those who choose the replica that a call goes to, and of what they know of the replicas.
///
/// Replicas are numbered over all balancers, so that an event can name one.
struct BalancerHost: Sendable {
    struct Balancer: Sendable {
        var plan: BalancerPlan
        var place: Component
        /// An operation of its service: probes find the service by it.
        var operation: UInt16
        /// The number of its service, and the name, from which its replicas have theirs.
        var target: Int
        var service: String
        /// Its replicas stand from here on.
        var first: Int
        var count: Int
        /// How many of them run, the first ones.
        var running: Int
        /// Chooses among these, each at the place that is its number.
        var chooser: Gateway.Balancer
        /// Whose turn it is, of calls without a key where the key decides.
        var turns = RoundRobin()
        /// Calls that it found no replica for.
        var refused: UInt64 = 0
        var panics: UInt64 = 0
        /// Where its outlier detector stands, if it has one; -1 for none.
        var detector = -1
        /// Where the health checkers of its replicas stand, from the first on; -1 for none.
        var firstChecker = -1
        /// The entry of the latest change: the cause of what it refuses.
        var lastEntry = EntryID.none
        var picks: RandomStream
        var judgements: RandomStream

        var replicas: Range<Int> { first..<(first + count) }
        /// How many replicas may be called, panic apart.
        var eligible: Int { chooser.backends.healthyCount }
        var isPanicking: Bool { chooser.backends.isPanicking }
    }

    struct Replica: Sendable {
        var balancer: UInt16
        /// Its name to the chooser; nil if it does not run.
        var id: BackendID?
        /// How often it has come.
        var lives: UInt32 = 0
        var isEligible = true
        /// The share of all keys that are its own, where that is known.
        var keyShare: Double?
        var underWay: UInt32 = 0
        var picked: UInt64 = 0
        var ok: UInt64 = 0
        var failed: UInt64 = 0
        /// The latest entry about a call to it that failed.
        var lastFailure = EntryID.none
        /// The entries of its ejection and of its falling ill: the causes of what ends them.
        var ejection = EntryID.none
        var illness = EntryID.none
        var ejectedAt = Instant.zero
        /// The probe that is out, and the timer of the next check or of that probe's limit.
        var probe: FrameID?
        var timer = Agenda.TimerID.none
    }

    var balancers: [Balancer] = []
    var replicas: [Replica] = []
    /// Where the keys of each balancer go; those of one that does not look at keys are empty.
    var keyMaps: [KeyMap] = []
    var detectors: [OutlierDetector] = []
    var checkers: [HealthChecker] = []
    /// Chance in the checks of each balancer: when they are made, how long they take.
    var checkDraws: [RandomStream] = []
    /// How many probes are under way, late ones included.
    var probesUnderWay = 0

    /// A balancer of so many replicas. Its first checks, if it makes any, are due at once.
    mutating func add(
        _ plan: BalancerPlan, of service: ServicePlan, target: Int, operation: UInt16?, at place: Component,
        seed: UInt64,
        name: String, _ port: inout Port
    ) -> UInt16 {
        let count = service.replicas
        func stream(_ purpose: String) -> RandomStream { RandomStream(seed: seed, name: name, purpose: purpose) }
        let index = balancers.count
        balancers.append(
            Balancer(
                plan: plan, place: place, operation: operation ?? 0, target: target, service: service.name,
                first: replicas.count, count: count, running: service.runningReplicas,
                chooser: Gateway.Balancer(plan.settings, at: port.now), picks: stream("balancer"),
                judgements: stream("outliers")))
        replicas += repeatElement(Replica(balancer: UInt16(index)), count: count)
        keyMaps.append(KeyMap())
        beginChoosing(index, at: port.now)
        checkDraws.append(stream("health checks"))
        if let settings = plan.outliers {
            balancers[index].detector = detectors.count
            detectors.append(OutlierDetector(settings, hosts: service.runningReplicas, at: port.now))
            port.schedule(after: settings.interval, .detectionEnds(UInt32(index)))
        }
        // A service without operations is never called.
        if let health = plan.health, operation != nil {
            balancers[index].firstChecker = checkers.count
            for replica in balancers[index].replicas {
                checkers.append(HealthChecker(health.settings, at: port.now, using: &checkDraws[index]))
                guard replica < balancers[index].first + service.runningReplicas else { continue }
                replicas[replica].timer = port.schedule(after: .zero, .checkDue(UInt32(replica)))
            }
        }
        return UInt16(index)
    }

    /// A replica for a call with this key, or 0 for none, that has been to others; nil if none may be called.
    mutating func pick(_ index: Int, key: UInt32, tried: TriedReplicas, at now: Instant) -> Int? {
        guard let replica = kept(index, tried) ?? choose(index, key: key, avoiding: tried, at: now) else {
            balancers[index].refused += 1
            return nil
        }
        let number = balancers[index].first + replica
        if let id = replicas[number].id { balancers[index].chooser.begin(id) }
        replicas[number].underWay += 1
        replicas[number].picked += 1
        return replica
    }

    /// How a call to a replica has ended, and after how long.
    mutating func tell(
        _ index: Int, replica: Int, _ outcome: Outcome, took: Duration, request: UInt64, cause: EntryID,
        _ port: inout Port
    ) {
        let number = balancers[index].first + replica
        let told = OutlierDetector.Outcome(outcome)
        replicas[number].underWay -= 1
        if let id = replicas[number].id {
            let outcome: CircuitBreaker.Outcome = told.map { $0 == .success ? .success : .failure } ?? .ignored
            balancers[index].chooser.end(id, took: took, outcome, at: port.now)
        }
        guard let told else { return }
        if told == .success {
            replicas[number].ok += 1
        } else {
            replicas[number].failed += 1
            replicas[number].lastFailure = cause
        }
        let detector = balancers[index].detector
        guard detector >= 0,
            let change = detectors[detector].record(
                told, of: replica, at: port.now, using: &balancers[index].judgements)
        else { return }
        note(change, index, request: request, cause: cause, &port)
    }

    /// An interval of a balancer's outlier detector ends.
    mutating func endInterval(_ index: Int, _ port: inout Port) {
        let detector = balancers[index].detector
        for change in detectors[detector].advance(to: port.now, using: &balancers[index].judgements) {
            note(change, index, request: 0, cause: replicas[balancers[index].first + change.host].lastFailure, &port)
        }
        port.agenda.schedule(.detectionEnds(UInt32(index)), at: detectors[detector].nextInterval)
    }

    /// Takes over changed settings.
    mutating func change(_ index: Int, to plan: BalancerPlan, _ port: inout Port) {
        let old = balancers[index].plan
        guard plan != old else { return }
        balancers[index].plan = plan
        if plan.by != old.by || plan.settings != old.settings {
            beginChoosing(index, at: port.now)
        } else if plan.weights != old.weights {
            updateMembers(index, at: port.now)
        }
        if let outliers = plan.outliers, balancers[index].detector >= 0 {
            detectors[balancers[index].detector].changeSettings(outliers)
        }
        if let health = plan.health { changeChecks(index, to: health.settings, &port) }
        review(index, cause: .none, &port)
    }
}

extension BalancerHost {
    func mix(into digest: inout Digest) {
        for var balancer in balancers {
            let backends = balancer.chooser.backends
            digest.mix(UInt64(backends.candidateCount) << 1 | (balancer.isPanicking ? 1 : 0), balancer.picks.next())
            digest.mix(UInt64(backends.count), UInt64(backends.inFlight))
            digest.mix(balancer.refused, balancer.judgements.next())
        }
        for replica in replicas {
            digest.mix(UInt64(replica.underWay), replica.picked)
            digest.mix(replica.ok, replica.failed)
        }
        for detector in detectors {
            digest.mix(UInt64(detector.ejectedCount), UInt64(bitPattern: detector.nextInterval.nanoseconds))
        }
        for checker in checkers {
            digest.mix(UInt64(checker.state.rawValue), UInt64(bitPattern: checker.nextCheck.nanoseconds))
            digest.mix(UInt64(checker.totals.probes), UInt64(checker.totals.failed))
        }
        for var draws in checkDraws { digest.mix(draws.next(), UInt64(probesUnderWay)) }
    }
}
