import Timeline

/// Who waits, in four lanes, each in the order of arrival.
///
/// The lanes share one memory, whose slots are used again; so a waiter leaves from anywhere at the same cost, and
/// the others keep their order. Memory is taken as it is needed, and a large one is given back when nobody waits.
struct WaitList: Hashable, Sendable {
    /// The slot of nobody.
    static let none: UInt32 = 0
    static let lanes = 0..<4

    private(set) var count = 0
    private var firstFree = none
    /// Each lane is a circle through the slot of its own number, in which nobody waits and which counts the lane;
    /// then come the waiters.
    private var slots: [Waiter] = []

    /// Memory for fewer is kept when nobody waits.
    private static let kept = 64

    var isEmpty: Bool { count == 0 }

    subscript(slot: UInt32) -> Waiter { slots[Int(slot)] }

    func length(of lane: Int) -> Int { count > 0 ? Int(slots[lane].task) : 0 }

    /// The slot of the one who has been in the lane for longest.
    func first(of lane: Int) -> UInt32 {
        guard count > 0 else { return Self.none }
        let slot = slots[lane].behind
        return slot == lane ? Self.none : slot
    }

    /// The slot of the one who came into the lane last.
    func last(of lane: Int) -> UInt32 {
        guard count > 0 else { return Self.none }
        let slot = slots[lane].ahead
        return slot == lane ? Self.none : slot
    }

    /// Whether the slot is that of this task, which waits.
    func holds(_ task: UInt64, at slot: UInt32) -> Bool {
        slot >= Self.lanes.count && slot < slots.count && slots[Int(slot)].isWaiting && slots[Int(slot)].task == task
    }

    /// The slot of a task; the cost grows with the waiters ahead of it.
    func slot(of task: UInt64, lanes: Range<Int> = lanes) -> UInt32? {
        for lane in lanes where length(of: lane) > 0 {
            var slot = slots[lane].behind
            while slot != lane {
                if slots[Int(slot)].task == task { return slot }
                slot = slots[Int(slot)].behind
            }
        }
        return nil
    }

    /// Lets a task wait at the end of a lane, and returns its slot.
    mutating func append(_ task: UInt64, since: Instant, deadline: Instant, to lane: Int) -> UInt32 {
        if firstFree == Self.none { addSlot() }
        let slot = firstFree
        // In one go, so that whether the memory is shared is asked but once.
        slots.withUnsafeMutableBufferPointer { slots in
            let last = slots[lane].ahead
            firstFree = slots[Int(slot)].behind
            slots[Int(slot)] = Waiter(
                task: task, since: since, deadline: deadline, lane: lane, ahead: last, behind: UInt32(lane))
            slots[Int(last)].behind = slot
            slots[lane].ahead = slot
            slots[lane].task += 1
        }
        count += 1
        return slot
    }

    /// Takes out the waiter in that slot.
    @inline(__always)
    mutating func remove(_ slot: UInt32) -> Waiter {
        let waiter = slots.withUnsafeMutableBufferPointer { slots in
            let waiter = slots[Int(slot)]
            slots[Int(waiter.ahead)].behind = waiter.behind
            slots[Int(waiter.behind)].ahead = waiter.ahead
            slots[waiter.lane].task -= 1
            slots[Int(slot)].leave(freeing: firstFree)
            return waiter
        }
        firstFree = slot
        count -= 1
        if count == 0 && slots.count > Self.kept { giveBack() }
        return waiter
    }

    /// Adds a free slot, after those of the lanes.
    private mutating func addSlot() {
        if slots.isEmpty {
            for lane in Self.lanes { slots.append(Waiter(emptyLane: lane)) }
        }
        firstFree = UInt32(slots.count)
        slots.append(Waiter(free: Self.none))
    }

    private mutating func giveBack() {
        slots = []
        firstFree = Self.none
    }
}

extension WaitList {
    /// A task that waits, and its neighbours in its lane.
    struct Waiter: Hashable, Sendable {
        fileprivate(set) var task: UInt64
        let since: Instant
        /// When its wait is of no more use; ``Instant/distantFuture`` for never.
        let deadline: Instant
        /// The slot ahead in the lane, with the lane in the two highest bits, so that a waiter has 32 bytes.
        private var laneAndAhead: UInt32
        /// The slot behind in the lane, or the next free one.
        fileprivate(set) var behind: UInt32

        private static let slotBits: UInt32 = 0x3FFF_FFFF

        fileprivate init(task: UInt64, since: Instant, deadline: Instant, lane: Int, ahead: UInt32, behind: UInt32) {
            self.task = task
            self.since = since
            self.deadline = deadline
            self.laneAndAhead = UInt32(truncatingIfNeeded: lane) << 30 | ahead
            self.behind = behind
        }

        /// The slot of a lane in which nobody waits.
        fileprivate init(emptyLane lane: Int) {
            self.init(
                task: 0, since: .zero, deadline: .zero, lane: lane, ahead: UInt32(lane), behind: UInt32(lane))
        }

        /// A slot that is free.
        fileprivate init(free next: UInt32) {
            self.init(task: 0, since: .zero, deadline: .zero, lane: 0, ahead: Self.slotBits, behind: next)
        }

        var lane: Int { Int(laneAndAhead >> 30) }

        fileprivate(set) var ahead: UInt32 {
            get { laneAndAhead & Self.slotBits }
            set { laneAndAhead = laneAndAhead & ~Self.slotBits | newValue }
        }

        fileprivate var isWaiting: Bool { ahead != Self.slotBits }

        fileprivate mutating func leave(freeing next: UInt32) {
            ahead = Self.slotBits
            behind = next
        }

        /// Whether the deadline has come.
        func isOver(at now: Instant) -> Bool { deadline <= now && deadline != .distantFuture }

        func waited(until now: Instant) -> Duration { max(.zero, now - since) }
    }
}

extension WaitList {
    /// The slot of the one who has waited longest.
    @inline(never)
    var oldest: UInt32 {
        var oldest = Self.none
        for slot in Self.lanes.lazy.map(first) where slot != Self.none {
            if oldest == Self.none || self[slot].since < self[oldest].since { oldest = slot }
        }
        return oldest
    }

    /// The slot of the one who came last.
    @inline(never)
    var newest: UInt32 {
        var newest = Self.none
        for slot in Self.lanes.lazy.map(last) where slot != Self.none {
            if newest == Self.none || self[slot].since > self[newest].since { newest = slot }
        }
        return newest
    }
}
