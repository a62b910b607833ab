import Timeline

/// Random replacement: any entry may leave, each with the same chance; the same seed decides the same.
public struct RandomReplacement: EvictionPolicy {
    /// The most weight that the entries may have together.
    public var capacity: Int
    /// The weight of all entries.
    public private(set) var weight = 0
    private var held: [(slot: Slot, weight: Int)] = []
    /// Where each slot stands among the held ones.
    private var places: [Int] = []
    private var random: RandomStream

    /// A policy for entries of so much weight together.
    public init(capacity: Int) { self.init(capacity: capacity, seed: 1) }

    /// A policy for entries of so much weight together that draws from this seed.
    public init(capacity: Int, seed: UInt64) {
        self.capacity = capacity
        random = RandomStream(seed: seed, name: "cache", purpose: "eviction")
    }

    /// Changes nothing.
    public mutating func hit(_ slot: Slot) {}

    /// Any one leaves.
    public mutating func evict(for newcomer: Newcomer?) -> Departure {
        let slot = held[Int(random.below(UInt64(held.count)))].slot
        remove(slot)
        return .evicted(slot)
    }

    /// It comes in.
    public mutating func admit(_ newcomer: Newcomer) {
        while places.count <= newcomer.slot.place { places.append(0) }
        places[newcomer.slot.place] = held.count
        held.append((newcomer.slot, newcomer.weight))
        weight += newcomer.weight
    }

    /// It leaves.
    public mutating func remove(_ slot: Slot) {
        let place = places[slot.place]
        weight -= held[place].weight
        held.swapAt(place, held.count - 1)
        places[held[place].slot.place] = place
        held.removeLast()
    }

    /// All entries leave; the draws go on.
    public mutating func removeAll() {
        (weight, held, places) = (0, [], [])
    }

    /// All entries, in no order.
    public var queues: [PolicyQueue] { [PolicyQueue(name: "held", slots: held.map(\.slot))] }
}
