import Timeline

// How sagas and flows that are asked for from outside are let in, and answered in the end.

extension World {
    /// Something is asked for that lasts: a number for it and the entry that tells of it; nil if there is no room beside
    /// so many that are under way.
    mutating func admit(
        from load: UInt32, operation: UInt16, hasRoom: Bool, beside live: Int
    ) -> (request: UInt64, arrival: EntryID)? {
        let request = nextRequest()
        meters.begin(load: load)
        meters.begin(operation: operation)
        let arrival = port.note(.arrived, .load(UInt16(load)), request: request)
        guard !hasRoom else { return (request, arrival) }
        port.note(.outOfRoom, .system, why: .count(UInt32(live)), request: request, cause: arrival)
        close(load, operation, .failed(.outOfRoom), took: .zero)
        loads.answered(load, &port)
        return nil
    }

    /// Whoever has asked for what stands in a slot gets the answer.
    mutating func answer(_ load: UInt32, _ operation: Int, _ outcome: Outcome, took: Duration, slot: UInt32) {
        close(load, UInt16(operation), outcome, took: took)
        port.sign(outcome, slot)
        loads.answered(load, &port)
    }

    private mutating func close(_ load: UInt32, _ operation: UInt16, _ outcome: Outcome, took: Duration) {
        meters.end(operation: operation, outcome, took: took)
        meters.end(load: load, outcome, took: took)
    }
}
