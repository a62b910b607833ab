/// LIRS, low inter-reference recency set (Jiang and Zhang, SIGMETRICS 2002), with as many remembered keys as twice the
/// capacity.
///
/// Most of the capacity (99 %) is for LIR entries, whose last two uses are close together; the rest is for HIR ones,
/// which are what leaves. The stack `S` holds LIR entries and whatever was used since the least recent of them; an HIR
/// key that is used while it is in the stack becomes LIR, in place of the LIR entry at the bottom. `Q` holds the HIR
/// entries in the order in which they leave.
public struct LIRS: EvictionPolicy {
    /// The most weight that the entries may have together.
    public var capacity: Int
    private var recency = SlotNodes()
    private var stack = SlotQueue(id: 1)
    /// What is HIR, or remembered.
    private var rest = SlotNodes()
    private var resident = SlotQueue(id: 1)
    private var ghosts = SlotQueue(id: 2)
    private var lirWeight = 0
    /// Ghosts that the stack does not hold any more.
    private var dropped: [Slot] = []
    /// Whose remembered key is wanted again: it is in no queue while room is made for it.
    private var returning = Slot.none

    /// A policy for entries of so much weight together.
    public init(capacity: Int) { self.capacity = capacity }

    private var lirSize: Int { Int(Double(capacity) * 0.99) }
    private var ghostSize: Int { 2 * capacity }

    /// The weight of all entries that are held.
    public var weight: Int { lirWeight + resident.weight }

    /// One for each entry and each remembered key.
    public var mostSlots: Int { 3 * capacity + 1 }

    private func isInStack(_ slot: Slot) -> Bool { recency.queue(of: slot) == stack.id }

    /// Neither resident HIR nor remembered, but held.
    private func isLIR(_ slot: Slot) -> Bool { rest.queue(of: slot) == 0 }

    /// It goes to the top of the stack, and becomes LIR if it was HIR and in the stack.
    public mutating func hit(_ slot: Slot) {
        if isLIR(slot) {
            let wasBottom = stack.oldest == slot
            recency.renew(slot, in: &stack)
            if wasBottom { prune() }
            return
        }
        let becomesLIR = isInStack(slot) && stack.newest != slot
        pushOnStack(slot)
        guard becomesLIR else { return rest.renew(slot, in: &resident) }
        rest.take(slot, from: &resident)
        lirWeight += Int(rest[slot].weight)
        demoteBottom()
    }

    /// The oldest HIR entry leaves; it is remembered while it is in the stack.
    public mutating func evict(for newcomer: Newcomer?) -> Departure {
        if let newcomer { recall(newcomer.slot) }
        if resident.isEmpty { demoteBottom() }
        let slot = rest.takeOldest(from: &resident)
        guard isInStack(slot) else {
            prune()
            return .evicted(slot)
        }
        rest.push(slot, onto: &ghosts)
        prune()
        return .remembered(slot)
    }

    /// It becomes LIR if there is room among those or if it is remembered, and HIR otherwise.
    public mutating func admit(_ newcomer: Newcomer) {
        let slot = newcomer.slot
        recall(slot)
        let isRemembered = returning == slot
        returning = .none
        recency.enter(newcomer, mostSlots: mostSlots)
        rest.enter(newcomer, mostSlots: mostSlots)
        recency.push(slot, onto: &stack)
        if lirWeight + newcomer.weight <= lirSize {
            lirWeight += newcomer.weight
        } else if isRemembered && lirWeight > 0 {
            lirWeight += newcomer.weight
            demoteBottom()
        } else {
            rest.push(slot, onto: &resident)
        }
    }

    /// A key that is not in the stack any more, or the oldest if there are too many.
    public mutating func forget() -> Slot? {
        if let slot = dropped.popLast() { return slot }
        guard ghosts.weight > ghostSize else { return nil }
        let slot = rest.takeOldest(from: &ghosts)
        recency.take(slot, from: &stack)
        return slot
    }

    /// It leaves the stack and the queue, and is not remembered.
    public mutating func remove(_ slot: Slot) {
        if isLIR(slot) { lirWeight -= Int(rest[slot].weight) } else { rest.take(slot, from: &resident) }
        if isInStack(slot) { recency.take(slot, from: &stack) }
        prune()
    }

    /// Takes a remembered key out of the ghosts and the stack.
    private mutating func recall(_ slot: Slot) {
        guard rest.queue(of: slot) == ghosts.id else { return }
        rest.take(slot, from: &ghosts)
        recency.take(slot, from: &stack)
        returning = slot
    }

    private mutating func pushOnStack(_ slot: Slot) {
        if isInStack(slot) { recency.renew(slot, in: &stack) } else { recency.push(slot, onto: &stack) }
    }

    /// LIR entries at the bottom of the stack become HIR, one at least, until the rest has room.
    private mutating func demoteBottom() {
        repeat {
            prune()
            guard !stack.isEmpty else { return }
            let bottom = recency.takeOldest(from: &stack)
            lirWeight -= Int(rest[bottom].weight)
            rest.push(bottom, onto: &resident)
            prune()
        } while lirWeight > lirSize
    }

    /// Takes from the bottom of the stack whatever is not LIR.
    private mutating func prune() {
        while !stack.isEmpty, !isLIR(stack.oldest) {
            let slot = recency.takeOldest(from: &stack)
            guard rest.queue(of: slot) == ghosts.id else { continue }
            rest.take(slot, from: &ghosts)
            dropped.append(slot)
        }
    }

    /// The stack, the HIR entries and the remembered keys.
    public var queues: [PolicyQueue] {
        let lir = recency.slots(of: stack).filter { isLIR($0) }
        return [
            PolicyQueue(name: "LIR", slots: lir), rest.listing(resident, "HIR"),
            rest.listing(ghosts, "remembered", isGhost: true),
        ]
    }
}
