/// SIEVE (Zhang et al., NSDI 2024): entries stay where they came in; a hand goes from old to new, spares each entry
/// once that was used since it last passed, and evicts the first that was not.
///
/// Unlike with CLOCK a spared entry does not move, so that what is new stands beyond the hand, and what is popular
/// sinks to the old end.
public struct SIEVE: EvictionPolicy {
    /// The most weight that the entries may have together.
    public var capacity: Int
    private var nodes = SlotNodes()
    private var order = SlotQueue(id: 1)
    /// Where the hand looks next; none for the old end.
    private var hand = Slot.none

    /// A policy for entries of so much weight together.
    public init(capacity: Int) { self.capacity = capacity }

    /// The weight of all entries.
    public var weight: Int { order.weight }

    /// It is marked as visited, where it stands.
    public mutating func hit(_ slot: Slot) {
        nodes[slot].mark = 1
    }

    /// The first leaves that the hand finds unvisited.
    public mutating func evict(for newcomer: Newcomer?) -> Departure {
        var slot = hand.isNone ? order.oldest : hand
        while nodes[slot].mark > 0 {
            nodes[slot].mark = 0
            let newer = nodes[slot].newer
            slot = newer.isNone ? order.oldest : newer
        }
        hand = slot
        remove(slot)
        return .evicted(slot)
    }

    /// It comes in at the new end, unvisited.
    public mutating func admit(_ newcomer: Newcomer) {
        nodes.enter(newcomer, mostSlots: mostSlots)
        nodes.push(newcomer.slot, onto: &order)
    }

    /// It leaves the queue; the hand goes on from there.
    public mutating func remove(_ slot: Slot) {
        if slot == hand { hand = nodes[slot].newer }
        nodes.take(slot, from: &order)
    }

    /// The queue, with who was visited.
    public var queues: [PolicyQueue] { [nodes.listing(order, "queue", withMarks: true)] }

    /// The entry that the hand looks at next; nil for the oldest.
    public var handSlot: Slot? { hand.isNone ? nil : hand }
}
