import Timeline

// Guards that split a call in two: the outer frame stays behind and watches, the inner one goes on.

extension World {
    /// Splits a call at a time limit.
    mutating func watch(_ outer: UInt32, _ limit: Int) -> Verdict {
        guard frames.hasRoom else { return .reject(.outOfRoom, retryAfter: .zero) }
        guard let until = timeLimits.deadline(limit, callersDeadline: frames[outer].deadline, at: port.now) else {
            return .reject(.deadlineExceeded, retryAfter: .zero)
        }
        let inner = split(outer, deadline: edges.passesDeadline(frames[outer].edge) ? until : nil)
        frames[outer].watch(inner, until: port.agenda.schedule(.timeLimit(outer), at: until))
        return .split(inner)
    }

    /// A new frame for what comes behind the guard that a frame has reached, with an earlier deadline if it has one.
    mutating func split(_ outer: UInt32, deadline: Instant? = nil) -> UInt32 {
        var inner = frames[outer]
        if let deadline { inner.deadline = deadline }
        inner.owner = .frame(frames.id(of: outer))
        inner.firstStage = inner.stage + 1
        inner.stage = inner.firstStage
        inner.startedAt = port.now
        inner.attemptAt = port.now
        inner.timer = .none
        let index = take(inner)
        if let stage = edges.balancerStage(inner.edge) {
            frames.keep(frames.token(of: outer, at: stage), for: index, at: stage)
        }
        return index
    }

    /// The limit has passed: the caller goes on at once. What is inside is left alone with what it holds, unless
    /// the edge hands cancellations on.
    mutating func timeOut(_ outer: UInt32) {
        let inner = frames[outer].watched
        frames[outer].timer = .none
        frames[outer].cause = frames[inner].cause
        frames.disown(outer)
        if case .timeout(let limit)? = edges.guardRef(frames[outer].edge, frames[outer].stage) {
            let given = port.now - frames[inner].startedAt
            timeLimits.expired(Int(limit), after: given, at: port.now)
            note(outer, .timedOut, .limit(given))
        }
        if edges.passesCancellation(frames[outer].edge) { cancel(inner, cause: frames[outer].cause) }
        settle(outer, Settlement(.failed(.timedOut)))
    }

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
            guard rejoin(owner.index, from: index, &settlement) else { return }
            index = owner.index
        }
        finish(index, settlement)
    }

    /// The attempt came back in time. True if the part that watched it goes on outwards.
    @inline(__always)
    private mutating func rejoin(_ outer: UInt32, from inner: UInt32, _ settlement: inout Settlement) -> Bool {
        switch edges.guardRef(frames[outer].edge, frames[outer].stage) {
        case .hedge(let hedge):
            return attemptReturned(inner, to: outer, Int(hedge), &settlement)
        case .timeout(let limit):
            let took = port.now - frames[inner].startedAt
            timeLimits.tell(Int(limit), settlement.outcome, took: took, at: port.now)
        case .bulkhead, .semaphore, .retry, .breaker, .fallback, .balancer, .connections, .memory, nil, .limiter,
            .throttle, .concurrency, .isolator:
            break
        }
        port.agenda.cancel(frames[outer].timer)
        frames[outer].rejoin(frames[inner])
        release(inner)
        return true
    }
}
