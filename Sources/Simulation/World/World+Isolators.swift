import Bulkheads
import Resilience
import Timeline

// Calls in the compartments of an isolator, and calls that limits of rate and load turn away.

extension World {
    /// Which of a guard's limiters a call has to do with.
    func part(of limiter: Int, limiting frame: Frame) -> Int {
        switch limiters.scope(limiter) {
        case .edge: 0
        case .tenant: Int(loads.tenant(ofLoad: frame.origin))
        }
    }

    /// Writes that a limiter has no permit for a call.
    mutating func noteRateLimit(_ index: UInt32, _ limiter: Int, _ retryAfter: Duration) {
        let frame = frames[index]
        var place = Component.guardOn(edge: frame.edge, stage: frame.stage)
        if limiters.scope(limiter) == .tenant {
            let tenant = UInt16(part(of: limiter, limiting: frame))
            place = .guardPart(edge: frame.edge, stage: frame.stage, part: tenant)
        }
        note(index, .rejected, .retryAfter(retryAfter), at: place)
    }

    /// A call as isolators know it.
    func isolated(_ index: UInt32) -> IsolatorHost.Call {
        let frame = frames[index]
        let asks = Isolator.Request(
            type: Int(frame.operation), tenant: Int(loads.tenant(ofLoad: frame.origin)),
            priority: loads.priority(ofLoad: frame.origin), deadline: frame.deadline)
        return IsolatorHost.Call(
            frame: index, asks: asks, key: frame.cacheKey, request: frame.request, cause: frame.cause)
    }

    /// Writes that a compartment turns a call away. Its breaker's refusal is caused by what opened it.
    mutating func noteRefusal(
        _ index: UInt32, byCompartmentOf isolator: Int, _ failure: Failure, _ retryAfter: Duration
    ) {
        let call = isolated(index)
        let compartment = isolators.compartment(isolator, of: call.asks)
        let place = Component.guardPart(
            edge: frames[index].edge, stage: frames[index].stage, part: UInt16(compartment))
        switch failure {
        case .rateLimited:
            note(index, .rejected, .retryAfter(retryAfter), at: place)
        case .breakerOpen:
            frames[index].cause = isolators.lastEntry(isolator, compartment: compartment)
            note(index, .rejected, .retryAfter(retryAfter), at: place)
        case .bulkheadFull:
            let state = isolators.isolator(isolator).compartments[compartment]
            note(
                index, .rejected,
                .occupancy(used: UInt32(clamping: state.running), of: UInt32(clamping: state.settings.room)), at: place)
        default:
            note(index, .rejected, .failure(failure), at: place)
        }
    }

    /// Whether a call that its compartment refused is answered all the same.
    mutating func answersInstead(_ index: UInt32, _ isolator: Int, _ failure: Failure) -> Bool {
        guard isolators.answers(isolator, isolated(index), at: port.now) else { return false }
        note(index, .fellBack, .failure(failure))
        return true
    }

    /// A call leaves its compartment, which may answer instead of its failure.
    mutating func leaveCompartment(
        _ index: UInt32, _ isolator: Int, _ stage: UInt8, _ settlement: inout Settlement
    ) {
        let token = frames.token(of: index, at: stage)
        guard isolators.tell(isolator, isolated(index), settlement.outcome, token: token, &port) else { return }
        frames[index].stage = stage
        note(index, .fellBack, settlement.why)
        settlement = Settlement(.ok)
    }
}

extension Compartment.Settings {
    /// How many calls may run at once.
    fileprivate var room: Int {
        switch isolation {
        case .threads(let threads): threads.maximum
        case .semaphore(let semaphore): semaphore.permits
        }
    }
}
