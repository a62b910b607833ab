import Sagas
import Timeline

// An event at its subscriber: the call that it makes there, and what comes of it.

extension World {
    /// An event has reached a subscriber, which acts.
    mutating func eventArrives(_ delivery: UInt32) {
        let (slot, action) = (flows.deliveries[delivery].flow, flows.deliveries[delivery].action)
        guard !services.isDown(services.stations(of: flows.plans.broker(Int(flows[slot].plan))).lowerBound) else {
            // What the bus has accepted it does not forget.
            port.schedule(after: Self.brokerWait, .eventArrives(delivery))
            return
        }
        flows.deliveries[delivery].attempt += flows.deliveries[delivery].attempt < .max ? 1 : 0
        let attempt = flows.deliveries[delivery].attempt
        flows.deliveries[delivery].cause = note(
            flow: slot, .eventDelivered, .policy(UInt8(action.policy), attempt: attempt),
            cause: flows.deliveries[delivery].cause)
        var frame = Frame()
        frame.owner = .delivery(delivery)
        frame.origin = UInt16(flows[slot].load)
        frame.request = flows[slot].request
        frame.errand = errand(of: action.policy, slot)
        frame.key = flows[slot].key
        frame.amount = flows[slot].amount
        frame.written = flows[slot].written
        frame.cause = flows.deliveries[delivery].cause
        place(frame, on: flows.plans.call(of: action.policy, Int(flows[slot].plan)))
    }

    /// For what a policy makes its call: together with the flow, its idempotency key.
    private func errand(of policy: Int, _ slot: UInt32) -> Errand {
        let undone = flows.plans.undone(by: policy, Int(flows[slot].plan))
        return Errand(saga: .flow(slot), step: UInt8(undone ?? policy), kind: undone == nil ? .act : .undo)
    }

    private static let brokerWait = Duration.milliseconds(50)

    /// The subscriber has acted, or could not.
    mutating func deliveryReturned(_ delivery: UInt32, _ settlement: Settlement, cause: EntryID) {
        let each = flows.deliveries[delivery]
        switch settlement.outcome {
        case .ok:
            handOver(delivery, each, isGood: true, cause)
        case .failed(let failure):
            let policy = UInt8(each.action.policy)
            let entry = note(flow: each.flow, .reactionFailed, .policyFailure(policy, failure), cause: cause)
            flows.deliveries[delivery].cause = entry
            if settlement.mayHaveHappened { flows.deliveries[delivery].mayHaveHappened = true }
            redeliver(delivery, after: failure, cause: entry)
        }
        settle(flow: each.flow)
    }

    /// Delivers an event again, or gives up: then the subscriber says that nothing was done, or the event is a dead letter.
    private mutating func redeliver(_ delivery: UInt32, after failure: Failure, cause: EntryID) {
        if failure.isWorthAnotherAttempt, let wait = flows.wait(beforeRedelivery: delivery) {
            let slot = flows.deliveries[delivery].flow
            flows[slot].redeliveries += flows[slot].redeliveries < .max ? 1 : 0
            note(flow: slot, .stepBacksOff, .delay(wait), cause: cause)
            port.schedule(after: wait, .eventArrives(delivery))
            return
        }
        let each = flows.deliveries[delivery]
        if failure.isVerdict,
            flows.plans.answer(of: each.action.policy, isGood: false, Int(flows[each.flow].plan)) != nil
        {
            if let isGood = verdict(of: each) { return handOver(delivery, each, isGood: isGood, cause) }
        }
        // What has been taken back before it could happen will never be done: there is nothing to deliver again.
        guard failure != .voided else { return forget(delivery) }
        flows.countDeadLetters(each.flow, by: 1)
        flows.record(record(each.publication, to: each.action.policy, .deadLetter), each.flow)
        let why = Why.policy(UInt8(each.action.policy), attempt: each.attempt)
        flows[each.flow].lapse = note(flow: each.flow, .setAside, why, cause: cause)
        forget(delivery)
    }

    /// Whether a subscriber that has failed finds in its records that it was done, or not: then it never will be, whatever
    /// copy of the event or earlier attempt is still on its way. Nil if it cannot know.
    private mutating func verdict(of each: Delivery) -> Bool? {
        let operation = UInt16(flows.plans.call(of: each.action.policy, Int(flows[each.flow].plan)).operation)
        if stores.command(of: operation) != nil || !scripts.isIdempotent(operation) {
            return each.mayHaveHappened ? nil : false
        }
        return !idempotency.void(errand(of: each.action.policy, each.flow))
    }

    /// A delivery is done with, and what came of it is published.
    private mutating func handOver(_ delivery: UInt32, _ each: Delivery, isGood: Bool, _ cause: EntryID) {
        flows[each.flow].flow.acknowledge(each.action, under: flows.choreography(each.flow))
        if let type = flows.plans.answer(of: each.action.policy, isGood: isGood, Int(flows[each.flow].plan)) {
            let event = each.action.answer(type)
            publish(Publication(event: event, publisher: .policy(each.action.policy), cause: cause), each.flow)
        }
        forget(delivery)
    }

    private mutating func forget(_ delivery: UInt32) {
        flows[flows.deliveries[delivery].flow].underWay -= 1
        flows.deliveries.free(delivery)
    }
}
