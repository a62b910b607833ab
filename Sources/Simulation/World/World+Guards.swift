import Bulkheads
import Resilience
import Timeline

// What the guards of an edge say to a call that wants to pass, and hear of one that comes back.

extension World {
    /// Asks the guard that a call has reached whether it may pass. Part of its only caller, to whom the answer then goes
    /// in registers.
    @inline(__always)
    mutating func ask(_ guardRef: GuardRef, _ index: UInt32) -> Verdict {
        switch guardRef {
        case .bulkhead(let pool):
            bulkheads.ask(
                Int(pool), frame: index, priority: loads.priority(ofLoad: frames[index].origin),
                deadline: frames[index].deadline, &port)
        case .semaphore(let semaphore):
            semaphores.ask(Int(semaphore), frame: index, &port)
        case .breaker(let breaker):
            breakers.ask(
                Int(breaker), part: part(of: Int(breaker), frames[index]), request: frames[index].request,
                cause: frames[index].cause, &port)
        case .retry(let retry):
            beginRetrying(Int(retry))
        case .fallback:
            .pass(token: 0)
        case .hedge(let hedge):
            self.hedge(index, Int(hedge))
        case .timeout(let limit):
            watch(index, Int(limit))
        case .balancer(let balancer):
            chooseReplica(index, Int(balancer), frames[index].stage)
        case .connections(let pool):
            takeConnection(index, Int(pool))
        case .memory(let memory):
            memories.ask(Int(memory), request: frames[index].request, cause: frames[index].cause, &port)
        case .limiter(let limiter):
            limiters.ask(
                Int(limiter), part: part(of: Int(limiter), limiting: frames[index]), deadline: frames[index].deadline,
                at: port.now)
        case .throttle(let throttle):
            throttles.ask(Int(throttle), at: port.now)
        case .concurrency(let limit):
            concurrencies.ask(Int(limit), &port)
        case .isolator(let isolator):
            isolators.ask(Int(isolator), isolated(index), &port)
        }
    }

    private mutating func chooseReplica(_ index: UInt32, _ balancer: Int, _ stage: UInt8) -> Verdict {
        let tried = TriedReplicas(token: frames.token(of: frames.outermost(of: index), at: stage))
        guard let replica = balancers.pick(balancer, key: frames[index].key, tried: tried, at: port.now) else {
            return .reject(.noReplica, retryAfter: .zero)
        }
        frames[index].replica = UInt8(replica)
        return .pass(token: remember(replica, triedBy: index, stage))
    }

    /// An attempt goes to a replica: all parts of its call remember that, for attempts after it and beside it. Returns
    /// what the part itself remembers.
    private mutating func remember(_ replica: Int, triedBy index: UInt32, _ stage: UInt8) -> UInt32 {
        var part: UInt32? = index
        while let each = part {
            var tried = TriedReplicas(token: frames.token(of: each, at: stage))
            tried.add(replica)
            frames.keep(tried.token, for: each, at: stage)
            part = frames.part(outside: each)
        }
        return frames.token(of: index, at: stage)
    }

    /// Which of a guard's breakers a call has to do with.
    func part(of breaker: Int, _ frame: Frame) -> Int {
        switch breakers.scope(breaker) {
        case .edge, .caller: 0
        case .operation: services.ordinal(of: frame.operation)
        case .replica: Int(frame.replica)
        }
    }

    private mutating func beginRetrying(_ retry: Int) -> Verdict {
        retries.begin(retry, at: port.now)
        return .pass(token: 0)
    }

    /// A guard turns a call away. A breaker's refusal is caused by what opened it, a balancer's by what it found last.
    mutating func reject(_ index: UInt32, _ guardRef: GuardRef, _ failure: Failure, _ retryAfter: Duration) {
        switch guardRef {
        case .breaker(let breaker):
            frames[index].cause = breakers.lastEntry(Int(breaker), part: part(of: Int(breaker), frames[index]))
            note(index, .rejected, .retryAfter(retryAfter))
        case .bulkhead(let pool):
            let pool = bulkheads.pools[Int(pool)]
            note(
                index, .rejected,
                .occupancy(used: UInt32(clamping: pool.queued), of: UInt32(clamping: pool.settings.queue)))
        case .semaphore(let semaphore):
            let semaphore = semaphores.semaphores[Int(semaphore)]
            note(
                index, .rejected,
                .occupancy(
                    used: UInt32(clamping: semaphore.inUse), of: UInt32(clamping: semaphore.settings.permits)))
        case .balancer(let balancer):
            frames[index].cause = balancers.balancers[Int(balancer)].lastEntry
            noteRefusal(index, failure)
        case .connections(let pool):
            if let leak = connections.lastLeak(Int(pool)) { frames[index].cause = leak }
            note(index, .rejected, connections.occupancy(Int(pool)))
        case .memory(let memory):
            if let growth = memories.growthCause(Int(memory)) { frames[index].cause = growth }
            note(index, .rejected, memories.guards[Int(memory)].lastRefusal)
        case .limiter(let limiter):
            noteRateLimit(index, Int(limiter), retryAfter)
        case .throttle(let throttle):
            note(index, .rejected, throttles.why(Int(throttle), at: port.now))
        case .concurrency(let limit):
            let limit = concurrencies.limit(Int(limit))
            note(
                index, .rejected,
                .occupancy(used: UInt32(clamping: limit.inFlight), of: UInt32(clamping: limit.limit)))
        case .isolator(let isolator):
            noteRefusal(index, byCompartmentOf: Int(isolator), failure, retryAfter)
            var settlement = Settlement(.failed(failure), retryAfter: retryAfter)
            if !answer(index, insteadOfRefusalBy: Int(isolator), &settlement) { settle(index, settlement) }
            return
        case .fallback, .hedge, .retry, .timeout:
            noteRefusal(index, failure)
        }
        settle(index, Settlement(.failed(failure), retryAfter: retryAfter))
    }

    /// A call has stood in line for as long as it may: its guard says so in due form.
    mutating func waitedTooLong(_ index: UInt32) {
        frames[index].timer = .none
        switch edges.guardRef(frames[index].edge, frames[index].stage) {
        case .semaphore(let semaphore): semaphores.expire(Int(semaphore), &port)
        case .isolator(let isolator): isolators.expire(Int(isolator), isolated(index), &port)
        default: break
        }
    }

    /// A guard, or the queue of a service, lets a call wait no longer.
    mutating func turnAway(_ index: UInt32, _ failure: Failure) {
        port.cancel(&frames[index].timer)
        guard frames[index].phase == .waiting else { return drop(index, failure) }
        guard let guardRef = edges.guardRef(frames[index].edge, frames[index].stage) else { return }
        frames[index].phase = .guarding
        reject(index, guardRef, failure, .zero)
    }

    /// Writes that a call ends here for want of room or time.
    mutating func noteRefusal(_ index: UInt32, _ failure: Failure) {
        switch failure {
        case .outOfRoom: note(index, .outOfRoom, .count(UInt32(frames.live)), at: .system)
        default: note(index, .rejected, .failure(failure))
        }
    }

    /// Tells the guards of a frame from the innermost outwards. False if one takes the call in again.
    mutating func tellGuards(_ index: UInt32, _ settlement: inout Settlement) -> Bool {
        let frame = frames[index]
        var began = frame.attemptAt
        for stage in (frame.firstStage..<frame.stage).reversed() {
            switch edges.guardRef(frame.edge, stage) {
            case .breaker(let breaker):
                breakers.tell(
                    Int(breaker), part: part(of: Int(breaker), frame), settlement.outcome, took: port.now - began,
                    token: frames.token(of: index, at: stage), request: frame.request, cause: frames[index].cause,
                    &port)
            case .bulkhead(let pool):
                let end: ThreadPool.Outcome = settlement.outcome.isOK ? .success : .failure
                bulkheads.tell(
                    Int(pool), frames.isOrphan(frame) ? .forNobody : end, token: frames.token(of: index, at: stage),
                    &port)
            case .semaphore(let semaphore):
                semaphores.tell(Int(semaphore), forNobody: frames.isOrphan(frame), &port)
            case .balancer(let balancer):
                balancers.tell(
                    Int(balancer), replica: Int(frame.replica), settlement.outcome, took: port.now - began,
                    request: frame.request, cause: frames[index].cause, &port)
            case .retry(let retry):
                guard !goesAgain(index, Int(retry), stage, &settlement) else { return false }
                began = frame.startedAt
            case .fallback(let fallback):
                guard !askFallback(index, Int(fallback), stage, &settlement) else { return false }
            case .connections(let pool):
                returnConnection(index, Int(pool), stage, &settlement)
            case .memory(let memory):
                memories.tell(
                    Int(memory), token: frames.token(of: index, at: stage), request: frame.request,
                    cause: frames[index].cause, &port)
            case .limiter(let limiter):
                limiters.tell(
                    Int(limiter), part: part(of: Int(limiter), limiting: frame), settlement.outcome,
                    token: frames.token(of: index, at: stage), at: port.now)
            case .throttle(let throttle):
                throttles.tell(Int(throttle), settlement.outcome, at: port.now)
            case .concurrency(let limit):
                concurrencies.tell(
                    Int(limit), settlement.outcome, token: frames.token(of: index, at: stage), request: frame.request,
                    cause: frames[index].cause, &port)
            case .isolator(let isolator):
                guard !leaveCompartment(index, Int(isolator), stage, &settlement) else { return false }
            case .hedge, .timeout, nil:
                break
            }
        }
        frames[index].stage = frame.firstStage
        return true
    }

    /// Answers instead of a failure, or asks somebody else to. True if the call waits for that.
    private mutating func askFallback(
        _ index: UInt32, _ fallback: Int, _ stage: UInt8, _ settlement: inout Settlement
    ) -> Bool {
        var token: UInt32 = 0
        let decision = fallbacks.tell(
            fallback, settlement.outcome, key: frames[index].cacheKey, token: &token, at: port.now)
        frames.keep(token, for: index, at: stage)
        return carryOut(decision, index, stage, &settlement)
    }

    /// Does what the guard at a stage has decided instead of a failure. True if the call waits for somebody else's
    /// answer.
    mutating func carryOut(
        _ decision: FallbackDecision, _ index: UInt32, _ stage: UInt8, _ settlement: inout Settlement
    ) -> Bool {
        switch decision {
        case .stands:
            return false
        case .answered:
            frames[index].stage = stage
            note(index, .fellBack, settlement.why)
            settlement = Settlement(.ok)
            return false
        case .asks(let call):
            frames[index].stage = stage
            note(index, .fellBack, settlement.why)
            frames[index].stage = stage + 1
            frames[index].phase = .fallingBack
            frames[index].outcome = settlement.outcome
            if settlement.mayHaveHappened { frames[index].flags.insert(.mayHaveHappened) }
            place(frames[index].child(owner: frames.id(of: index)), on: call)
            return true
        }
    }

    /// The service that was asked instead has answered: with its answer, or the failure that it could not mend, the
    /// call goes on outwards.
    mutating func fallbackReturned(to index: UInt32, _ answer: Settlement) {
        endFallback(index, answer.outcome.isOK ? .success : .failure)
        guard !answer.outcome.isOK else { return settle(index, answer) }
        settle(index, frames[index].failure)
    }

    /// The guard that a call is inside of hears how the service fared that it had asked; the call is outside of it then.
    mutating func endFallback(_ index: UInt32, _ outcome: CircuitBreaker.Outcome) {
        let stage = frames[index].stage - 1
        frames[index].stage = stage
        var token = frames.token(of: index, at: stage)
        switch edges.guardRef(frames[index].edge, stage) {
        case .fallback(let fallback): fallbacks.ended(Int(fallback), outcome, token: &token)
        case .isolator(let isolator): isolators.fallbackEnded(Int(isolator), outcome, token: &token)
        default: return
        }
        frames.keep(token, for: index, at: stage)
    }

    /// Writes why a call is not tried again; of a failure that nobody would retry there is nothing to say.
    private mutating func noteGivingUp(_ index: UInt32, _ reason: RetryPolicy.Reason, most: Int) {
        switch reason {
        case .attemptsExhausted(let attempts):
            note(index, .gaveUp, .attempt(UInt16(clamping: attempts), of: UInt16(clamping: most)))
        case .outOfTime(let elapsed): note(index, .gaveUp, .took(elapsed))
        case .budgetExhausted: note(index, .gaveUp, .budgetSpent)
        case .notRetryable: break
        }
    }

    private mutating func goesAgain(
        _ index: UInt32, _ retry: Int, _ stage: UInt8, _ settlement: inout Settlement
    ) -> Bool {
        if settlement.mayHaveHappened { frames[index].flags.insert(.mayHaveHappened) }
        var token = frames.token(of: index, at: stage)
        let decision = retries.tell(
            retry, settlement.outcome, retryAfter: settlement.retryAfter, began: frames[index].attemptAt,
            token: &token, at: port.now)
        frames.keep(token, for: index, at: stage)
        switch decision {
        case .outward:
            settlement.mayHaveHappened = frames[index].flags.contains(.mayHaveHappened)
            return false
        case .givesUp(let reason):
            settlement.mayHaveHappened = frames[index].flags.contains(.mayHaveHappened)
            frames[index].stage = stage
            noteGivingUp(index, reason, most: retries.policy(retry).attempts)
            return false
        case .again(let delay):
            frames[index].stage = stage
            note(index, .backsOff, .delay(delay))
            frames[index].stage = stage + 1
            frames[index].phase = .backingOff
            frames[index].timer = port.schedule(after: delay, .retries(index))
            return true
        }
    }
}
