/// First in, first out: the entry that came first leaves first, however often it is used.
public struct FIFO: EvictionPolicy {
    /// The most weight that the entries may have together.
    public var capacity: Int
    private var nodes = SlotNodes()
    private var order = SlotQueue(id: 1)

    /// A policy for entries of so much weight together.
    public init(capacity: Int) { self.capacity = capacity }

    /// The weight of all entries.
    public var weight: Int { order.weight }

    /// Changes nothing.
    public mutating func hit(_ slot: Slot) {}

    /// The one that came first leaves.
    public mutating func evict(for newcomer: Newcomer?) -> Departure {
        .evicted(nodes.takeOldest(from: &order))
    }

    /// It goes to the end of the queue.
    public mutating func admit(_ newcomer: Newcomer) {
        nodes.enter(newcomer, mostSlots: mostSlots)
        nodes.push(newcomer.slot, onto: &order)
    }

    /// It leaves the queue.
    public mutating func remove(_ slot: Slot) {
        nodes.take(slot, from: &order)
    }

    /// The queue.
    public var queues: [PolicyQueue] { [nodes.listing(order, "queue")] }
}
