/// 2Q, the full version (Johnson and Shasha, VLDB 1994).
///
/// A newcomer goes to `Am`, an LRU queue, only if it left `A1in`, a FIFO queue of a quarter of the capacity, not long
/// ago: `A1out` remembers as many keys as half the capacity.
public struct TwoQ: EvictionPolicy {
    /// The most weight that the entries may have together.
    public var capacity: Int
    private var nodes = SlotNodes()
    private var a1in = SlotQueue(id: 1)
    private var a1out = SlotQueue(id: 2)
    private var am = SlotQueue(id: 3)

    /// A policy for entries of so much weight together.
    public init(capacity: Int) { self.capacity = capacity }

    private var inSize: Int { capacity / 4 }
    private var outSize: Int { capacity / 2 }

    /// The weight of all entries that are held.
    public var weight: Int { a1in.weight + am.weight }

    /// One for each entry and each remembered key.
    public var mostSlots: Int { capacity + outSize + 1 }

    /// In `Am` it becomes the newest; in `A1in` it stays where it is, as uses close together count as one.
    public mutating func hit(_ slot: Slot) {
        if nodes.queue(of: slot) == am.id { nodes.renew(slot, in: &am) }
    }

    /// The oldest of `A1in` leaves while that is over its size, and is remembered; or else the oldest of `Am`.
    public mutating func evict(for newcomer: Newcomer?) -> Departure {
        guard a1in.weight > inSize || am.isEmpty else { return .evicted(nodes.takeOldest(from: &am)) }
        let slot = nodes.takeOldest(from: &a1in)
        guard Int(nodes[slot].weight) <= outSize else { return .evicted(slot) }
        nodes.push(slot, onto: &a1out)
        return .remembered(slot)
    }

    /// It goes to `A1in`, or to `Am` if it is remembered.
    public mutating func admit(_ newcomer: Newcomer) {
        let isRemembered = nodes.queue(of: newcomer.slot) == a1out.id
        if isRemembered { nodes.take(newcomer.slot, from: &a1out) }
        nodes.enter(newcomer, mostSlots: mostSlots)
        if isRemembered { nodes.push(newcomer.slot, onto: &am) } else { nodes.push(newcomer.slot, onto: &a1in) }
    }

    /// The key that was remembered first, if there are too many.
    public mutating func forget() -> Slot? {
        a1out.weight > outSize ? nodes.takeOldest(from: &a1out) : nil
    }

    /// It leaves its queue, and is not remembered.
    public mutating func remove(_ slot: Slot) {
        if nodes.queue(of: slot) == am.id { nodes.take(slot, from: &am) } else { nodes.take(slot, from: &a1in) }
    }

    /// `A1in`, `Am` and the remembered keys.
    public var queues: [PolicyQueue] {
        [nodes.listing(a1in, "A1in"), nodes.listing(am, "Am"), nodes.listing(a1out, "A1out", isGhost: true)]
    }
}
