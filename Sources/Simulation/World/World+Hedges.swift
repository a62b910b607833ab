import Resilience
import Timeline

// A call that has several attempts under way at once: the outer frame watches them, each of them is an inner one.

extension World {
    /// Splits a call into attempts, of which the first good result counts.
    mutating func hedge(_ outer: UInt32, _ hedge: Int) -> Verdict {
        guard frames.hasRoom else { return .reject(.outOfRoom, retryAfter: .zero) }
        let (token, decision) = hedges.begin(hedge, at: port.now)
        guard case .launch(let attempts, let next) = decision else { return .pass(token: 0) }
        frames.keep(token, for: outer, at: frames[outer].stage)
        frames[outer].phase = .watched
        frames[outer].timer = .none
        frames[outer].watched = .max
        if let budget = hedgesOwnBudget(frames[outer].edge) { retries.hedgedCallBegan(budget, at: port.now) }
        schedule(next, for: outer)
        let id = frames.id(of: outer)
        pass(begin(0, of: outer))
        launch(attempts.dropFirst(), of: id)
        return .taken
    }

    /// The next attempt of a call is due.
    mutating func hedgeDue(_ outer: UInt32) {
        frames[outer].timer = .none
        guard case .hedge(let hedge)? = edges.guardRef(frames[outer].edge, frames[outer].stage) else { return }
        let token = frames.token(of: outer, at: frames[outer].stage)
        follow(hedges.timer(Int(hedge), token: token, at: port.now), outer)
    }

    /// An attempt has come back in time. True if the call goes on outwards with what `settlement` then says.
    mutating func attemptReturned(
        _ inner: UInt32, to outer: UInt32, _ hedge: Int, _ settlement: inout Settlement
    ) -> Bool {
        let stage = frames[outer].stage
        let token = frames.token(of: outer, at: stage)
        let number = unlink(inner, from: outer)
        giveBackPermit(of: number, token, outer, settlement.outcome)
        if number == 0 { frames[outer].outcome = settlement.outcome }
        if settlement.mayHaveHappened { frames[outer].flags.insert(.mayHaveHappened) }
        let took = port.now - frames[inner].startedAt
        let decision = hedges.ended(
            hedge, token: token, attempt: number, settlement.outcome, took: took, at: port.now)
        frames[outer].learn(from: frames[inner])
        release(inner)
        guard case .settle(let winner, let failure) = decision else {
            follow(decision, outer)
            return false
        }
        if failure != nil {
            if winner != number { settlement = Settlement(frames[outer].outcome) }
            // Whether the others happen, nobody knows.
            let othersRun = frames[outer].watched != .max
            settlement.mayHaveHappened = frames[outer].flags.contains(.mayHaveHappened) || othersRun
        }
        end(outer, token)
        return true
    }

    /// Does what a hedged call decides.
    private mutating func follow(_ decision: HedgedCall.Decision, _ outer: UInt32) {
        switch decision {
        case .launch(let attempts, let next):
            schedule(next, for: outer)
            launch(attempts, of: frames.id(of: outer))
        case .wait(let next):
            schedule(next, for: outer)
        case .settle:
            // Only a want of budget leads here: no attempt is left, and the call ends as its first did.
            end(outer, frames.token(of: outer, at: frames[outer].stage))
            settle(outer, frames[outer].failure)
        case .late:
            break
        }
    }

    /// Makes further attempts, unless the call ends meanwhile or there is no budget for them.
    private mutating func launch(_ attempts: Range<Int>, of outer: FrameID) {
        for number in attempts where frames.isAlive(outer) {
            guard frames.hasRoom, takePermit(for: number, outer.index) else {
                refuse(number, of: outer.index)
                continue
            }
            let inner = begin(number, of: outer.index)
            note(inner, .hedged, .attempt(UInt16(number + 1), of: 0), at: place(outer.index))
            pass(inner)
        }
    }

    private mutating func refuse(_ number: Int, of outer: UInt32) {
        guard case .hedge(let hedge)? = edges.guardRef(frames[outer].edge, frames[outer].stage) else { return }
        let token = frames.token(of: outer, at: frames[outer].stage)
        follow(hedges.refused(Int(hedge), token: token, attempt: number), outer)
    }

    private func place(_ outer: UInt32) -> Component {
        .guardOn(edge: frames[outer].edge, stage: frames[outer].stage)
    }

    /// A new attempt, at the head of the list of those under way.
    private mutating func begin(_ number: Int, of outer: UInt32) -> UInt32 {
        let inner = split(outer)
        let link = AttemptLink(number: number, older: frames[outer].watched)
        frames.keep(link.token, for: inner, at: frames[outer].stage)
        frames[outer].watched = inner
        return inner
    }

    /// Takes an attempt out of the list; returns its number.
    private mutating func unlink(_ inner: UInt32, from outer: UInt32) -> Int {
        let stage = frames[outer].stage
        let own = AttemptLink(token: frames.token(of: inner, at: stage))
        if frames[outer].watched == inner {
            frames[outer].watched = own.older
            return own.number
        }
        var each = frames[outer].watched
        while each != .max {
            var link = AttemptLink(token: frames.token(of: each, at: stage))
            if link.older == inner {
                link.older = own.older
                frames.keep(link.token, for: each, at: stage)
                break
            }
            each = link.older
        }
        return own.number
    }

    /// A hedged call has ended: what else it tries is withdrawn where the edge hands that on, else left alone.
    mutating func end(_ outer: UInt32, _ token: UInt32) {
        port.cancel(&frames[outer].timer)
        frames.disown(outer)
        let stage = frames[outer].stage
        let isCancelled = edges.passesCancellation(frames[outer].edge)
        var each = frames[outer].watched
        while each != .max {
            let link = AttemptLink(token: frames.token(of: each, at: stage))
            giveBackPermit(of: link.number, token, outer, .failed(.cancelled))
            if isCancelled { cancel(each, cause: frames[outer].cause) }
            each = link.older
        }
        if let budget = hedgesOwnBudget(frames[outer].edge) { retries.hedgedCallEnded(budget) }
        hedges.close(token: token)
        frames.keep(0, for: outer, at: stage)
    }

    private mutating func schedule(_ next: Instant?, for outer: UInt32) {
        port.cancel(&frames[outer].timer)
        guard let next else { return }
        frames[outer].timer = port.agenda.schedule(.hedges(outer), at: max(next, port.now))
    }
}

extension World {
    // The budget of an edge, which its hedges share with its retries.

    /// The budget that hedges tell of calls; the retries of the edge do so if there are any.
    private func hedgesOwnBudget(_ edge: UInt16) -> Int? {
        edges.hasRetry(edge) ? nil : edges.budget(edge)
    }

    private mutating func takePermit(for number: Int, _ outer: UInt32) -> Bool {
        guard let budget = edges.budget(frames[outer].edge) else { return true }
        guard let permit = retries.permitHedge(budget, at: port.now) else { return false }
        hedges.keep(permit, token: frames.token(of: outer, at: frames[outer].stage), attempt: number)
        return true
    }

    private mutating func giveBackPermit(of number: Int, _ token: UInt32, _ outer: UInt32, _ outcome: Outcome) {
        guard let budget = edges.budget(frames[outer].edge) else { return }
        let permit = hedges.takePermit(token: token, attempt: number)
        guard permit != nil || hedgesOwnBudget(frames[outer].edge) != nil else { return }
        let told: CircuitBreaker.Outcome = outcome.isOK ? .success : .failure
        retries.hedgeEnded(budget, outcome == .failed(.cancelled) ? .ignored : told, permit: permit)
    }
}

/// What an attempt of a hedged call keeps in place of a token: its number, and the frame of the attempt before it.
private struct AttemptLink {
    var number: Int
    /// `max` for none.
    var older: UInt32

    init(number: Int, older: UInt32) {
        self.number = number
        self.older = older
    }

    init(token: UInt32) {
        number = Int(token & 15)
        older = token >> 4 &- 1
        if token >> 4 == 0 { older = .max }
    }

    /// Frames are numbered with 22 bits.
    var token: UInt32 { (older == .max ? 0 : older + 1) << 4 | UInt32(number) }
}
