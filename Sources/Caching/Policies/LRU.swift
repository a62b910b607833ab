/// Least recently used: the entry leaves whose last use is longest ago.
public struct LRU: EvictionPolicy {
    /// The most weight that the entries may have together.
    public var capacity: Int
    private var nodes = SlotNodes()
    private var order = SlotQueue(id: 1)

    /// A policy for entries of so much weight together.
    public init(capacity: Int) { self.capacity = capacity }

    /// The weight of all entries.
    public var weight: Int { order.weight }

    /// It becomes the newest.
    public mutating func hit(_ slot: Slot) {
        nodes.renew(slot, in: &order)
    }

    /// The oldest leaves.
    public mutating func evict(for newcomer: Newcomer?) -> Departure {
        .evicted(nodes.takeOldest(from: &order))
    }

    /// It comes in as the newest.
    public mutating func admit(_ newcomer: Newcomer) {
        nodes.enter(newcomer, mostSlots: mostSlots)
        nodes.push(newcomer.slot, onto: &order)
    }

    /// It leaves the order.
    public mutating func remove(_ slot: Slot) {
        nodes.take(slot, from: &order)
    }

    /// All entries by recency.
    public var queues: [PolicyQueue] { [nodes.listing(order, "queue")] }
}
