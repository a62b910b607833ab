/// A queue of slots, by its ends; its links stand in the ``SlotNodes`` of the policy.
struct SlotQueue: Sendable {
    /// Tells a policy's queues apart, from 1.
    let id: UInt8
    var oldest = Slot.none
    var newest = Slot.none
    var weight = 0

    init(id: UInt8) { self.id = id }

    var isEmpty: Bool { oldest.isNone }
}

/// What a policy with queues keeps for each slot: its neighbours, its weight, in which queue it is, and a small number.
///
/// A slot is in one queue at most. All queues of a policy share one array, so that a move between them writes links only.
struct SlotNodes: Sendable {
    struct Node: Sendable {
        var older = Slot.none
        var newer = Slot.none
        var weight: UInt32 = 0
        /// The queue's id; 0 for none.
        var queue: UInt8 = 0
        /// What the policy counts or notes.
        var mark: UInt8 = 0
    }

    private var nodes: [Node] = []

    subscript(slot: Slot) -> Node {
        get { nodes[slot.place] }
        _modify { yield &nodes[slot.place] }
    }

    /// The id of the queue that a slot is in; 0 for none, also for no slot and for one that was never seen.
    func queue(of slot: Slot) -> UInt8 {
        !slot.isNone && slot.place < nodes.count ? nodes[slot.place].queue : 0
    }

    /// Notes a newcomer, which is in no queue yet.
    mutating func enter(_ newcomer: Newcomer, mostSlots: Int) {
        let place = newcomer.slot.place
        if place >= nodes.count {
            nodes.reserveRoom(for: place + 1, most: mostSlots)
            while nodes.count <= place { nodes.append(Node()) }
        }
        nodes[place] = Node(weight: UInt32(truncatingIfNeeded: newcomer.weight))
    }

    /// Puts a slot that is in no queue at the newest end of one.
    mutating func push(_ slot: Slot, onto queue: inout SlotQueue) {
        let newest = queue.newest
        nodes.withUnsafeMutableBufferPointer { nodes in
            let node = nodes.baseAddress.unsafelyUnwrapped + slot.place
            precondition(slot.place < nodes.count)
            node.pointee.older = newest
            node.pointee.newer = .none
            node.pointee.queue = queue.id
            queue.weight += Int(node.pointee.weight)
            if newest.isNone { queue.oldest = slot } else { nodes[newest.place].newer = slot }
        }
        queue.newest = slot
    }

    /// Puts a slot that is in no queue at the oldest end of one.
    mutating func pushOldest(_ slot: Slot, onto queue: inout SlotQueue) {
        let oldest = queue.oldest
        nodes[slot.place].newer = oldest
        nodes[slot.place].older = .none
        nodes[slot.place].queue = queue.id
        queue.weight += Int(nodes[slot.place].weight)
        if oldest.isNone { queue.newest = slot } else { nodes[oldest.place].older = slot }
        queue.oldest = slot
    }

    /// Takes a slot out of the queue that it is in.
    mutating func take(_ slot: Slot, from queue: inout SlotQueue) {
        nodes.withUnsafeMutableBufferPointer { nodes in
            let (older, newer) = (nodes[slot.place].older, nodes[slot.place].newer)
            if older.isNone { queue.oldest = newer } else { nodes[older.place].newer = newer }
            if newer.isNone { queue.newest = older } else { nodes[newer.place].older = older }
            nodes[slot.place].queue = 0
            queue.weight -= Int(nodes[slot.place].weight)
        }
    }

    /// Takes the oldest slot out of a queue that is not empty.
    mutating func takeOldest(from queue: inout SlotQueue) -> Slot {
        let slot = queue.oldest
        take(slot, from: &queue)
        return slot
    }

    /// Makes a slot the newest of the queue that it is in.
    mutating func renew(_ slot: Slot, in queue: inout SlotQueue) {
        guard slot != queue.newest else { return }
        take(slot, from: &queue)
        push(slot, onto: &queue)
    }

    /// A queue's slots, the oldest first.
    func slots(of queue: SlotQueue) -> [Slot] {
        var slots: [Slot] = []
        var slot = queue.oldest
        while !slot.isNone {
            slots.append(slot)
            slot = nodes[slot.place].newer
        }
        return slots
    }

    /// A queue as an inspector shows it.
    func listing(_ queue: SlotQueue, _ name: String, isGhost: Bool = false, withMarks: Bool = false) -> PolicyQueue {
        let slots = slots(of: queue)
        return PolicyQueue(
            name: name, slots: slots, isGhost: isGhost,
            marks: withMarks ? slots.map { Int(nodes[$0.place].mark) } : nil)
    }
}
