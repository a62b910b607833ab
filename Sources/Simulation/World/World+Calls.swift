import Bulkheads
import Resilience
import Timeline

// The way of a call: inwards through the guards of its edge, over the network, and back.

extension World {
    /// A request from outside begins.
    mutating func begin(_ call: CallPlan, from load: UInt32, key: UInt32, amount: Int64) {
        var frame = Frame()
        frame.owner = .load(load)
        frame.request = nextRequest()
        frame.key = key
        frame.amount = amount
        frame.cause = port.note(.arrived, .load(UInt16(load)), request: frame.request)
        meters.begin(load: load)
        place(frame, on: call)
    }

    /// Makes a call for an owner, from the outermost guard on.
    mutating func place(_ frame: Frame, on call: CallPlan) {
        var frame = frame
        frame.edge = UInt16(call.edge)
        frame.operation = UInt16(call.operation)
        frame.startedAt = port.now
        frame.attemptAt = port.now
        meters.begin(operation: frame.operation)
        let hasRoom = frames.hasRoom
        let index = take(frame)
        guard hasRoom else { return refuseForLackOfRoom(index) }
        pass(index)
    }

    private mutating func refuseForLackOfRoom(_ index: UInt32) {
        note(index, .outOfRoom, .count(UInt32(frames.live)), at: .system)
        settle(index, Settlement(.failed(.outOfRoom)))
    }

    /// Takes a call through the guards, from the one that it has reached, and on to the network.
    mutating func pass(_ start: UInt32) {
        var index = start
        let edge = frames[index].edge
        var stage = frames[index].stage
        while let guardRef = edges.guardRef(edge, stage) {
            let verdict: Verdict
            switch guardRef {
            case .bulkhead(let pool):
                verdict = bulkheads.ask(Int(pool), frame: index, &port)
            case .breaker(let breaker):
                verdict = breakers.ask(
                    Int(breaker), request: frames[index].request, cause: frames[index].cause, &port)
            case .retry:
                verdict = .pass(token: 0)
            case .timeout(let limit):
                frames[index].stage = stage
                guard frames.hasRoom else { return refuseForLackOfRoom(index) }
                index = watch(index, Int(limit))
                stage += 1
                continue
            }
            switch verdict {
            case .pass(let token):
                frames.keep(token, for: index, at: stage)
                stage += 1
            case .wait:
                frames[index].stage = stage
                frames[index].phase = .waiting
                note(index, .waits, .itself)
                return
            case .reject(let failure, let retryAfter):
                frames[index].stage = stage
                reject(index, guardRef, failure, retryAfter)
                return
            }
        }
        frames[index].stage = stage
        send(index)
    }

    /// A guard turns a call away. A breaker's refusal is caused by what opened it.
    private mutating func reject(
        _ index: UInt32, _ guardRef: GuardRef, _ failure: Failure, _ retryAfter: Duration
    ) {
        switch guardRef {
        case .breaker(let breaker):
            frames[index].cause = breakers.lastEntry(Int(breaker))
            note(index, .rejected, .retryAfter(retryAfter))
        case .bulkhead(let pool):
            let pool = bulkheads.pools[Int(pool)]
            note(
                index, .rejected,
                .occupancy(used: UInt32(clamping: pool.queued), of: UInt32(clamping: pool.settings.queue)))
        case .retry, .timeout:
            break
        }
        settle(index, Settlement(.failed(failure), retryAfter: retryAfter))
    }

    /// Splits a call at a time limit: the frame stays behind and watches, a new one goes on.
    private mutating func watch(_ outer: UInt32, _ limit: Int) -> UInt32 {
        var inner = frames[outer]
        inner.owner = .frame(frames.id(of: outer))
        inner.firstStage = inner.stage + 1
        inner.stage = inner.firstStage
        inner.startedAt = port.now
        inner.attemptAt = port.now
        let index = take(inner)
        frames[outer].watch(index, until: timeLimits.watch(limit, frame: outer, &port))
        return index
    }

    /// The limit has passed: the caller goes on at once, what is inside is left alone with what it holds.
    mutating func timeOut(_ outer: UInt32) {
        frames[outer].timer = .none
        frames[outer].cause = frames[frames[outer].watched].cause
        frames.disown(outer)
        if case .timeout(let limit)? = edges.guardRef(frames[outer].edge, frames[outer].stage) {
            note(outer, .timedOut, .limit(timeLimits.expired(Int(limit))))
        }
        settle(outer, Settlement(.failed(.timedOut)))
    }

    /// Puts a call on the network.
    private mutating func send(_ index: UInt32) {
        let edge = frames[index].edge
        note(index, .sent, .attempt(UInt16(frames[index].attempt), of: 0), at: .edge(edge))
        frames[index].phase = .crossing
        frames[index].flags.remove(.losesReply)
        var delay = edges.attempt(on: edge)
        if let impact = faults.strike(edge: Int(edge)) {
            noteHit(index, impact, at: .edge(edge))
            delay = delay + impact.extra
            if impact.hangs {
                frames[index].phase = .held
                return
            }
            if impact.fails { frames[index].flags.insert(.losesReply) }
        }
        if delay > .zero {
            port.schedule(after: delay, .call(.delivered(index)))
        } else {
            arrive(index)
        }
    }

    /// Those who waited at a bulkhead go on.
    mutating func resume(_ index: UInt32) {
        frames[index].phase = .guarding
        let stage = frames[index].stage
        // A breaker inside is not to see the wait; one outside, which comes first, is.
        if !edges.hasBreaker(frames[index].edge, frames[index].firstStage..<stage) {
            frames[index].attemptAt = port.now
        }
        frames.keep(0, for: index, at: stage)
        frames[index].stage = stage + 1
        pass(index)
    }

    /// The back-off is over: a new attempt begins behind the retry.
    mutating func retry(_ index: UInt32) {
        frames[index].phase = .guarding
        frames[index].attemptAt = port.now
        frames[index].attempt = frames[index].attempt == .max ? .max : frames[index].attempt + 1
        pass(index)
    }
}

extension World {
    /// Takes a result outwards: every guard that the call has passed hears of it, then its owner.
    mutating func settle(_ start: UInt32, _ result: Settlement) {
        var index = start
        var settlement = result
        while true {
            guard tellGuards(index, &settlement) else { return }
            guard case .frame(let owner) = frames[index].owner, frames[index].firstStage > 0 else { break }
            guard frames.isAlive(owner) else {
                note(index, .cameTooLate, .took(port.now - frames[index].attemptAt))
                release(index)
                return
            }
            // The attempt came back in time: the part that watched it goes on outwards.
            port.cancel(&frames[owner.index].timer)
            frames[owner.index].cause = frames[index].cause
            release(index)
            index = owner.index
        }
        finish(index, settlement)
    }

    /// Tells the guards from the innermost outwards. False if a retry takes the call in again.
    private mutating func tellGuards(_ index: UInt32, _ settlement: inout Settlement) -> Bool {
        let frame = frames[index]
        var began = frame.attemptAt
        for stage in (frame.firstStage..<frame.stage).reversed() {
            switch edges.guardRef(frame.edge, stage) {
            case .breaker(let breaker):
                breakers.tell(
                    Int(breaker), settlement.outcome, took: port.now - began, token: frames.token(of: index, at: stage),
                    request: frame.request, cause: frames[index].cause, &port)
            case .bulkhead(let pool):
                bulkheads.tell(Int(pool), &port)
            case .retry(let retry):
                guard !goesAgain(index, Int(retry), stage, &settlement) else { return false }
                began = frame.startedAt
            case .timeout, nil:
                break
            }
        }
        frames[index].stage = frame.firstStage
        return true
    }

    private mutating func goesAgain(
        _ index: UInt32, _ retry: Int, _ stage: UInt8, _ settlement: inout Settlement
    ) -> Bool {
        if settlement.mayHaveHappened { frames[index].flags.insert(.mayHaveHappened) }
        var token = frames.token(of: index, at: stage)
        let decision = retries.tell(
            retry, settlement.outcome, retryAfter: settlement.retryAfter, token: &token)
        frames.keep(token, for: index, at: stage)
        switch decision {
        case .outward:
            settlement.mayHaveHappened = frames[index].flags.contains(.mayHaveHappened)
            return false
        case .exhausted(let attempts):
            settlement.mayHaveHappened = frames[index].flags.contains(.mayHaveHappened)
            let most = retries.policy(retry).attempts
            frames[index].stage = stage
            note(index, .gaveUp, .attempt(UInt16(clamping: attempts), of: UInt16(clamping: most)))
            return false
        case .again(let delay):
            frames[index].stage = stage
            note(index, .backsOff, .delay(delay))
            frames[index].stage = stage + 1
            frames[index].phase = .backingOff
            port.schedule(after: delay, .call(.retries(index)))
            return true
        }
    }

    /// The call is over: its owner gets the result.
    private mutating func finish(_ index: UInt32, _ settlement: Settlement) {
        let frame = frames[index]
        let took = port.now - frame.startedAt
        if !frame.flags.contains(.isInternal) {
            meters.end(operation: frame.operation, settlement.outcome, took: took)
        }
        port.sign(settlement.outcome, index)
        release(index)
        switch frame.owner {
        case .nobody:
            break
        case .load(let load):
            meters.end(load: load, settlement.outcome, took: took)
            switch settlement.outcome {
            case .ok:
                port.note(.answered, .load(UInt16(load)), why: .took(took), request: frame.request, cause: frame.cause)
            case .failed(let failure):
                port.note(
                    .failed, .load(UInt16(load)), why: .failure(failure), request: frame.request, cause: frame.cause)
            }
            loads.answered(load, &port)
        case .frame(let caller):
            if frames.isAlive(caller) { callReturned(to: caller.index, settlement, cause: frame.cause) }
        case .step(let saga, let attempt):
            stepReturned(saga, frame.errand, attempt: attempt, settlement, cause: frame.cause)
        case .turn(let saga):
            turnTaken(saga, settlement, cause: frame.cause)
        }
    }

    /// Takes a frame into use; a saga's calls are counted, so that it is not forgotten while one is left.
    mutating func take(_ frame: Frame) -> UInt32 {
        port.touched.insert(.calls)
        if frame.errand.kind != .none { sagas.callBegins(frame.errand.saga) }
        return frames.take(frame)
    }

    /// Ends a frame's life.
    mutating func release(_ index: UInt32) {
        let errand = frames[index].errand
        port.touched.insert(.calls)
        frames.free(index)
        if errand.kind != .none, sagas.callEnds(errand.saga) { idempotency.forget(saga: errand.saga) }
    }

    /// Writes an entry about a frame, at its guard unless told otherwise; it becomes the cause of the next.
    mutating func note(_ index: UInt32, _ what: What, _ why: Why, at place: Component? = nil) {
        let frame = frames[index]
        frames[index].cause = port.note(
            what, place ?? .guardOn(edge: frame.edge, stage: frame.stage), why: why, request: frame.request,
            cause: frame.cause)
    }

    /// Writes that a fault has hit a call: from here on, the fault is the cause.
    mutating func noteHit(_ index: UInt32, _ impact: FaultHost.Impact, at place: Component) {
        guard let cause = impact.cause else { return }
        frames[index].cause = port.note(
            .faultHit, place, why: impact.extra > .zero ? .delay(impact.extra) : .itself,
            request: frames[index].request, cause: cause)
    }
}

extension Frame {
    /// What the reply on its way says.
    var settlement: Settlement { Settlement(outcome) }
}
