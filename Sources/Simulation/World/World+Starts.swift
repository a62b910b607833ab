import Sagas
import Timeline

// How sagas and flows that are asked for from outside are let in, and answered in the end.

extension World {
    /// Something is asked for that lasts: a number for it and the entry that tells of it; nil if there is no room beside
    /// so many that are under way.
    mutating func admit(
        from load: UInt32, operation: UInt16, hasRoom: Bool, beside live: Int
    ) -> (request: UInt64, arrival: EntryID)? {
        let request = nextRequest()
        meters.begin(load: load)
        meters.begin(operation: operation)
        let arrival = port.note(.arrived, .load(UInt16(load)), request: request)
        guard !hasRoom else { return (request, arrival) }
        port.note(.outOfRoom, .system, why: .count(UInt32(live)), request: request, cause: arrival)
        close(load, operation, .failed(.outOfRoom), took: .zero)
        loads.answered(load, &port)
        return nil
    }

    /// Whoever has asked for what stands in a slot gets the answer.
    mutating func answer(
        _ asker: Asker, from load: UInt32, _ operation: Int, _ outcome: Outcome, took: Duration, slot: UInt32,
        cause: EntryID
    ) {
        port.sign(outcome, slot)
        switch asker {
        case .load:
            close(load, UInt16(operation), outcome, took: took)
            loads.answered(load, &port)
        case .nobody:
            meters.end(operation: UInt16(operation), outcome, took: took)
        case .requests(let latest):
            meters.end(operation: UInt16(operation), outcome, took: took)
            answerWaiters(latest, outcome, cause: cause)
        }
    }

    /// Those who wait in gateways get the answer, the latest first.
    private mutating func answerWaiters(_ latest: UInt32, _ outcome: Outcome, cause: EntryID) {
        var next: UInt32? = latest
        while let slot = next {
            let waiter = gateways.waiters.take(slot)
            next = waiter.earlier
            guard frames.isAlive(waiter.frame), frames[waiter.frame.index].phase == .awaiting else { continue }
            frames[waiter.frame.index].cause = cause
            backendReturned(to: waiter.frame.index, Settlement(outcome))
        }
    }

    private mutating func close(_ load: UInt32, _ operation: UInt16, _ outcome: Outcome, took: Duration) {
        meters.end(operation: operation, outcome, took: took)
        meters.end(load: load, outcome, took: took)
    }
}

/// Who waits for the end of something that lasts.
enum Asker: Hashable, Sendable {
    /// The load that it came from.
    case load
    /// A request in a gateway, and further attempts at it: by the place of the latest among those who wait.
    case requests(UInt32)
    /// Nobody.
    case nobody
}

extension World {
    /// A request in a gateway starts something that lasts, which has the request's own number.
    mutating func begin(_ start: RoutePlan.Start, for index: UInt32, waits: Bool) {
        frames[index].phase = .awaiting
        let id = frames.id(of: index)
        let waiter = waits ? gateways.waiters.put(GatewayHost.Waiter(frame: id)) : nil
        let asker = waiter.map { Asker.requests($0) } ?? .nobody
        let failure =
            switch start {
            case .saga(let saga): startSaga(saga, for: frames[index], asker)
            case .choreography(let choreography): startFlow(choreography, for: frames[index], asker)
            }
        // What has been started may be over.
        guard frames.isAlive(id), frames[index].phase == .awaiting else { return }
        if let failure {
            if let waiter { gateways.waiters.free(waiter) }
            backendReturned(to: index, Settlement(.failed(failure)))
        } else if !waits {
            backendReturned(to: index, Settlement(.ok))
        }
    }

    /// A request starts a saga, or waits for the one that another attempt at it has started; the result is why it does
    /// neither.
    private mutating func startSaga(_ saga: Int, for frame: Frame, _ asker: Asker) -> Failure? {
        if isRepeated(frame) {
            if let slot = sagas.slot(askedForBy: frame.request) {
                sagas[slot].asker = join(asker, sagas[slot].asker)
                return nil
            }
            if comesAfterAll(frame) { return .conflict }
        }
        guard sagas.hasRoom else { return .outOfRoom }
        let plan = sagas.plans.deployedVersion(of: saga)
        meters.begin(operation: UInt16(sagas.plans.operation(plan)))
        let request = number(for: frame)
        let cause = port.note(.sagaStarted, .saga(UInt16(plan)), request: request, cause: frame.cause)
        let slot = sagas.open(plan: plan, request: request, load: UInt32(frame.origin), key: frame.key, cause: cause)
        sagas[slot].asker = asker
        sagas[slot].asked = frame.request
        ledger.open(.saga(slot), request: request, amount: sagas[slot].amount)
        tell(slot, .start)
        return nil
    }

    /// The same for a flow of a choreography.
    private mutating func startFlow(_ choreography: Int, for frame: Frame, _ asker: Asker) -> Failure? {
        if isRepeated(frame) {
            if let slot = flows.slot(askedForBy: frame.request) {
                flows[slot].asker = join(asker, flows[slot].asker)
                return nil
            }
            if comesAfterAll(frame) { return .conflict }
        }
        guard flows.hasRoom else { return .outOfRoom }
        meters.begin(operation: UInt16(flows.plans.operation(choreography)))
        startFlow(
            choreography, number(for: frame), from: UInt32(frame.origin), key: frame.key, asker,
            askedBy: frame.request, cause: frame.cause)
        return nil
    }

    /// Whether the request of a frame may have come before.
    private func isRepeated(_ frame: Frame) -> Bool { frame.attempt > 1 || edges.hedges(frame.edge) }

    /// Whether a request comes that another attempt has had answered already: what that has started may be forgotten.
    private func comesAfterAll(_ frame: Frame) -> Bool { edges.hedges(frame.edge) && frames.isOrphan(frame) }

    /// The number of what a request starts: its own, unless an earlier attempt may have started something under that.
    private mutating func number(for frame: Frame) -> UInt64 { frame.attempt > 1 ? nextRequest() : frame.request }

    /// Another attempt waits for what one has started, beside those that do already.
    private mutating func join(_ asker: Asker, _ others: Asker) -> Asker {
        guard case .requests(let waiter) = asker else { return others }
        if case .requests(let latest) = others { gateways.waiters[waiter].earlier = latest }
        return asker
    }
}
