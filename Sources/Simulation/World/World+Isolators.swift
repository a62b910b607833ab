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

    /// A call as isolators know it. Part of its callers, since else the whole world is copied for it.
    @inline(__always)
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

    /// A call that its compartment refused is answered all the same, if `settlement` says so then. True if it waits for
    /// somebody else's answer.
    mutating func answer(
        _ index: UInt32, insteadOfRefusalBy isolator: Int, _ settlement: inout Settlement
    ) -> Bool {
        let stage = frames[index].stage
        var token: UInt32 = 0
        let decision = isolators.answer(
            insteadOfRefusing: isolated(index), by: isolator, token: &token, at: port.now)
        frames.keep(token, for: index, at: stage)
        return carryOut(decision, index, stage, &settlement)
    }

    /// A call leaves its compartment, which may answer instead of its failure. True if the call waits for somebody
    /// else's answer.
    mutating func leaveCompartment(
        _ index: UInt32, _ isolator: Int, _ stage: UInt8, _ settlement: inout Settlement
    ) -> Bool {
        var token = frames.token(of: index, at: stage)
        let decision = isolators.tell(
            isolator, isolated(index), settlement.outcome, forNobody: frames.isOrphan(frames[index]), token: &token,
            &port)
        frames.keep(token, for: index, at: stage)
        return carryOut(decision, index, stage, &settlement)
    }

    /// A call that was withdrawn leaves its compartment, and wants no other answer.
    mutating func abandonCompartment(_ index: UInt32, _ isolator: Int, _ stage: UInt8) {
        var token = frames.token(of: index, at: stage)
        _ = isolators.tell(isolator, isolated(index), .failed(.cancelled), forNobody: true, token: &token, &port)
        isolators.fallbackEnded(isolator, .ignored, token: &token)
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
