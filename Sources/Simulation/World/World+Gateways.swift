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
    mutating func enterGateway(_ index: UInt32) {
        let frame = frames[index]
        let service = services.service(of: frame.operation)
        guard let site = gateways.site(of: service) else { return }
        let gateway = gateways.sites[site].first + Int(frame.replica)
        frames[index].passage = gateways.passages.put(GatewayHost.Passage(gateway: gateway, state: .answered))
        gateways.sites[site].tally.taken += 1
        gateways.sites[site].tally.underWay += 1
        let isSpoofed = spoofs(index)
        do throws(RequestError) {
            let request = try gateways.senders.request(of: frame, isSpoofed: isSpoofed, at: port.now)
            let client = gateways.sites[site].plan.trusted.client(of: request)
            if isSpoofed { gateways.sites[site].tally.countSpoofed(isBelieved: client != request.peer) }
            let credentials = gateways.senders.credentials(
                of: frame, client, gateways.sites[site].issuer, at: port.now)
            let passage = gateways.gateways[gateway].receive(request, credentials, at: port.now)
            follow(passage, index, waited: .zero)
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
    private mutating func follow(_ passage: APIGateway.Passage, _ index: UInt32, waited: Duration) {
        let slot = frames[index].passage
        switch passage {
        case .passed(let exchange):
            let site = gateways.site(ofGateway: gateways.passages[slot].gateway)
            gateways.sites[site].latest[exchange.route] = exchange
            gateways.passages[slot].state = .passed(exchange)
            beginWork(index, after: noteStages(index, upTo: nil, waited: waited))
        case .answered(let response, let answer, let entry):
            gateways.log(entry, gateways.passages[slot].gateway)
            refuse(index, response.status, GatewayEnd(answer))
            gateways.passages[slot].retryAfter = answer.retryAfter ?? .zero
            let delay = answer.stage == nil ? Duration.zero : noteStages(index, upTo: answer.stage, waited: waited)
            note(index, .answeredByGateway, .status(UInt16(clamping: response.status.code), GatewayEnd(answer)))
            beginWork(index, after: delay)
        case .awaitsKeys(let exchange, let areOnTheirWay):
            awaitKeys(index, exchange, areOnTheirWay: areOnTheirWay)
        }
    }

    /// A request will be answered so without a backend.
    private mutating func refuse(_ index: UInt32, _ status: Status, _ end: GatewayEnd) {
        let slot = frames[index].passage
        gateways.passages[slot].state = .answered
        gateways.passages[slot].status = status
        gateways.passages[slot].end = end
    }

    /// Writes down the stages that a request has come through, the last one being that which has answered it; returns
    /// how long they take from now on.
    private mutating func noteStages(_ index: UInt32, upTo last: Stage?, waited: Duration) -> Duration {
        let operation = frames[index].operation
        guard let site = gateways.site(of: services.service(of: operation)) else { return .zero }
        let route = gateways.route(of: operation) ?? 0
        var whole = Duration.zero
        for stage in gateways.sites[site].plan.settings.order.stages {
            guard gateways.sites[site].plan.isAtWork(stage, route: route) else { continue }
            let cost = gateways.sites[site].plan.stageCosts[Int(stage.rawValue)]
            let took = stage == .authentication ? cost + waited : cost
            gateways.sites[site].tally.count(
                stage, took: took, hasPassed: stage != last, route: route)
            whole = whole + cost
            guard stage != last else { break }
            note(index, .passedStage, .stage(stage.rawValue, took: took), at: .operation(operation))
        }
        return whole
    }

    /// The work of a gateway at a request is done: it answers it, or asks its backend.
    mutating func workedInGateway(_ index: UInt32) {
        let frame = frames[index]
        let isDoomed = frame.flags.contains(.isDoomed)
        if services.sampleFailure(of: frame.operation, isDoomed: isDoomed) != nil {
            return conclude(index, .internalServerError, .gateway)
        }
        guard case .passed = gateways.passages[frame.passage].state else {
            let passage = gateways.passages[frame.passage]
            return conclude(index, passage.status, passage.end)
        }
        gateways.passages[frame.passage].askedAt = port.now
        if !services.isBlocking(services.service(of: frame.operation)) { releaseWorkerIfHeld(index) }
        if let plan = routePlan(of: frame.operation), let start = plan.starts {
            begin(start, for: index, waits: plan.waits)
        } else if scripts.call(frame.operation, 0) != nil {
            callNext(index)
        } else {
            backendReturned(to: index, Settlement(.ok))
        }
    }

    private func routePlan(of operation: UInt16) -> RoutePlan? {
        guard let site = gateways.site(of: services.service(of: operation)), let route = gateways.route(of: operation)
        else { return nil }
        return gateways.sites[site].plan.routes[route]
    }

    /// The backend of a request in a gateway has answered, or nobody has.
    mutating func backendReturned(to index: UInt32, _ settlement: Settlement) {
        let slot = frames[index].passage
        let passage = gateways.passages[slot]
        guard case .passed(let exchange) = passage.state, let plan = routePlan(of: frames[index].operation) else {
            return conclude(index, .internalServerError, .gateway)
        }
        count(settlement, of: passage, route: gateways.route(of: frames[index].operation) ?? 0)
        var response = plan.response
        if case .failed(let failure) = settlement.outcome { response = Response(Status(failure)) }
        if settlement.retryAfter > .zero {
            RetryAfter.set(settlement.retryAfter, in: &response)
            gateways.passages[slot].retryAfter = settlement.retryAfter
        }
        do {
            let answer = try gateways.gateways[passage.gateway].finish(
                response, exchange, askedAt: passage.askedAt, at: port.now)
            let entry = gateways.gateways[passage.gateway].logEntry(exchange, answer, at: port.now)
            gateways.log(entry, passage.gateway)
            conclude(index, answer.status, .backend)
        } catch {
            conclude(index, .badGateway, .transform)
        }
    }

    private mutating func count(_ settlement: Settlement, of passage: GatewayHost.Passage, route: Int) {
        let site = gateways.site(ofGateway: passage.gateway)
        gateways.sites[site].tally.countBackend(
            took: port.now - passage.askedAt, isOK: settlement.outcome == .ok, route: route)
    }

    /// A request in a gateway ends with a status, and its answer goes back.
    private mutating func conclude(_ index: UInt32, _ status: Status, _ end: GatewayEnd) {
        let frame = frames[index]
        if let site = gateways.site(of: services.service(of: frame.operation)) {
            gateways.sites[site].tally.end(end, status, route: gateways.route(of: frame.operation) ?? 0)
        }
        gateways.passages[frame.passage].status = status
        gateways.passages[frame.passage].isOver = true
        note(index, .responded, .status(UInt16(clamping: status.code), end), at: .operation(frame.operation))
        leave(index, Settlement(status.code < 400 ? .ok : .failed(Failure(status))))
    }

    /// The answer of a gateway is back at its caller, or nobody waits for it any more; returns how long the caller should
    /// wait before it asks again.
    mutating func leaveGateway(_ index: UInt32) -> Duration {
        let slot = frames[index].passage
        guard slot != Frame.noPassage else { return .zero }
        frames[index].passage = Frame.noPassage
        let passage = gateways.passages[slot]
        let site = gateways.site(ofGateway: passage.gateway)
        gateways.sites[site].tally.underWay -= 1
        if !passage.isOver { gateways.sites[site].tally.lost += 1 }
        gateways.free(slot)
        return passage.retryAfter
    }
}

// The limit that the replicas of a gateway share.

extension World {
    private mutating func scheduleSharing(_ site: Int) {
        guard let shared = gateways.sites[site].plan.sharedLimit else { return }
        port.schedule(after: shared.period, .limitsShared(UInt32(site)))
    }

    /// The replicas of a gateway tell each other how many requests they have let pass.
    mutating func limitsShared(_ site: Int) {
        scheduleSharing(site)
        guard let shared = gateways.sites[site].plan.sharedLimit else { return }
        let stations = services.stations(of: gateways.sites[site].service)
        for (gateway, station) in zip(gateways.sites[site].gateways, stations) where !services.isDown(station) {
            guard let report = gateways.gateways[gateway].sharedLimit?.report(at: port.now) else { continue }
            let news = GatewayHost.News(site: site, report: report)
            port.schedule(after: shared.delay, .limitHeard(gateways.news.put(news)))
        }
    }

    /// What a replica has told the others has come.
    mutating func limitHeard(_ slot: UInt32) {
        let news = gateways.news.take(slot)
        for gateway in gateways.sites[news.site].gateways {
            gateways.gateways[gateway].sharedLimit?.hear(news.report, at: port.now)
        }
    }
}

// The keys of those who issue tokens.

extension World {
    /// A request waits until its gateway has the keys of an issuer.
    private mutating func awaitKeys(_ index: UInt32, _ exchange: Exchange, areOnTheirWay: Bool) {
        let slot = frames[index].passage
        let gateway = gateways.passages[slot].gateway
        gateways.passages[slot].state = .awaitsKeys(exchange)
        gateways.passages[slot].askedAt = port.now
        frames[index].phase = .awaiting
        gateways.awaitingKeys[gateway].append(frames.id(of: index))
        note(index, .awaitsKeys, .itself, at: .operation(frames[index].operation))
        guard !areOnTheirWay else { return }
        let delay = gateways.sampleFetch(gateways.site(ofGateway: gateway))
        port.schedule(after: delay, .keysArrive(UInt32(gateway)))
    }

    /// A gateway has the keys of its issuer: those who wait for them go on.
    mutating func keysArrive(_ gateway: Int) {
        let site = gateways.site(ofGateway: gateway)
        learnKeys(gateway, of: site)
        port.note(.keysFetched, .replica(of: gateways.sites[site], gateway))
        let waiting = gateways.awaitingKeys[gateway]
        gateways.awaitingKeys[gateway] = []
        for id in waiting where frames.isAlive(id) && frames[id.index].phase == .awaiting {
            let passage = gateways.passages[frames[id.index].passage]
            guard case .awaitsKeys(let exchange) = passage.state else { continue }
            frames[id.index].phase = .working
            let next = gateways.gateways[gateway].resume(exchange, at: port.now)
            follow(next, id.index, waited: port.now - passage.askedAt)
        }
    }

    private mutating func learnKeys(_ gateway: Int, of site: Int) {
        guard let issuer = gateways.sites[site].issuer else { return }
        gateways.gateways[gateway].authenticator.tokens?.keys.fetched(issuer.published(at: port.now), at: port.now)
        gateways.sites[site].tally.keyFetches += 1
    }

    private mutating func scheduleRotation(_ site: Int) {
        guard let rotation = gateways.sites[site].issuer?.plan.rotation else { return }
        port.schedule(after: rotation, .keysRotate(UInt32(site)))
    }

    /// An issuer has a new key.
    mutating func keysRotate(_ site: Int) {
        if let plan = gateways.sites[site].issuer?.plan {
            gateways.sites[site].issuer?.rotate(at: port.now, lead: plan.lead)
            gateways.sites[site].tally.keyRotations += 1
            port.note(.keysRotated, .service(UInt16(gateways.sites[site].service)))
        }
        scheduleRotation(site)
    }

    /// The key that signs tokens for a gateway is honoured no more, though its issuer goes on signing with it.
    mutating func expireKey(ofService service: Int) {
        guard let site = gateways.site(of: service), gateways.sites[site].issuer != nil else { return }
        gateways.sites[site].issuer?.expireSigner(at: port.now)
        for gateway in gateways.sites[site].gateways { learnKeys(gateway, of: site) }
    }

    /// An issuer has found out that its key is honoured no more: everybody gets tokens that a new one has signed.
    mutating func replaceKey(ofService service: Int) {
        guard let site = gateways.site(of: service) else { return }
        gateways.sites[site].issuer?.replaceSigner(at: port.now)
        gateways.sites[site].tally.keyRotations += 1
        for gateway in gateways.sites[site].gateways { learnKeys(gateway, of: site) }
    }
}

extension Component {
    /// The replica of a site that a gateway is; the service if there is one only.
    fileprivate static func replica(of site: GatewayHost.Site, _ gateway: Int) -> Component {
        site.replicas == 1
            ? .service(UInt16(site.service))
            : .replica(service: UInt16(site.service), UInt8(gateway - site.first))
    }
}
