/// CLOCK, or second chance (Corbató 1968), with one bit for each entry: first in, first out, but an entry that was used
/// since it was last looked at goes once more to the end of the queue.
public struct Clock: EvictionPolicy {
    /// The most weight that the entries may have together.
    public var capacity: Int
    private var nodes = SlotNodes()
    private var order = SlotQueue(id: 1)

    /// A policy for entries of so much weight together.
    public init(capacity: Int) { self.capacity = capacity }

    /// The weight of all entries.
    public var weight: Int { order.weight }

    /// It is marked as used.
    public mutating func hit(_ slot: Slot) {
        nodes[slot].mark = 1
    }

    /// The first that is not marked leaves; marked ones before it lose their mark and go to the end.
    public mutating func evict(for newcomer: Newcomer?) -> Departure {
        while nodes[order.oldest].mark > 0 {
            nodes[order.oldest].mark = 0
            nodes.renew(order.oldest, in: &order)
        }
        return .evicted(nodes.takeOldest(from: &order))
    }

    /// It goes to the end of the queue, unmarked.
    public mutating func admit(_ newcomer: Newcomer) {
        nodes.enter(newcomer, mostSlots: mostSlots)
        nodes.push(newcomer.slot, onto: &order)
    }

    /// It leaves the queue.
    public mutating func remove(_ slot: Slot) {
        nodes.take(slot, from: &order)
    }

    /// The queue, with the marks.
    public var queues: [PolicyQueue] { [nodes.listing(order, "queue", withMarks: true)] }
}
