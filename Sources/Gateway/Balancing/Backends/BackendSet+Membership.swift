public import Timeline

extension BackendSet {
    /// Adds a backend; nil if there is no room for it. One with its address and zone that is there already stays, with its
    /// state, and gets the weight; from another zone, it leaves.
    /// - Parameter slowly: whether it starts slowly, where that is set; it does by default.
    @discardableResult
    public mutating func add(_ backend: Backend, slowly: Bool = true, at now: Instant) -> BackendID? {
        if let old = id(of: backend.address) {
            if zone(of: old) == backend.zone {
                setWeight(backend.weight, of: old, at: now)
                return old
            }
            remove(old, at: now)
        }
        guard count < Self.capacity else { return nil }
        let place = freePlace()
        addresses[place] = backend.address
        places[backend.address] = Int32(place)
        slots[place] = Slot(
            generation: slots[place].generation, weight: UInt16(backend.weight), zone: UInt8(backend.zone),
            isMember: true)
        count += 1
        healthyCount += 1
        if slowly { startRamp(place, at: now) }
        review(place, at: now)
        return id(at: place)
    }

    /// Takes a backend out. Its requests that are under way are not counted any more.
    public mutating func remove(_ id: BackendID, at now: Instant) {
        guard contains(id) else { return }
        count -= 1
        if slots[id.place].obstacles.isDisjoint(with: .illness) { healthyCount -= 1 }
        inFlight -= Int(slots[id.place].inFlight)
        endRamp(id.place)
        slots[id.place].isMember = false
        review(id.place, at: now)
        slots[id.place] = Slot(generation: id.generation &+ 1)
        places[addresses[id.place]] = nil
        addresses[id.place] = ""
        departed.append(Int32(id.place))
    }

    /// Gives a backend another weight, from 0 to 65 535; what is beyond that counts as its end.
    public mutating func setWeight(_ weight: Int, of id: BackendID, at now: Instant) {
        guard contains(id) else { return }
        slots[id.place].weight = UInt16(clamping: weight)
        review(id.place, at: now)
    }

    /// Says of one or more obstacles whether they stand in the way of a backend.
    ///
    /// A backend that was ill and is not any more starts slowly, where that is set.
    public mutating func set(_ obstacles: Obstacles, _ stands: Bool, of id: BackendID, at now: Instant) {
        guard contains(id) else { return }
        let before = slots[id.place].obstacles
        let after = stands ? before.union(obstacles) : before.subtracting(obstacles)
        guard after != before else { return }
        slots[id.place].obstacles = after
        let wasWell = before.isDisjoint(with: .illness)
        let isWell = after.isDisjoint(with: .illness)
        if isWell != wasWell { healthyCount += isWell ? 1 : -1 }
        if isWell, !wasWell { startRamp(id.place, at: now) }
        review(id.place, at: now)
    }

    private mutating func freePlace() -> Int {
        if count < slots.count, let place = slots.firstIndex(where: { !$0.isMember }) { return place }
        slots.append(Slot())
        addresses.append("")
        return slots.count - 1
    }
}
