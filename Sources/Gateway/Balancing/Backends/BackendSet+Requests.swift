extension BackendSet {
    /// A request to the backend has begun; no if it is not in the set.
    mutating func begin(_ id: BackendID) -> Bool {
        guard contains(id), slots[id.place].inFlight < .max else { return false }
        slots[id.place].inFlight += 1
        inFlight += 1
        return true
    }

    /// A request to the backend has ended; no if none is under way to it.
    mutating func end(_ id: BackendID) -> Bool {
        guard contains(id), slots[id.place].inFlight > 0 else { return false }
        slots[id.place].inFlight -= 1
        inFlight -= 1
        return true
    }
}
