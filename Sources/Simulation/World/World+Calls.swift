import Timeline

// The way of a call: inwards through the guards of its edge, over the network, and back to its owner.

extension World {
    /// A request from outside begins.
    mutating func begin(_ call: CallPlan, form: UInt8, from load: UInt32, key: UInt32, amount: Int64) {
        var frame = Frame()
        frame.owner = .load(load)
        frame.origin = UInt16(load)
        frame.request = nextRequest()
        frame.form = form
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
        if !edges.passesDeadline(frame.edge) { frame.deadline = .distantFuture }
        meters.begin(operation: frame.operation)
        let hasRoom = frames.hasRoom
        let index = take(frame)
        if let stage = edges.balancerStage(frame.edge) { frames.keep(0, for: index, at: stage) }
        if case .frame(let caller) = frame.owner { frames[caller.index].watched = index }
        guard hasRoom else { return refuse(index, .outOfRoom) }
        guard frame.deadline > port.now else { return refuse(index, .deadlineExceeded) }
        pass(index)
    }

    /// Ends a call that no guard has seen yet.
    private mutating func refuse(_ index: UInt32, _ failure: Failure) {
        noteRefusal(index, failure)
        settle(index, Settlement(.failed(failure)))
    }

    /// Takes a call through the guards, from the one that it has reached, and on to the network.
    mutating func pass(_ start: UInt32) {
        var index = start
        var stage = frames[index].stage
        while let guardRef = edges.guardRef(frames[index].edge, stage) {
            frames[index].stage = stage
            switch ask(guardRef, index) {
            case .pass(let token):
                frames.keep(token, for: index, at: stage)
            case .split(let inner):
                index = inner
            case .taken:
                return
            case .wait(let token, let limit):
                frames.keep(token, for: index, at: stage)
                wait(index, atMost: limit)
                return
            case .delay(let length, let token):
                frames.keep(token, for: index, at: stage)
                delay(index, length)
                return
            case .reject(let failure, let retryAfter):
                reject(index, guardRef, failure, retryAfter)
                return
            }
            stage += 1
        }
        frames[index].stage = stage
        send(index)
    }

    /// A call stands in line at its guard, for so long at most.
    private mutating func wait(_ index: UInt32, atMost limit: Duration?) {
        frames[index].phase = .waiting
        note(index, .waits, .itself)
        if let limit { frames[index].timer = port.schedule(after: limit, .waitLimit(index)) }
    }

    /// A call has a permit, but for later.
    private mutating func delay(_ index: UInt32, _ length: Duration) {
        frames[index].phase = .delayed
        note(index, .waits, .delay(length))
        frames[index].timer = port.schedule(after: length, .proceeds(index))
    }

    /// Puts a call on the network.
    private mutating func send(_ index: UInt32) {
        let edge = frames[index].edge
        note(index, .sent, .attempt(UInt16(frames[index].attempt), of: 0), at: .edge(edge))
        if let replica = edges.nextReplica(on: edge) { frames[index].replica = replica }
        frames[index].setOut()
        meters.begin(edge: edge)
        cross(index, edges.crossing(of: edge), faults.strike(edge: Int(edge)))
    }

    /// A message crosses the network in this time, unless a fault delays it, or holds it there.
    mutating func cross(_ index: UInt32, _ time: Duration, _ impact: FaultHost.Impact?) {
        var delay = time
        if let impact {
            noteHit(index, impact, at: .edge(frames[index].edge))
            delay = delay + impact.extra
            if impact.hangs {
                frames[index].phase = .held
                return
            }
            if impact.fails { frames[index].flags.insert(.losesReply) }
        }
        if delay > .zero {
            frames[index].timer = port.schedule(after: delay, .delivered(index))
        } else {
            arrive(index)
        }
    }

    /// Those who waited at a guard go on.
    mutating func resume(_ index: UInt32) {
        port.cancel(&frames[index].timer)
        goOn(index)
    }

    /// The time has come for a permit that was given ahead.
    mutating func proceed(_ index: UInt32) {
        frames[index].timer = .none
        goOn(index)
    }

    private mutating func goOn(_ index: UInt32) {
        frames[index].phase = .guarding
        let stage = frames[index].stage
        // A breaker inside is not to see the wait; one outside, which comes first, is.
        if !edges.hasBreaker(frames[index].edge, frames[index].firstStage..<stage) {
            frames[index].attemptAt = port.now
        }
        frames[index].stage = stage + 1
        pass(index)
    }

    /// The back-off is over: a new attempt begins behind the retry.
    mutating func retry(_ index: UInt32) {
        frames[index].timer = .none
        frames[index].phase = .guarding
        frames[index].attemptAt = port.now
        frames[index].attempt = frames[index].attempt == .max ? .max : frames[index].attempt + 1
        pass(index)
    }

    /// The reply has crossed the network.
    mutating func replied(_ index: UInt32) {
        frames[index].timer = .none
        comeBack(index)
    }

    /// An attempt is back at its caller.
    mutating func comeBack(_ index: UInt32) {
        let frame = frames[index]
        if frame.isCounted {
            meters.end(edge: frame.edge, frame.outcome, took: port.now - frame.attemptAt)
        }
        settle(index, Settlement(frame.outcome, retryAfter: leaveGateway(index)))
    }

    /// The call is over: its owner gets the result.
    mutating func finish(_ index: UInt32, _ settlement: Settlement) {
        let frame = frames[index]
        let took = port.now - frame.startedAt
        if frame.isCounted {
            meters.end(operation: frame.operation, settlement.outcome, took: took)
        }
        port.sign(settlement.outcome, index)
        release(index)
        switch frame.owner {
        case .nobody, .refresh:
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
            if frames.isAlive(caller) { childReturned(to: caller.index, frame, settlement) }
        case .step(let saga, let attempt):
            guard sagas[saga].request == frame.request else { return }
            sagas[saga].written.takeIn(frame.written)
            stepReturned(saga, frame.errand, attempt: attempt, settlement, cause: frame.cause)
        case .delivery(let delivery):
            let slot = flows.deliveries[delivery].flow
            flows[slot].written.takeIn(frame.written)
            deliveryReturned(delivery, settlement, cause: frame.cause)
        case .flush(let slot): flushReturned(slot, isOK: settlement.outcome.isOK)
        case .turn(let saga):
            if sagas[saga].request == frame.request { turnTaken(saga, settlement) }
        case .probe(let replica, let generation):
            probeReturned(replica, generation, settlement, cause: frame.cause)
        }
    }

    /// A call that was made on the way has come back to the frame that made it.
    private mutating func childReturned(to caller: UInt32, _ child: Frame, _ settlement: Settlement) {
        frames[caller].learn(from: child)
        if frames[caller].phase == .fallingBack {
            fallbackReturned(to: caller, settlement)
        } else {
            callReturned(to: caller, settlement)
        }
    }

    /// Takes a frame into use; a saga's calls are counted, so that it is not forgotten while one is left.
    mutating func take(_ frame: Frame) -> UInt32 {
        port.touched.insert(.calls)
        if frame.errand.kind != .none { begins(workFor: frame.errand.saga) }
        return frames.take(frame)
    }

    /// Ends a frame's life.
    mutating func release(_ index: UInt32) {
        _ = leaveGateway(index)
        let errand = frames[index].errand
        port.touched.insert(.calls)
        frames.free(index)
        if errand.kind != .none { ends(workFor: errand.saga) }
    }

    private mutating func begins(workFor saga: SagaRef) {
        if saga.isFlow { flows[saga.slot].underWay += 1 } else { sagas.callBegins(saga.slot) }
    }

    private mutating func ends(workFor saga: SagaRef) {
        if saga.isFlow {
            flows[saga.slot].underWay -= 1
            settle(flow: saga.slot)
        } else if sagas.callEnds(saga.slot) {
            idempotency.forget(saga)
        }
    }

    /// Writes an entry about a frame, at its guard unless told otherwise; it becomes the cause of the next.
    ///
    /// Of a health check there is nothing to tell but what comes of it.
    mutating func note(_ index: UInt32, _ what: What, _ why: Why, at place: Component? = nil) {
        let frame = frames[index]
        guard !frame.isProbe else { return }
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
