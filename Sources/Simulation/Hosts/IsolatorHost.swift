import Bulkheads
import Resilience
import Timeline

/// The chapter of the isolators, whose compartments each have a limiter, a breaker, a bulkhead and a fallback.
struct IsolatorHost: Sendable {
    private struct Guard {
        var isolator: Isolator
        var place: Component
        /// The entry of the last transition of each compartment's breaker: the cause of what it refuses.
        var lastEntries: [EntryID]
        /// The good answers that each compartment falls back to.
        var kept: [KeptAnswers]
        /// Whom each compartment asks instead.
        var calls: [CallPlan?]
    }

    /// A call, as the isolator and the journal know it.
    struct Call {
        var frame: UInt32
        var asks: Isolator.Request
        var key: UInt64?
        var request: UInt64
        var cause: EntryID
    }

    /// An answer that another service makes for a compartment.
    private struct Asked {
        var compartment: Int
        var permit: Fallback.Permit
    }

    /// An answer that a compartment has leave to make instead of a refusal, until the refused call hears of it.
    private struct Promise {
        var frame: UInt32
        var guarded: Int
        var compartment: Int
        var instead: Compartment.Instead
    }

    private var guards: [Guard] = []
    private var promises: [Promise] = []
    /// The answers of those calls that wait for another service's.
    private var asked = Memories<Asked>()

    mutating func add(_ plan: IsolatorPlan, at place: Component) -> UInt16 {
        let compartments = plan.settings.compartments
        guards.append(
            Guard(
                isolator: Isolator(plan.settings), place: place,
                lastEntries: Array(repeating: .none, count: compartments.count),
                kept: compartments.map { KeptAnswers(areUsed: $0.fallback.source == .cache) }, calls: plan.calls))
        return UInt16(guards.count - 1)
    }

    func isolator(_ index: Int) -> Isolator { guards[index].isolator }

    /// Which of a guard's compartments a call belongs to.
    func compartment(_ index: Int, of request: Isolator.Request) -> Int { guards[index].isolator.route(request) }

    /// The entry of the transition that made a compartment's breaker refuse calls.
    func lastEntry(_ index: Int, compartment: Int) -> EntryID { guards[index].lastEntries[compartment] }

    /// May this call pass?
    mutating func ask(_ index: Int, _ call: Call, _ port: inout Port) -> Verdict {
        port.touched.insert(.queues)
        let answer = guards[index].isolator.ask(call.asks, task: UInt64(call.frame), at: port.now)
        let (compartment, decision) = (answer.compartment, answer.answer)
        note(decision.transitions, index, compartment, call.request, call.cause, &port)
        if let displaced = decision.displaced { turnAway(displaced, index, compartment, &port) }
        switch decision.verdict {
        case .run(let permit), .runInCaller(let permit):
            return .pass(token: permit.number)
        case .queued(let permit, _):
            let limit = longestWait(index, compartment, deadline: call.asks.deadline, at: port.now)
            return .wait(token: permit.number, atMost: limit)
        case .fallback(let instead, let refusal):
            promises.append(Promise(frame: call.frame, guarded: index, compartment: compartment, instead: instead))
            return .reject(Failure(refusal.reason), retryAfter: refusal.retryAfter ?? .zero)
        case .refused(let refusal):
            return .reject(Failure(refusal.reason), retryAfter: refusal.retryAfter ?? .zero)
        }
    }

    /// Only a semaphore lets nobody wait for longer than so long; threads look when they are free.
    private func longestWait(_ index: Int, _ compartment: Int, deadline: Instant, at now: Instant) -> Duration? {
        let isolation = guards[index].isolator.settings.compartments[compartment].isolation
        guard case .semaphore(let semaphore) = isolation else { return nil }
        let wait = deadline == .distantFuture ? semaphore.maximumWait : min(semaphore.maximumWait, deadline - now)
        return wait == .maximum ? nil : wait
    }

    /// How a call that passed has ended, and what is answered instead of its failure; `token` is set if another service
    /// is asked.
    mutating func tell(
        _ index: Int, _ call: Call, _ outcome: Outcome, forNobody: Bool, token: inout UInt32, _ port: inout Port
    ) -> FallbackDecision {
        port.touched.insert(.queues)
        let compartment = compartment(index, of: call.asks)
        let permit = Compartment.Permit(number: token)
        token = 0
        let ending = guards[index].isolator.ended(
            permit, in: compartment, failure: outcome.failureKind, forNobody: forNobody, at: port.now)
        guard let ending else { return .stands }
        follow(ending.change, index, compartment, call, &port)
        guard let instead = ending.instead else {
            if outcome.isOK { guards[index].kept[compartment].keep(call.key, at: port.now) }
            return .stands
        }
        return make(instead, index, compartment, key: call.key, token: &token, at: port.now)
    }

    /// What is answered instead of a refusal; `token` is set if another service is asked.
    mutating func answer(
        insteadOfRefusing call: Call, by index: Int, token: inout UInt32, at now: Instant
    ) -> FallbackDecision {
        token = 0
        guard let place = promises.firstIndex(where: { $0.frame == call.frame }) else { return .stands }
        let promise = promises.remove(at: place)
        return make(promise.instead, index, promise.compartment, key: call.key, token: &token, at: now)
    }

    /// The other service has answered, or with `ignored` nobody waits for its answer any more.
    mutating func fallbackEnded(_ index: Int, _ outcome: CircuitBreaker.Outcome, token: inout UInt32) {
        guard let asked = asked.take(token) else { return }
        token = 0
        _ = guards[index].isolator.fallbackEnded(outcome, permit: asked.permit, in: asked.compartment)
    }

    /// A call that was refused has ended before it heard of that.
    private mutating func breakPromise(to frame: UInt32) {
        guard let place = promises.firstIndex(where: { $0.frame == frame }) else { return }
        let promise = promises.remove(at: place)
        _ = guards[promise.guarded].isolator.fallbackEnded(
            .ignored, permit: promise.instead.permit, in: promise.compartment)
    }

    /// A call leaves its line.
    mutating func withdraw(_ index: Int, _ call: Call, token: UInt32, _ port: inout Port) {
        port.touched.insert(.queues)
        let compartment = compartment(index, of: call.asks)
        let permit = Compartment.Permit(number: token)
        guard let change = guards[index].isolator.withdraw(permit, from: compartment, at: port.now) else {
            return breakPromise(to: call.frame)
        }
        follow(change, index, compartment, call, &port)
    }

    /// Lets those go whose wait is over.
    mutating func expire(_ index: Int, _ call: Call, _ port: inout Port) {
        let compartment = compartment(index, of: call.asks)
        guard let change = guards[index].isolator.advance(compartment, to: port.now) else { return }
        follow(change, index, compartment, call, &port)
    }

    mutating func change(_ index: Int, to plan: IsolatorPlan, _ port: inout Port) {
        guards[index].calls = plan.calls
        guard plan.settings != guards[index].isolator.settings,
            let changes = guards[index].isolator.changeSettings(plan.settings, at: port.now)
        else { return }
        port.touched.insert(.queues)
        for (compartment, change) in changes.enumerated() {
            follow(change, index, compartment, nil, &port)
        }
    }
}

extension IsolatorHost {
    /// Does what a compartment decides about those who wait.
    private mutating func follow(
        _ change: Compartment.Change, _ index: Int, _ compartment: Int, _ call: Call?, _ port: inout Port
    ) {
        note(change.transitions, index, compartment, call?.request ?? 0, call?.cause ?? .none, &port)
        for start in change.starts { port.ready.append(UInt32(truncatingIfNeeded: start.task)) }
        for dropped in change.dropped { turnAway(dropped, index, compartment, &port) }
    }

    private mutating func turnAway(
        _ dropped: Compartment.Dropped, _ index: Int, _ compartment: Int, _ port: inout Port
    ) {
        let frame = UInt32(truncatingIfNeeded: dropped.task)
        if let instead = dropped.instead {
            promises.append(Promise(frame: frame, guarded: index, compartment: compartment, instead: instead))
        }
        port.turnedAway.append((frame, dropped.isLate ? .deadlineExceeded : .bulkheadFull))
    }

    /// Makes an answer, if the cache has one that it is to come from; or says who is to be asked for it.
    private mutating func make(
        _ instead: Compartment.Instead, _ index: Int, _ compartment: Int, key: UInt64?, token: inout UInt32,
        at now: Instant
    ) -> FallbackDecision {
        let isMade: Bool
        switch instead.source {
        case .value: isMade = true
        case .cache: isMade = guards[index].kept[compartment].answer(key, at: now)
        case .service:
            if let call = guards[index].calls[compartment] {
                token = asked.keep(Asked(compartment: compartment, permit: instead.permit))
                return .asks(call)
            }
            isMade = false
        }
        _ = guards[index].isolator.fallbackEnded(
            isMade ? .success : .failure, permit: instead.permit, in: compartment)
        return isMade ? .answered : .stands
    }

    private mutating func note(
        _ transitions: [CircuitBreaker.Transition], _ index: Int, _ compartment: Int, _ request: UInt64,
        _ cause: EntryID, _ port: inout Port
    ) {
        guard case .guardOn(let edge, let stage) = guards[index].place else { return }
        for transition in transitions {
            guards[index].lastEntries[compartment] = port.note(
                What(transition), .guardPart(edge: edge, stage: stage, part: UInt16(compartment)),
                why: Why(transition.reason), request: request, cause: cause)
            port.touched.insert(.breakers)
        }
    }

    func mix(into digest: inout Digest) {
        for compartment in guards.flatMap(\.isolator.compartments) {
            digest.mix(UInt64(compartment.running), UInt64(compartment.queued))
            digest.mix(UInt64(compartment.totals.asked), UInt64(compartment.totals.refused))
        }
    }
}

extension Failure {
    /// What a compartment's refusal is to the call.
    fileprivate init(_ reason: Compartment.Reason) {
        self =
            switch reason {
            case .rateLimited: .rateLimited
            case .circuitOpen: .breakerOpen
            case .full: .bulkheadFull
            case .expired: .deadlineExceeded
            }
    }
}
