import Bulkheads
import Timeline

// The way of a call through a service: queue, worker, calls of its own, effect, reply.

extension World {
    /// A call reaches its service.
    mutating func arrive(_ index: UInt32) {
        frames[index].timer = .none
        let service = services.service(of: frames[index].operation)
        let station = services.station(of: frames[index])
        let place = Component.service(UInt16(service))
        guard !services.isDown(station) else {
            if let crash = faults.crash(of: service, replica: Int(frames[index].replica)) {
                faults.hit(crash)
                frames[index].cause = faults.faults[crash].entry
            }
            note(index, .turnedAway, .failure(.refused), at: place)
            reply(index, Settlement(.failed(.refused)))
            return
        }
        guard !faults.areActive || !isLeftUnanswered(index, service) else { return }
        if case .probe(let replica, _) = frames[index].owner, balancers.depth(ofProbesOf: Int(replica)) == .shallow {
            return reply(index, Settlement(.ok))
        }
        port.touched.insert(.queues)
        let frame = frames[index]
        let priority = frame.isProbe ? .normal : loads.priority(ofLoad: frame.origin)
        let admission = services.submit(index, priority: priority, deadline: frame.deadline, to: station, at: port.now)
        switch admission {
        case .run, .callerRuns:
            startWork(index)
        case .queued(let queuePlace):
            queue(index, queuePlace)
        case .displaced(let task, let queuePlace):
            queue(index, queuePlace)
            port.turnedAway.append((UInt32(truncatingIfNeeded: task), .dropped))
        case .rejected(let rejection):
            let why = Why.occupancy(used: UInt32(clamping: rejection.queued), of: UInt32(clamping: rejection.queue))
            note(index, .turnedAway, rejection.reason == .expired ? .failure(.deadlineExceeded) : why, at: place)
            reply(index, Settlement(.failed(rejection.reason == .expired ? .deadlineExceeded : .queueFull)))
        }
    }

    private mutating func queue(_ index: UInt32, _ place: QueuePlace) {
        frames[index].phase = .queued
        frames[index].watched = place.ticket
        let service = services.service(of: frames[index].operation)
        note(index, .queued, .count(UInt32(clamping: place.position)), at: .service(UInt16(service)))
    }

    /// A call leaves its queue without having been served.
    mutating func drop(_ index: UInt32, _ failure: Failure) {
        let service = services.service(of: frames[index].operation)
        note(index, .dropped, .failure(failure), at: .service(UInt16(service)))
        reply(index, Settlement(.failed(failure)))
    }

    /// A worker that has become free does what its pool says: it takes a call, or drops those that waited too long.
    mutating func follow(_ next: ThreadPool.Next, at station: Int) {
        var next = next
        while true {
            switch next {
            case .run(let start):
                startWork(UInt32(truncatingIfNeeded: start.task))
                return
            case .expired(let start):
                let failure: Failure = start.isLate ? .deadlineExceeded : .dropped
                port.turnedAway.append((UInt32(truncatingIfNeeded: start.task), failure))
                next = services.nextAfterExpired(station, at: port.now)
            case .rest:
                return
            }
        }
    }

    /// A worker takes a call.
    mutating func startWork(_ index: UInt32) {
        let operation = frames[index].operation
        frames[index].takeWorker(at: port.now)
        note(index, .startedWork, .itself, at: .operation(operation))
        guard !faults.areActive || !failsAtOnce(index) else { return }
        if frames[index].isCounted,
            let passage = gateways.passage(of: operation, replica: frames[index].replica)
        {
            return enter(passage, index)
        }
        var delay = Duration.zero
        if let key = frames[index].cacheKey, scripts.usesCache(operation) {
            guard !readThroughCache(index, key, delay: &delay) else { return }
        }
        beginWork(index, after: delay)
    }

    /// The own work of a call begins after so long, which is looking for it elsewhere.
    mutating func beginWork(_ index: UInt32, after delay: Duration) {
        var latency = delay + workTime(of: index)
        if faults.areActive, faultHolds(index, &latency) { return }
        frames[index].timer = port.schedule(after: latency, .worked(index))
    }

    /// How long the work of a call takes.
    mutating func workTime(of index: UInt32) -> Duration {
        frames[index].isProbe ? probeTime(index) : services.sampleLatency(of: frames[index].operation)
    }

    /// The service's own part is done: now the calls that it makes itself.
    mutating func finishWork(_ index: UInt32) {
        frames[index].timer = .none
        guard !frames[index].isProbe else { return finishProbe(index) }
        guard !gateways.holds(frame: index) else { return workedInGateway(index) }
        let operation = frames[index].operation
        if !frames[index].flags.contains(.hitCache), !frames[index].isTurn {
            let isDoomed = frames[index].flags.contains(.isDoomed)
            let failure = services.sampleFailure(of: operation, isDoomed: isDoomed)
            if !isDoomed, frames[index].flags.contains(.isFoundInvalid) { return fail(index, .invalid) }
            if let failure { return fail(index, failure) }
        }
        if let command = stores.command(of: operation) { return beginCommand(index, command) }
        if let query = projections.query(of: operation), !frames[index].flags.contains(.hitCache) {
            return beginQuery(index, query)
        }
        // What the cache or the records answer has no reason to make calls of its own.
        guard scripts.call(operation, 0) != nil, !frames[index].flags.contains(.hitCache),
            !scripts.isIdempotent(operation) || idempotency.decision(on: frames[index].errand) == .perform
        else {
            takeEffect(index)
            return
        }
        if !services.isBlocking(services.service(of: operation)) { releaseWorkerIfHeld(index) }
        callNext(index)
    }

    /// The event store has what the operation decided, or the projection has answered: now the calls that it makes itself.
    mutating func commandReturned(to index: UInt32) {
        guard scripts.call(frames[index].operation, 0) != nil else { return takeEffect(index) }
        if !services.isBlocking(services.service(of: frames[index].operation)) { releaseWorkerIfHeld(index) }
        callNext(index)
    }

    /// Makes the next call of the operation's script, or ends it behind the last.
    mutating func callNext(_ index: UInt32) {
        let frame = frames[index]
        guard let call = scripts.call(frame.operation, frame.callIndex) else {
            guard !gateways.holds(frame: index) else { return backendReturned(to: index, Settlement(.ok)) }
            return takeEffect(index)
        }
        frames[index].phase = .calling
        frames[index].callIndex += 1
        place(frame.child(owner: frames.id(of: index)), on: call)
    }

    /// A call that the operation made has come back.
    mutating func callReturned(to index: UInt32, _ settlement: Settlement) {
        guard settlement.outcome.isOK else {
            guard !gateways.holds(frame: index) else { return backendReturned(to: index, settlement) }
            return fail(index, .dependency)
        }
        callNext(index)
    }

    /// The work has come to nothing.
    mutating func fail(_ index: UInt32, _ failure: Failure) {
        guard !endLoad(index, isOK: false, canBeServed: true) else { return }
        note(index, .failedWork, .failure(failure), at: .operation(frames[index].operation))
        leave(index, Settlement(.failed(failure)))
    }

    /// Reads or writes the versioned row of the service; false if it had changed since it was read.
    private mutating func accessRow(_ index: UInt32) -> Bool {
        let operation = frames[index].operation
        let service = services.service(of: operation)
        switch rows.access(of: operation) {
        case .none:
            return true
        case .read:
            frames[index].version = rows.version(ofService: service)
            return true
        case .write:
            return rows.write(service: service, ifVersion: frames[index].version)
        }
    }

    /// Takes from the stock of the service, gives back, or looks; false if there is nothing left.
    private mutating func accessStock(_ index: UInt32) -> Bool {
        let operation = frames[index].operation
        let access = stocks.access(of: operation)
        guard access != .none else { return true }
        port.touched.insert(.ledger)
        let isThere = stocks.access(access, service: services.service(of: operation))
        if !isThere { idempotency.takeBack(frames[index].errand) }
        return isThere
    }

    /// The operation happens: here, and nowhere else, is money booked.
    private mutating func takeEffect(_ index: UInt32) {
        let frame = frames[index]
        guard accessRow(index) else { return fail(index, .conflict) }
        // What stands in an event store was decided and booked there, and is known there when it comes again.
        if stores.command(of: frame.operation) == nil {
            let decision = idempotency.enter(frame.errand)
            switch scripts.isIdempotent(frame.operation) ? decision : .perform {
            case .perform:
                guard accessStock(index) else { return fail(index, .soldOut) }
                book(index)
            case .repeatAnswer: break
            case .refuse: return fail(index, .voided)
            }
        }
        endLoad(index, isOK: true)
        guard writeThroughCache(index) else { return fail(index, .queueFull) }
        note(index, .finishedWork, .took(port.now - frame.attemptAt), at: .operation(frame.operation))
        leave(index, Settlement(.ok))
    }

    private mutating func book(_ index: UInt32) {
        let frame = frames[index]
        guard let account = scripts.account(frame.operation) else { return }
        ledger.book(frame.amount, to: account, saga: frame.errand.saga, request: frame.request)
        note(index, .booked, .cents(frame.amount, account: UInt16(account)), at: .ledger)
        port.touched.insert(.ledger)
    }

    /// The call leaves the service, whose worker takes the next one.
    mutating func leave(_ index: UInt32, _ settlement: Settlement) {
        var outcome: ThreadPool.Outcome = settlement.outcome.isOK ? .success : .failure
        if frames.isOrphan(frames[index]) {
            services.countWorkForNobody(services.station(of: frames[index]))
            outcome = .forNobody
        }
        releaseWorkerIfHeld(index, outcome)
        reply(index, settlement)
    }

    /// The worker of a call takes the next one.
    mutating func releaseWorkerIfHeld(_ index: UInt32, _ outcome: ThreadPool.Outcome = .success) {
        guard frames[index].flags.contains(.holdsWorker) else { return }
        frames[index].flags.remove(.holdsWorker)
        port.touched.insert(.queues)
        let station = services.station(of: frames[index])
        let next = services.release(station, outcome, startedAt: frames[index].workAt, at: port.now)
        if next != .rest { follow(next, at: station) }
    }

    /// The result goes back over the network.
    mutating func reply(_ index: UInt32, _ settlement: Settlement) {
        endLoad(index, isOK: false)
        frames[index].turnBack(with: settlement.outcome)
        let delay = replyTime(of: index)
        if delay > .zero {
            frames[index].timer = port.schedule(after: delay, .replied(index))
        } else {
            comeBack(index)
        }
    }

    /// How long the way back takes.
    @inline(__always)
    private mutating func replyTime(of index: UInt32) -> Duration {
        let frame = frames[index]
        if frame.flags.contains(.isInternal) { return .zero }
        return frame.isProbe ? probeCrossing(index) : edges.crossing(of: frame.edge)
    }
}
