import Sagas
import Timeline

// What an operator does with the flows of choreographies.

extension World {
    /// The flows that an order means and that can obey it, by their requests, oldest first.
    public func flows(meantBy order: FlowOrder) -> [UInt64] {
        slots(meantBy: order).filter { refusal(of: order.deed, $0) == nil }.map { flows[$0].request }.sorted()
    }

    /// Why an order can do nothing, in a line for the operator; nil if it can.
    public func objection(to order: FlowOrder) -> String? {
        let meant = slots(meantBy: order)
        guard !meant.isEmpty else {
            return switch order.selection {
            case .one(let request): "there is no such flow as #\(request): it is over and no longer kept, or never was"
            case .all(nil): "no flow is under way"
            case .all(let standing?): "no flow is \(standing.rawValue)"
            }
        }
        let refusals = meant.map { refusal(of: order.deed, $0) }
        return refusals.allSatisfy { $0 != nil } ? refusals[0]?.description : nil
    }

    private func slots(meantBy order: FlowOrder) -> [UInt32] {
        flows.slotsInUse.filter { slot in
            guard Int(flows[slot].plan) == order.plan else { return false }
            return switch order.selection {
            case .one(let request): flows[slot].request == request
            case .all(let standing): standing.map { $0 == flows[slot].standing } ?? !flows[slot].standing.isOver
            }
        }
    }

    /// Why a flow cannot obey; nil if it can.
    private func refusal(of deed: FlowOrder.Deed, _ slot: UInt32) -> FlowOrder.Refusal? {
        let phase = flows[slot].flow.phase(under: flows.choreography(slot))
        switch (deed, phase) {
        case (_, .ended): return .over
        case (.close, _), (.resume, .parked(.hopLimit)): return nil
        case (.resume, .parked(.eventLimit)): return .full
        case (.resume, _): return .notParked
        case (.resend, .parked): return .parked
        case (.resend, _): return failedDeliveries(slot).isEmpty ? .nothingLost : nil
        }
    }

    /// The deliveries that are to be made once more: what was lost or set aside last, and is still waited for.
    private func failedDeliveries(_ slot: UInt32) -> [FlowRecord] {
        let (records, choreography) = (flows[slot].records, flows.choreography(slot))
        let awaited = flows[slot].flow.unfinished(under: choreography)
        return records.indices.filter { index in
            let record = records[index]
            guard record.outcome == .lost || record.outcome == .deadLetter else { return false }
            guard let receiver = record.receiver, awaited.contains(receiver) else { return false }
            return !records[(index + 1)...].contains { $0.event.id == record.event.id && $0.receiver == receiver }
        }.map { records[$0] }
    }

    /// Carries out what an operator wants of flows; those that cannot obey are left as they are.
    mutating func carryOut(_ order: FlowOrder, command: Why) {
        for slot in slots(meantBy: order) where refusal(of: order.deed, slot) == nil {
            let place = Component.choreography(flows[slot].plan)
            flows[slot].cause = port.note(.ordered, place, why: command, request: flows[slot].request)
            switch order.deed {
            case .resend: resend(slot)
            case .resume: resume(flow: slot)
            case .close: if flows[slot].flow.close() { end(slot, .closed) }
            }
            settle(flow: slot)
        }
    }

    private mutating func resend(_ slot: UInt32) {
        for failed in failedDeliveries(slot) {
            guard let receiver = failed.receiver else { continue }
            if failed.outcome == .deadLetter { flows.countDeadLetters(slot, by: -1) }
            let action = Flow.Action(flow: flows[slot].flow.id, policy: receiver, event: failed.event.id)
            deliver(
                Publication(event: failed.event, publisher: failed.publisher, cause: flows[slot].cause), action, slot)
        }
    }

    private mutating func resume(flow slot: UInt32) {
        guard flows[slot].flow.resume(under: flows.choreography(slot)) else { return }
        note(flow: slot, .sagaResumed, .itself)
        let held = flows[slot].held
        flows[slot].held = []
        for publication in held { publish(publication, slot) }
    }
}
