/// Size order: the heaviest entry leaves first, of several such the one that came first.
///
/// It keeps as many entries as possible, and so answers many requests for little; what is popular and large it never
/// keeps.
public struct SizeOrder: EvictionPolicy {
    struct Rank: Comparable, Sendable {
        var weight: Int
        var number: UInt64

        static func < (one: Rank, other: Rank) -> Bool {
            one.weight != other.weight ? one.weight > other.weight : one.number < other.number
        }
    }

    /// The most weight that the entries may have together.
    public var capacity: Int
    /// The weight of all entries.
    public private(set) var weight = 0
    private var ranks = SlotHeap<Rank>()
    private var admitted: UInt64 = 0

    /// A policy for entries of so much weight together.
    public init(capacity: Int) { self.capacity = capacity }

    /// Changes nothing.
    public mutating func hit(_ slot: Slot) {}

    /// The heaviest leaves.
    public mutating func evict(for newcomer: Newcomer?) -> Departure {
        let slot = ranks.leastSlot
        remove(slot)
        return .evicted(slot)
    }

    /// It comes in by its weight.
    public mutating func admit(_ newcomer: Newcomer) {
        admitted += 1
        ranks.set(newcomer.slot, to: Rank(weight: newcomer.weight, number: admitted))
        weight += newcomer.weight
    }

    /// It leaves the order.
    public mutating func remove(_ slot: Slot) {
        weight -= ranks.priority(of: slot).weight
        ranks.remove(slot)
    }

    /// All entries by weight.
    public var queues: [PolicyQueue] { [PolicyQueue(name: "by size", slots: ranks.inOrder)] }
}
