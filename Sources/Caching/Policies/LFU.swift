/// Least frequently used: the entry leaves that was used least often since it came, of several such the one whose last
/// use is longest ago.
public struct LFU: EvictionPolicy {
    struct Rank: Comparable, Sendable {
        var uses: Int
        /// The number of the last use, over all entries.
        var lastUse: UInt64
        var weight: Int

        static func < (one: Rank, other: Rank) -> Bool {
            one.uses != other.uses ? one.uses < other.uses : one.lastUse < other.lastUse
        }
    }

    /// The most weight that the entries may have together.
    public var capacity: Int
    /// The weight of all entries.
    public private(set) var weight = 0
    private var ranks = SlotHeap<Rank>()
    private var uses: UInt64 = 0

    /// A policy for entries of so much weight together.
    public init(capacity: Int) { self.capacity = capacity }

    /// It has been used once more.
    public mutating func hit(_ slot: Slot) {
        let rank = ranks.priority(of: slot)
        uses += 1
        ranks.set(slot, to: Rank(uses: rank.uses + 1, lastUse: uses, weight: rank.weight))
    }

    /// The one with the fewest uses leaves.
    public mutating func evict(for newcomer: Newcomer?) -> Departure {
        let slot = ranks.leastSlot
        remove(slot)
        return .evicted(slot)
    }

    /// It comes in as used once.
    public mutating func admit(_ newcomer: Newcomer) {
        uses += 1
        ranks.set(newcomer.slot, to: Rank(uses: 1, lastUse: uses, weight: newcomer.weight))
        weight += newcomer.weight
    }

    /// Its uses are forgotten.
    public mutating func remove(_ slot: Slot) {
        weight -= ranks.priority(of: slot).weight
        ranks.remove(slot)
    }

    /// All entries with their uses.
    public var queues: [PolicyQueue] {
        let slots = ranks.inOrder
        return [PolicyQueue(name: "by use", slots: slots, marks: slots.map { ranks.priority(of: $0).uses })]
    }
}
