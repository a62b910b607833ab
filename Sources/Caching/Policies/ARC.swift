/// ARC, the adaptive replacement cache (Megiddo and Modha, FAST 2003).
///
/// T1 holds what was used once lately, T2 what was used again; B1 and B2 remember the keys that left them. `p`, the
/// size that T1 should have, grows when a key of B1 is wanted again, and shrinks when one of B2 is. The step is the
/// quotient of the ghosts' weights, at least 1, and not rounded, times the weight of the one that is wanted.
public struct ARC: EvictionPolicy {
    /// The most weight that the entries may have together.
    public var capacity: Int { didSet { target = min(target, Double(capacity)) } }
    private var nodes = SlotNodes()
    private var t1 = SlotQueue(id: 1)
    private var t2 = SlotQueue(id: 2)
    private var b1 = SlotQueue(id: 3)
    private var b2 = SlotQueue(id: 4)
    /// The weight that T1 should have: `p` of the paper.
    public private(set) var target = 0.0

    /// Who comes back from the ghosts, and from which: it is in no queue while room is made for it.
    private var returning = Slot.none
    private var returnsFromB2 = false

    /// A policy for entries of so much weight together.
    public init(capacity: Int) { self.capacity = capacity }

    /// The weight of all entries that are held.
    public var weight: Int { t1.weight + t2.weight }

    /// As many ghosts as entries.
    public var mostSlots: Int { 2 * capacity + 1 }

    /// It becomes the newest of T2.
    public mutating func hit(_ slot: Slot) {
        if nodes.queue(of: slot) == t2.id { return nodes.renew(slot, in: &t2) }
        nodes.take(slot, from: &t1)
        nodes.push(slot, onto: &t2)
    }

    /// The oldest of T1 or of T2 becomes a ghost: REPLACE of the paper.
    public mutating func evict(for newcomer: Newcomer?) -> Departure {
        if let newcomer { recall(newcomer.slot) }
        let size = Double(t1.weight)
        let isOver = size > target || (size == target && returnsFromB2 && !returning.isNone)
        if !t1.isEmpty && (isOver || t2.isEmpty) {
            let slot = nodes.takeOldest(from: &t1)
            nodes.push(slot, onto: &b1)
            return .remembered(slot)
        }
        let slot = nodes.takeOldest(from: &t2)
        nodes.push(slot, onto: &b2)
        return .remembered(slot)
    }

    /// The oldest of B1 while T1 and B1 are over the capacity, the oldest of B2 while all four are over twice as much.
    public mutating func forget() -> Slot? {
        if t1.weight + b1.weight > capacity, !b1.isEmpty { return nodes.takeOldest(from: &b1) }
        if weight + b1.weight + b2.weight > 2 * capacity, !b2.isEmpty { return nodes.takeOldest(from: &b2) }
        return nil
    }

    /// It comes in as the newest of T1, or of T2 if it was remembered.
    public mutating func admit(_ newcomer: Newcomer) {
        recall(newcomer.slot)
        nodes.enter(newcomer, mostSlots: mostSlots)
        if returning == newcomer.slot {
            nodes.push(newcomer.slot, onto: &t2)
            returning = .none
        } else {
            nodes.push(newcomer.slot, onto: &t1)
        }
    }

    /// It leaves its queue, and is not remembered.
    public mutating func remove(_ slot: Slot) {
        if nodes.queue(of: slot) == t1.id { nodes.take(slot, from: &t1) } else { nodes.take(slot, from: &t2) }
    }

    /// Takes a slot out of the ghosts, if it is there, and learns from it.
    private mutating func recall(_ slot: Slot) {
        switch nodes.queue(of: slot) {
        case b1.id:
            let step = Double(nodes[slot].weight) * max(Double(b2.weight) / Double(b1.weight), 1)
            target = min(target + step, Double(capacity))
            nodes.take(slot, from: &b1)
            returnsFromB2 = false
        case b2.id:
            let step = Double(nodes[slot].weight) * max(Double(b1.weight) / Double(b2.weight), 1)
            target = max(target - step, 0)
            nodes.take(slot, from: &b2)
            returnsFromB2 = true
        default: return
        }
        returning = slot
    }

    /// T1, T2, B1 and B2.
    public var queues: [PolicyQueue] {
        [
            nodes.listing(t1, "T1"), nodes.listing(t2, "T2"), nodes.listing(b1, "B1", isGhost: true),
            nodes.listing(b2, "B2", isGhost: true),
        ]
    }
}
