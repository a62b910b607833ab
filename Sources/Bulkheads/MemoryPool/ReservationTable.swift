internal import Timeline

/// The reservations of a pool, each in a place of its own, linked by age and by who gives way first.
struct ReservationTable: Hashable, Sendable {
    /// No place.
    static let none = UInt32.max
    static let placeBits: UInt32 = 20
    static let mostPlaces = 1 << Int(placeBits)
    static let generations: UInt32 = 1 << (32 - placeBits)

    /// Who gives way first.
    var order: MemoryPool.EvictionOrder
    /// Reservations that are alive.
    private(set) var count = 0
    private(set) var slots: [Slot] = []
    private var firstFree = none
    private var lastFree = none
    /// Grows with every reservation and every use of one.
    private var clock: UInt64 = 0

    init(order: MemoryPool.EvictionOrder) {
        self.order = order
    }

    /// One reservation, or a free place.
    struct Slot: Hashable, Sendable {
        var bytes: Int
        var since: Instant
        var owner: UInt64
        /// When it was last used, on the table's clock.
        var used: UInt64 = 0
        var generation: UInt32 = 0
        var older = none
        /// The next younger one; the next free place if this one is free.
        var newer = none
        var account: UInt16
        var isAlive = true
        var isEvictable = false
        var priority: UInt8 = 0
        var heap = HeapLinks()
    }

    /// The ends of a list of reservations by age.
    struct AgeList: Hashable, Sendable {
        var oldest = none
        var newest = none
    }

    var isFull: Bool { firstFree == Self.none && slots.count == Self.mostPlaces }

    subscript(place: UInt32) -> Slot {
        get { slots[Int(place)] }
        set { slots[Int(place)] = newValue }
    }

    /// The place of a reservation; nil if it is not alive.
    func place(of reservation: MemoryPool.Reservation) -> UInt32? {
        let place = reservation.number & (1 << Self.placeBits - 1)
        guard place < slots.count, self[place].isAlive else { return nil }
        return self[place].generation == reservation.number >> Self.placeBits ? place : nil
    }

    func reservation(at place: UInt32) -> MemoryPool.Reservation {
        MemoryPool.Reservation(number: self[place].generation << Self.placeBits | place)
    }

    /// Puts a reservation into the place that has been free for longest, as the youngest of its list.
    ///
    /// The table must not be full.
    mutating func insert(_ slot: Slot, into list: inout AgeList) -> UInt32 {
        var slot = slot
        let place: UInt32
        if firstFree == Self.none {
            place = UInt32(slots.count)
            slots.append(slot)
        } else {
            place = firstFree
            firstFree = self[place].newer
            if firstFree == Self.none { lastFree = Self.none }
            slot.generation = (self[place].generation &+ 1) % Self.generations
        }
        slot.used = tick()
        slot.older = list.newest
        self[place] = slot
        if list.newest == Self.none { list.oldest = place } else { self[list.newest].newer = place }
        list.newest = place
        count += 1
        return place
    }

    /// Frees the place of a reservation that is in no heap.
    mutating func remove(_ place: UInt32, from list: inout AgeList) {
        let (older, newer) = (self[place].older, self[place].newer)
        if older == Self.none { list.oldest = newer } else { self[older].newer = newer }
        if newer == Self.none { list.newest = older } else { self[newer].older = older }
        self[place].isAlive = false
        self[place].newer = Self.none
        if lastFree == Self.none { firstFree = place } else { self[lastFree].newer = place }
        lastFree = place
        count -= 1
    }

    /// The next reading of the table's clock.
    mutating func tick() -> UInt64 {
        clock &+= 1
        return clock
    }
}
