import Sagas
import Timeline

// What an operator does with sagas.

extension World {
    /// The sagas that an order means and that can obey it, by their requests, oldest first.
    public func sagas(meantBy order: SagaOrder) -> [UInt64] {
        slots(meantBy: order).filter { sagas.refusal(of: order.deed, $0) == nil }.map { sagas[$0].request }.sorted()
    }

    /// Why an order can do nothing, in a line for the operator; nil if it can.
    public func objection(to order: SagaOrder) -> String? {
        let meant = slots(meantBy: order)
        guard !meant.isEmpty else {
            return switch order.selection {
            case .one(let request): "there is no such saga as #\(request): it is over and no longer kept, or never was"
            case .all(.all): "no saga is under way"
            case .all(let filter): "no saga is \(filter.words)"
            }
        }
        let refusals = meant.map { sagas.refusal(of: order.deed, $0) }
        return refusals.allSatisfy { $0 != nil } ? refusals[0]?.description : nil
    }

    private func slots(meantBy order: SagaOrder) -> [UInt32] {
        switch order.selection {
        case .one(let request):
            return sagas.slot(of: request).map { Int(sagas[$0].plan) == order.plan ? [$0] : [] } ?? []
        case .all(let filter):
            return sagaRows { Int($0.plan) == order.plan && filter.matches($0) }.map(\.slot)
        }
    }

    /// Carries out what an operator wants of sagas; those that cannot obey are left as they are.
    mutating func carryOut(_ order: SagaOrder, command: Why) {
        for slot in slots(meantBy: order) where sagas.refusal(of: order.deed, slot) == nil {
            if sagas[slot].isDown { takeOver(slot) }
            sagas[slot].cause = port.note(.ordered, .saga(sagas[slot].plan), why: command, request: sagas[slot].request)
            switch order.deed {
            case .order(let order): obey(order, slot)
            case .rerun(let step): rerun(slot, from: step)
            }
        }
    }

    private mutating func obey(_ order: Saga.Order, _ slot: UInt32) {
        guard var decided = try? sagas.obey(order, slot, at: port.now) else { return }
        carryOut(&decided, slot)
    }

    /// Runs a saga again as a new one, which takes over what stands; the old one is settled with that.
    private mutating func rerun(_ slot: UInt32, from step: Int) {
        let request = nextRequest()
        guard sagas.hasRoom, let (next, events) = try? sagas.rerun(slot, from: step, as: request, at: port.now) else {
            return
        }
        ledger.open(.saga(next), request: request, amount: sagas[next].amount)
        idempotency.copy(from: .saga(slot), to: .saga(next), steps: step)
        var decided = events
        carryOut(&decided, next)
        if sagas.settle(slot) { idempotency.forget(.saga(slot)) }
    }
}
