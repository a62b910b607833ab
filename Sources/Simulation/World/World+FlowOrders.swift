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
            case .all(.all): "no flow is under way"
            case .all(let standing): "no flow is \(standing.rawValue)"
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
            case .all(let standing): standing.includes(flows[slot].counted)
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
        case (.resend, _): return lostDeliveries(slot).isEmpty ? .nothingLost : nil
        }
    }

    /// The actions that are to be asked for once more, since their event was lost and has not reached them since.
    private func lostDeliveries(_ slot: UInt32) -> [Flow.Action] {
        let records = flows[slot].records
        return flows[slot].flow.unacknowledged(under: flows.choreography(slot)).filter { action in
            records.last { $0.event.id == action.event && $0.receiver == action.policy }?.outcome == .lost
        }
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
        for action in lostDeliveries(slot) {
            guard let lost = flows[slot].records.last(where: { $0.event.id == action.event }) else { continue }
            deliver(
                Publication(event: lost.event, publisher: lost.publisher, cause: flows[slot].cause), action, slot)
        }
    }

    private mutating func resume(flow slot: UInt32) {
        guard flows[slot].flow.resume(under: flows.choreography(slot)) else { return }
        note(flow: slot, .sagaResumed, .itself)
        guard var publication = flows[slot].parked else { return }
        flows[slot].parked = nil
        publication.cause = flows[slot].cause
        publish(publication, slot)
    }
}

extension FlowOrder.Standing {
    /// Whether it is how a flow counts.
    fileprivate func includes(_ counted: FlowStanding) -> Bool {
        switch self {
        case .all: counted != .over
        case .running: counted == .forward
        case .compensating: counted == .back
        case .orphaned: counted == .orphaned
        case .parked: counted == .parked
        }
    }
}
