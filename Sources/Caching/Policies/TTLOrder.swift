public import Timeline

/// TTL order: the entry leaves whose life ends first, of several such the one that came first (Redis calls it
/// `volatile-ttl`).
public struct TTLOrder: EvictionPolicy {
    struct Rank: Comparable, Sendable {
        var end: Instant
        var number: UInt64
        var weight: Int

        static func < (one: Rank, other: Rank) -> Bool {
            one.end != other.end ? one.end < other.end : one.number < other.number
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

    /// It moves to its new place.
    public mutating func extend(_ slot: Slot, to end: Instant) {
        var rank = ranks.priority(of: slot)
        rank.end = end
        ranks.set(slot, to: rank)
    }

    /// The one whose life ends first leaves.
    public mutating func evict(for newcomer: Newcomer?) -> Departure {
        let slot = ranks.leastSlot
        remove(slot)
        return .evicted(slot)
    }

    /// It comes in by the end of its life.
    public mutating func admit(_ newcomer: Newcomer) {
        admitted += 1
        ranks.set(newcomer.slot, to: Rank(end: newcomer.expiresAt, number: admitted, weight: newcomer.weight))
        weight += newcomer.weight
    }

    /// It leaves the order.
    public mutating func remove(_ slot: Slot) {
        weight -= ranks.priority(of: slot).weight
        ranks.remove(slot)
    }

    /// All entries by the end of their lives.
    public var queues: [PolicyQueue] { [PolicyQueue(name: "by end", slots: ranks.inOrder)] }
}
