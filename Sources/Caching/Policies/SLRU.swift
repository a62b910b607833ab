/// Segmented LRU (Karedla et al. 1994), in four segments of the same size.
///
/// A use moves an entry up a segment; what is then too much for a segment falls to the one below, and what is too much
/// for the lowest leaves. A newcomer fills the lowest segment that has room for it.
public struct SLRU: EvictionPolicy {
    /// The most weight that the entries may have together.
    public var capacity: Int
    private var nodes = SlotNodes()
    private var segments: [SlotQueue] = (1...4).map { SlotQueue(id: $0) }

    /// A policy for entries of so much weight together.
    public init(capacity: Int) { self.capacity = capacity }

    private var segmentSize: Int { capacity / segments.count }

    /// The weight of all entries.
    public var weight: Int { segments.reduce(0) { $0 + $1.weight } }

    private func segment(of slot: Slot) -> Int { Int(nodes.queue(of: slot)) - 1 }

    /// It moves up a segment; in the highest it becomes the newest.
    public mutating func hit(_ slot: Slot) {
        let segment = segment(of: slot)
        guard segment + 1 < segments.count else { return nodes.renew(slot, in: &segments[segment]) }
        nodes.take(slot, from: &segments[segment])
        nodes.push(slot, onto: &segments[segment + 1])
        for above in (1...segment + 1).reversed() {
            while segments[above].weight > segmentSize {
                let cooled = nodes.takeOldest(from: &segments[above])
                nodes.push(cooled, onto: &segments[above - 1])
            }
        }
    }

    /// The oldest of the lowest segment that is not empty leaves.
    public mutating func evict(for newcomer: Newcomer?) -> Departure {
        let lowest = segments.firstIndex { !$0.isEmpty } ?? 0
        return .evicted(nodes.takeOldest(from: &segments[lowest]))
    }

    /// It comes in as the newest of the lowest segment with room for it; of the lowest at all if none has.
    public mutating func admit(_ newcomer: Newcomer) {
        nodes.enter(newcomer, mostSlots: mostSlots)
        let lowest = segments.firstIndex { $0.weight + newcomer.weight <= segmentSize } ?? 0
        nodes.push(newcomer.slot, onto: &segments[lowest])
    }

    /// It leaves its segment.
    public mutating func remove(_ slot: Slot) {
        nodes.take(slot, from: &segments[segment(of: slot)])
    }

    /// The segments, the lowest first.
    public var queues: [PolicyQueue] {
        segments.enumerated().map { nodes.listing($1, "segment \($0 + 1)") }
    }
}
