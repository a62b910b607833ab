import Sagas
import Timeline

// The way of a flow: an event is published, the bus delivers it to everybody who has a policy on it, each of them acts,
// and what comes of that is another event. Nobody is in charge.

extension World {
    /// A flow is begun from outside.
    mutating func startFlow(_ choreography: Int, from load: UInt32, key: UInt32) {
        let operation = UInt16(flows.plans.operation(choreography))
        guard
            let (request, arrival) = admit(
                from: load, operation: operation, hasRoom: flows.hasRoom, beside: flows.live)
        else { return }
        startFlow(choreography, request, from: load, key: key, .load, cause: arrival)
    }

    /// A flow begins under this number.
    mutating func startFlow(
        _ choreography: Int, _ request: UInt64, from load: UInt32, key: UInt32, _ asker: Asker,
        askedBy asked: UInt64 = 0,
        cause: EntryID
    ) {
        let cause = port.note(.sagaStarted, .choreography(UInt16(choreography)), request: request, cause: cause)
        let slot = flows.open(plan: choreography, request: request, load: load, key: key, cause: cause, at: port.now)
        flows[slot].asker = asker
        flows[slot].asked = asked
        ledger.open(.flow(slot), request: request, amount: flows[slot].amount)
        let event = Flow.Event(id: request, type: flows.plans.start(choreography))
        publish(Publication(event: event, publisher: .outside, cause: cause), slot)
        settle(flow: slot)
    }

    /// The bus takes an event, unless nobody expects it.
    mutating func publish(_ publication: Publication, _ slot: UInt32) {
        // What is due at this very moment comes first: then the event is too late.
        if flows[slot].dueAt <= port.now { strike(slot) }
        let (event, known) = (publication.event, flows[slot].flow.events)
        let reaction = flows[slot].flow.take(event, at: port.now, under: flows.choreography(slot))
        if case .ignored(.flowParked) = reaction { return flows[slot].held.append(publication) }
        if case .ignored(let reason) = reaction { return refuse(publication, reason, slot) }
        if case .act = reaction, flows[slot].flow.events == known {
            return refuse(publication, .duplicate, slot)
        }
        follow(reaction, publication, slot)
    }

    /// An event that changes nothing is written down, and that is all.
    private mutating func refuse(_ publication: Publication, _ reason: Flow.Reason, _ slot: UInt32) {
        let isDuplicate = reason == .duplicate || reason == .answeredAlready
        flows.record(record(publication, to: nil, isDuplicate ? .duplicate : .refused), slot)
        note(
            flow: slot, isDuplicate ? .eventRepeated : .eventRefused,
            .refusedEvent(UInt8(publication.event.type), reason), cause: publication.cause)
    }

    /// What is known of why nothing more has happened: the latest event that did not get through, or the latest at all.
    private func causeOfSilence(_ slot: UInt32) -> EntryID {
        flows[slot].lapse == .none ? flows[slot].cause : flows[slot].lapse
    }

    /// What is written down of an event.
    func record(
        _ publication: Publication, to receiver: Int?, _ outcome: FlowHistory.Outcome
    ) -> FlowRecord {
        FlowRecord(
            event: publication.event, at: port.now, publisher: publication.publisher, receiver: receiver,
            outcome: outcome)
    }

    /// Does what follows from an event that the flow has taken in.
    mutating func follow(_ reaction: Flow.Reaction, _ publication: Publication, _ slot: UInt32) {
        var publication = publication
        let type = publication.event.type
        port.touched.insert(.sagas)
        flows[slot].progressedAt = port.now
        if publication.publisher == .watchdog || flows.plans.tellsOfFailure(type, Int(flows[slot].plan)) {
            flows[slot].hasTurnedBack = true
        }
        publication.cause = note(
            flow: slot, publication.publisher == .watchdog ? .timedOut : .eventPublished, .flowEvent(UInt8(type)),
            cause: publication.cause)
        switch reaction {
        case .act(let actions) where !actions.policies.isEmpty:
            for action in actions { deliver(publication, action, slot) }
        case .act, .ignored:
            flows.record(record(publication, to: nil, publication.outcome), slot)
        case .ended(let ending):
            flows.record(record(publication, to: nil, publication.outcome), slot)
            end(slot, ending)
        case .parked:
            // A timeout strikes again by itself when the flow goes on.
            if publication.publisher != .watchdog { flows[slot].held.append(publication) }
            note(flow: slot, .flowParked, .flowEvent(UInt8(type)), cause: publication.cause)
        }
    }

    /// Hands an event over to the bus for one of its subscribers, unless that has lost its subscription.
    mutating func deliver(_ publication: Publication, _ action: Flow.Action, _ slot: UInt32) {
        let choreography = Int(flows[slot].plan)
        if faults.areActive, let fault = faults.loses(eventFor: action.policy, ofChoreography: choreography) {
            flows.record(record(publication, to: action.policy, .lost), slot)
            let why = Why.policy(UInt8(action.policy), attempt: 0)
            flows[slot].lapse = note(flow: slot, .undelivered, why, cause: faults.faults[fault].entry)
            return
        }
        // From now on it is the bus that must not forget it; who answers by no event is done when it is done.
        if flows.plans.answer(of: action.policy, isGood: true, choreography) != nil {
            flows[slot].flow.acknowledge(action, under: flows.choreography(slot))
        }
        flows.record(record(publication, to: action.policy, publication.outcome), slot)
        let delivery = Delivery(flow: slot, publication: publication, action: action, cause: publication.cause)
        send(delivery)
        guard flows.isTwice(slot) else { return }
        flows.record(record(publication, to: action.policy, .duplicate), slot)
        send(delivery)
    }

    /// An event sets out to a subscriber.
    private mutating func send(_ delivery: Delivery) {
        let slot = delivery.flow
        flows[slot].underWay += 1
        var transit = flows.transit(slot)
        if faults.areActive {
            let choreography = Int(flows[slot].plan)
            let impact = faults.strike(policy: delivery.action.policy, ofChoreography: choreography)
            transit = transit + (impact?.extra ?? .zero)
        }
        port.schedule(after: transit, .eventArrives(flows.deliveries.put(delivery)))
    }

    /// The watchdog of a flow has something to do.
    mutating func flowDue(_ slot: UInt32) {
        flows[slot].due = .none
        flows[slot].dueAt = .distantFuture
        strike(slot)
        settle(flow: slot)
    }

    /// Lets every timeout strike whose time has come.
    private mutating func strike(_ slot: UInt32) {
        while let expiry = flows[slot].flow.advance(to: port.now, under: flows.choreography(slot)) {
            let publication = Publication(
                event: expiry.event, publisher: .watchdog, cause: causeOfSilence(slot))
            follow(expiry.reaction, publication, slot)
        }
    }

    /// Whatever was to be done with a flow is done: its timer is set, it is counted, and perhaps forgotten.
    mutating func settle(flow slot: UInt32) {
        let due = flows[slot].flow.due ?? .distantFuture
        if due != flows[slot].dueAt {
            flows[slot].dueAt = due
            port.cancel(&flows[slot].due)
            if due != .distantFuture { flows[slot].due = port.agenda.schedule(.flowDue(slot), at: max(due, port.now)) }
        }
        if flows.count(slot) {
            port.touched.insert(.sagas)
            note(flow: slot, .flowOrphaned, .itself, cause: causeOfSilence(slot))
        }
        if flows.freeIfForgotten(slot) { idempotency.forget(.flow(slot)) }
    }

    /// The flow is over, for whoever waits for it; what is on its way goes on.
    mutating func end(_ slot: UInt32, _ ending: Flow.Ending) {
        let took = port.now - flows[slot].startedAt
        let outcome: Outcome
        switch ending {
        case .well:
            outcome = .ok
            note(flow: slot, .completed, .took(took))
        case .badly, .timedOut:
            outcome = .failed(.compensated)
            note(flow: slot, .compensated, .took(took))
        case .closed:
            outcome = .failed(.cancelled)
            note(flow: slot, .sagaKilled, .took(took))
        }
        ledger.close(.flow(slot))
        port.touched.insert([.ledger, .sagas])
        guard !flows[slot].isAnswered else { return }
        flows[slot].isAnswered = true
        let operation = flows.plans.operation(Int(flows[slot].plan))
        answer(
            flows[slot].asker, from: flows[slot].load, operation, outcome, took: took, slot: slot,
            cause: flows[slot].cause)
    }

    /// Writes an entry about a flow; it becomes the latest.
    @discardableResult
    mutating func note(flow slot: UInt32, _ what: What, _ why: Why, cause: EntryID? = nil) -> EntryID {
        let entry = port.note(
            what, .choreography(flows[slot].plan), why: why, request: flows[slot].request,
            cause: cause ?? flows[slot].cause)
        flows[slot].cause = entry
        return entry
    }
}

extension Publication {
    /// What becomes of it when it is delivered.
    fileprivate var outcome: FlowHistory.Outcome { publisher == .watchdog ? .timeout : .taken }
}
