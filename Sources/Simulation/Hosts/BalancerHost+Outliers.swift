import Gateway
import Resilience
import Timeline

// Whom a balancer leaves out.

extension BalancerHost {
    /// Says which replicas may be called, and sees whether they are too few.
    mutating func review(_ index: Int, cause: EntryID, _ port: inout Port) {
        let wasPanicking = balancers[index].isPanicking
        markObstacles(index, at: port.now)
        port.touched.insert(.replicas)
        let panics = balancers[index].isPanicking
        guard panics != wasPanicking else { return }
        balancers[index].panics += panics ? 1 : 0
        let (eligible, count) = (balancers[index].eligible, balancers[index].chooser.backends.count)
        balancers[index].lastEntry = port.note(
            panics ? .panicked : .calmed, balancers[index].place,
            why: .replicas(eligible: UInt16(clamping: eligible), of: UInt16(clamping: count)), cause: cause)
    }

    func isEjected(_ index: Int, _ replica: Int) -> Bool {
        balancers[index].detector >= 0 && detectors[balancers[index].detector].isEjected(replica)
    }

    /// What is known of a replica's health, if anybody asks.
    func health(of number: Int) -> HealthChecker? {
        let balancer = balancers[Int(replicas[number].balancer)]
        return balancer.firstChecker < 0 ? nil : checkers[balancer.firstChecker + number - balancer.first]
    }

    /// Where the journal says that something happened to a replica.
    func place(of number: Int) -> Component {
        let balancer = balancers[Int(replicas[number].balancer)]
        return balancer.place.part(number - balancer.first, of: balancer.count)
    }

    mutating func note(
        _ change: OutlierDetector.Change, _ index: Int, request: UInt64, cause: EntryID, _ port: inout Port
    ) {
        let number = balancers[index].first + change.host
        let entry: EntryID
        switch change {
        case .ejected(let host, let rule, let moment, _):
            let why = detectors[balancers[index].detector].why(rule, host)
            entry = port.note(.ejected, place(of: number), why: why, request: request, cause: cause)
            replicas[number].ejection = entry
            replicas[number].ejectedAt = moment
        case .returned(_, let moment):
            let why = Why.took(moment - replicas[number].ejectedAt)
            entry = port.note(.readmitted, place(of: number), why: why, cause: replicas[number].ejection)
        }
        balancers[index].lastEntry = entry
        review(index, cause: entry, &port)
    }
}

extension OutlierDetector {
    /// The numbers by which a host has just been found to be an outlier.
    fileprivate func why(_ rule: Rule, _ host: Int) -> Why {
        let rate = Float((successRate(of: host) ?? 0) / 100)
        switch rule {
        case .consecutiveErrors: return .inARow(UInt32(clamping: settings.errors.inARow))
        case .consecutiveGatewayErrors: return .inARow(UInt32(clamping: settings.gatewayErrors.inARow))
        case .consecutiveLocalFailures: return .inARow(UInt32(clamping: settings.localFailures.inARow))
        case .successRate, .localSuccessRate:
            return .share(.successes, rate, limit: Float((comparison?.threshold ?? 0) / 100))
        case .failurePercentage, .localFailurePercentage:
            return .share(.failures, 1 - rate, limit: Float(settings.failurePercentage.threshold) / 100)
        }
    }
}

extension Why {
    /// So many in a row, which is the limit.
    static func inARow(_ count: UInt32) -> Why { .inARow(count, limit: count) }
}

extension OutlierDetector.Outcome {
    /// What a call's end says of the replica that it went to; nil if it says nothing.
    init?(_ outcome: Outcome) {
        guard case .failed(let failure) = outcome else {
            self = .success
            return
        }
        switch failure {
        case .error, .dependency, .compensated, .leftUndone: self = .serverError
        case .queueFull, .dropped, .connectionLost: self = .gatewayError
        case .refused: self = .connectFailure
        case .timedOut: self = .timeout
        // The caller's fault, well answered.
        case .invalid, .conflict, .voided, .soldOut, .unauthorized, .notFound, .overLimit: self = .success
        case .breakerOpen, .bulkheadFull, .outOfRoom, .rateLimited, .throttled, .limitReached, .noConnection,
            .outOfMemory, .noReplica, .deadlineExceeded, .cancelled:
            return nil
        }
    }
}
