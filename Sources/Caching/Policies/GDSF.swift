/// GreedyDual-Size with Frequency (Cherkasova 1998): for entries of different sizes.
///
/// An entry is worth `L + uses / weight`, where `L` is what the last evicted one was worth, so that what was popular
/// long ago grows old. The entry that is worth least leaves; of several such the one that was used longest ago.
public struct GDSF: EvictionPolicy {
    struct Worth: Comparable, Sendable {
        var value: Double
        var lastUse: UInt64
        var uses: Int
        var weight: Int

        static func < (one: Worth, other: Worth) -> Bool {
            one.value != other.value ? one.value < other.value : one.lastUse < other.lastUse
        }
    }

    /// The most weight that the entries may have together.
    public var capacity: Int
    /// The weight of all entries.
    public private(set) var weight = 0
    private var worths = SlotHeap<Worth>()
    private var evictedWorth = 0.0
    private var uses: UInt64 = 0

    /// A policy for entries of so much weight together.
    public init(capacity: Int) { self.capacity = capacity }

    /// It has been used once more, and is worth more than it was.
    public mutating func hit(_ slot: Slot) {
        let worth = worths.priority(of: slot)
        rank(slot, uses: worth.uses + 1, weight: worth.weight)
    }

    /// The one that is worth least leaves.
    public mutating func evict(for newcomer: Newcomer?) -> Departure {
        let slot = worths.leastSlot
        evictedWorth = worths.priority(of: slot).value
        remove(slot)
        return .evicted(slot)
    }

    /// It comes in as used once.
    public mutating func admit(_ newcomer: Newcomer) {
        rank(newcomer.slot, uses: 1, weight: newcomer.weight)
        weight += newcomer.weight
    }

    /// Its uses are forgotten.
    public mutating func remove(_ slot: Slot) {
        weight -= worths.priority(of: slot).weight
        worths.remove(slot)
    }

    private mutating func rank(_ slot: Slot, uses count: Int, weight: Int) {
        uses += 1
        // libCacheSim's factor, so that it rounds as there.
        let value = evictedWorth + Double(count) * 1.0e6 / Double(weight)
        worths.set(slot, to: Worth(value: value, lastUse: uses, uses: count, weight: weight))
    }

    /// All entries with their uses.
    public var queues: [PolicyQueue] {
        let slots = worths.inOrder
        return [PolicyQueue(name: "by worth", slots: slots, marks: slots.map { worths.priority(of: $0).uses })]
    }
}
