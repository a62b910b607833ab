import Sagas

// Which sagas there are: those under way, and those that are over and kept for an operator.

extension SagaHost {
    var slotCount: Int { slots.count }

    /// The slots of the sagas under way, in order of slot.
    var liveSlots: [UInt32] {
        slots.indices.filter { slots[$0].request != 0 && !slots[$0].machine.isOver }.map { UInt32($0) }
    }

    /// Goes over all slots in use, those kept for an operator too, in order of slot, and copies none.
    func forEachSlot(_ body: (_ index: Int, _ slot: borrowing SagaSlot) -> Void) {
        slots.withUnsafeBufferPointer { slots in
            for index in slots.indices where slots[index].request != 0 {
                guard !slots[index].machine.isOver || slots[index].isKept else { continue }
                body(index, slots[index])
            }
        }
    }

    /// Whether an operator can still do something with the saga in a slot.
    func keeps(_ slot: UInt32) -> Bool { !slots[Int(slot)].machine.isOver || slots[Int(slot)].isKept }

    /// The slot of a saga, by its request; nil if it is forgotten. Among a million it takes a millisecond.
    func slot(of request: UInt64) -> UInt32? { requests.firstIndex(of: request).map { UInt32($0) } }

    /// The slot of the saga that an attempt at a request in a gateway has started, if nobody has had its answer yet.
    func slot(askedForBy request: UInt64) -> UInt32? {
        slots.firstIndex { $0.asked == request && !$0.isAnswered }.map { UInt32($0) }
    }

    /// Why an operator's wish cannot be fulfilled; nil if it can.
    func refusal(of deed: SagaOrder.Deed, _ slot: UInt32) -> Saga.OrderRefusal? {
        let definition = plans.definitions[Int(slots[Int(slot)].plan)]
        return switch deed {
        case .order(let order): slots[Int(slot)].machine.refusal(of: order, under: definition)
        case .rerun(let step): slots[Int(slot)].machine.rerunRefusal(from: step, under: definition)
        }
    }
}
