import Gateway
import Timeline

// The way of a request through a gateway: a worker takes it, the chain decides, a backend is asked, the answer goes out.

extension World {
    /// The first new keys of all issuers are due.
    mutating func startGateways() {
        for site in gateways.sites.indices {
            scheduleRotation(site)
            scheduleSharing(site)
        }
    }

    /// A worker of a gateway takes a request.
    mutating func enter(_ passage: GatewayHost.Passage, _ index: UInt32) {
        let frame = frames[index]
        let (site, gateway) = (passage.site, passage.gateway)
        gateways.enter(passage, frame: index)
        gateways.sites[site].tally.taken += 1
        gateways.sites[site].tally.underWay += 1
        let isSpoofed = spoofs(index)
        do throws(RequestError) {
            let request = try gateways.senders.request(of: frame, isSpoofed: isSpoofed, at: port.now)
            let client = gateways.sites[site].plan.trusted.client(of: request)
            if isSpoofed { gateways.sites[site].tally.countSpoofed(isBelieved: client != request.peer) }
            let credentials = gateways.credentials(of: frame, client, at: site, port.now)
            let next = gateways.gateways[gateway].receive(request, credentials, at: port.now)
            follow(next, index, waited: .zero)
        } catch {
            refuse(index, error.status, .malformed)
            beginWork(index, after: .zero)
        }
    }

    /// Whether a fault lets a request say of itself what only a proxy in front of the gateway may say.
    private mutating func spoofs(_ index: UInt32) -> Bool {
        guard faults.areActive, let cause = faults.spoofs(load: Int(frames[index].origin)) else { return false }
        noteHit(index, FaultHost.Impact(cause: cause), at: .operation(frames[index].operation))
        return true
    }

    /// Does with a request what the chain says.
    mutating func follow(_ next: APIGateway.Passage, _ index: UInt32, waited: Duration) {
        let site = gateways[frame: index].site
        switch next {
        case .passed(let exchange):
            // Only for those who look on.
            if port.takesNotes { gateways.sites[site].latest[exchange.route] = exchange }
            gateways[frame: index].hasPassed = true
            gateways.keep(exchange, ofFrame: index)
            beginWork(index, after: noteStages(index, upTo: nil, waited: waited))
        case .answered(let response, let answer, let entry):
            if port.takesNotes { log(entry, at: site) }
            refuse(index, response.status, GatewayEnd(answer))
            gateways[frame: index].retryAfter = answer.retryAfter ?? .zero
            let delay = answer.stage == nil ? Duration.zero : noteStages(index, upTo: answer.stage, waited: waited)
            note(index, .answeredByGateway, .status(UInt16(clamping: response.status.code), GatewayEnd(answer)))
            beginWork(index, after: delay)
        case .awaitsKeys(let exchange, let areOnTheirWay):
            awaitKeys(index, exchange, areOnTheirWay: areOnTheirWay)
        }
    }

    /// A request will be answered so without a backend.
    private mutating func refuse(_ index: UInt32, _ status: Status, _ end: GatewayEnd) {
        gateways[frame: index].status = status
        gateways[frame: index].end = end
    }

    /// Writes down the stages that a request has come through, the last one being that which has answered it; returns
    /// how long they take from now on.
    private mutating func noteStages(_ index: UInt32, upTo last: Stage?, waited: Duration) -> Duration {
        let operation = frames[index].operation
        let (site, route) = (gateways[frame: index].site, gateways[frame: index].route)
        var whole = Duration.zero
        for step in gateways.sites[site].steps(route: route) {
            let took = step.stage == .authentication ? step.cost + waited : step.cost
            gateways.sites[site].tally.count(step.stage, took: took, hasPassed: step.stage != last, route: route)
            whole = whole + step.cost
            guard step.stage != last else { break }
            note(index, .passedStage, .stage(step.stage.rawValue, took: took), at: .operation(operation))
        }
        return whole
    }

    /// The work of a gateway at a request is done: it answers it, or asks its backend.
    mutating func workedInGateway(_ index: UInt32) {
        let frame = frames[index]
        let isDoomed = frame.flags.contains(.isDoomed)
        var failure = services.sampleFailure(of: frame.operation, isDoomed: isDoomed)
        if !isDoomed, frame.flags.contains(.isFoundInvalid) { failure = .invalid }
        if let failure { return conclude(index, Status(failure), .gateway) }
        let passage = gateways[frame: index]
        guard passage.hasPassed else { return conclude(index, passage.status, passage.end) }
        gateways[frame: index].askedAt = port.now
        if !services.isBlocking(services.service(of: frame.operation)) { releaseWorkerIfHeld(index) }
        if let start = gateways.sites[passage.site].plan.routes[passage.route].starts {
            begin(start, for: index, waits: gateways.sites[passage.site].plan.routes[passage.route].waits)
        } else if scripts.call(frame.operation, 0) != nil {
            callNext(index)
        } else {
            backendReturned(to: index, Settlement(.ok))
        }
    }

    /// The backend of a request in a gateway has answered, or nobody has.
    mutating func backendReturned(to index: UInt32, _ settlement: Settlement) {
        let passage = gateways[frame: index]
        guard let exchange = gateways.takeExchange(ofFrame: index) else {
            return conclude(index, .internalServerError, .gateway)
        }
        var response = Response(.ok)
        switch settlement.outcome {
        case .ok: response = gateways.sites[passage.site].plan.routes[passage.route].response
        case .failed(let failure): response.status = Status(failure)
        }
        gateways.sites[passage.site].tally.countBackend(
            took: port.now - passage.askedAt, isOK: settlement.outcome.isOK, route: passage.route)
        if settlement.retryAfter > .zero {
            RetryAfter.set(settlement.retryAfter, in: &response)
            gateways[frame: index].retryAfter = settlement.retryAfter
        }
        do {
            let answer = try gateways.gateways[passage.gateway].finish(
                response, exchange, askedAt: passage.askedAt, at: port.now)
            if port.takesNotes {
                log(gateways.gateways[passage.gateway].logEntry(exchange, answer, at: port.now), at: passage.site)
            }
            conclude(index, answer.status, .backend)
        } catch {
            conclude(index, .badGateway, .transform)
        }
    }

    /// Writes a line of a gateway's access log.
    private mutating func log(_ entry: AccessLogEntry?, at site: Int) {
        if let entry { gateways.sites[site].log.append(entry) }
    }

    /// A request in a gateway ends with a status, and its answer goes back.
    private mutating func conclude(_ index: UInt32, _ status: Status, _ end: GatewayEnd) {
        let (frame, passage) = (frames[index], gateways[frame: index])
        gateways.sites[passage.site].tally.end(end, status, route: passage.route)
        gateways[frame: index].status = status
        gateways[frame: index].isOver = true
        note(index, .responded, .status(UInt16(clamping: status.code), end), at: .operation(frame.operation))
        leave(index, Settlement(status.code < 400 ? .ok : .failed(Failure(status))))
    }

    /// The answer of a gateway is back at its caller, or nobody waits for it any more; returns how long the caller should
    /// wait before it asks again.
    mutating func leaveGateway(_ index: UInt32) -> Duration {
        guard let passage = gateways.leave(frame: index) else { return .zero }
        gateways.sites[passage.site].tally.underWay -= 1
        if !passage.isOver { gateways.sites[passage.site].tally.lost += 1 }
        return passage.retryAfter
    }
}
