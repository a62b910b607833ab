/// S3-FIFO (Yang et al., SOSP 2023): three queues, first in, first out.
///
/// A newcomer goes to the small queue, a tenth of the capacity. What was used at least twice there when it comes to the
/// end moves to the main queue, the rest leaves, and its key is remembered in a ghost queue; a newcomer that is
/// remembered goes to the main queue at once. Entries of the main queue that were used go round again, up to three
/// times.
public struct S3FIFO: EvictionPolicy {
    /// Two behaviours go by the same name, both of libCacheSim; they differ until the first eviction.
    public enum Behavior: Sendable {
        /// As released with the paper: every newcomer goes to the small queue, which may then be far over its share.
        case sosp23
        /// Since December 2024: once the small queue is full, newcomers go to the main one until something is evicted.
        case since2024
    }

    /// The most weight that the entries may have together.
    public var capacity: Int { didSet { sizeQueues() } }
    private let behavior: Behavior
    private var nodes = SlotNodes()
    private var small = SlotQueue(id: 1)
    private var main = SlotQueue(id: 2)
    private var ghost = SlotQueue(id: 3)
    private var smallSize = 0
    private var mainSize = 0
    private var ghostSize = 0
    private var hasEvicted = false

    /// The uses in the small queue from which on an entry moves to the main one.
    private static var usesToMove: UInt8 { 2 }
    /// Uses beyond these are not counted.
    private static var mostUses: UInt8 { 3 }

    /// A policy for entries of so much weight together.
    public init(capacity: Int) { self.init(capacity: capacity, behavior: .since2024) }

    /// A policy for entries of so much weight together, with one of the two behaviours.
    public init(capacity: Int, behavior: Behavior) {
        self.capacity = capacity
        self.behavior = behavior
        sizeQueues()
    }

    private mutating func sizeQueues() {
        smallSize = min(capacity, max(1, Int(Double(capacity) * 0.1)))
        mainSize = capacity - smallSize
        ghostSize = Int(Double(capacity) * 0.9)
    }

    /// The weight of all entries that are held.
    public var weight: Int { small.weight + main.weight }

    /// One for each entry and each ghost.
    public var mostSlots: Int { capacity + ghostSize + 1 }

    /// It has been used once more.
    public mutating func hit(_ slot: Slot) {
        nodes[slot].mark = min(nodes[slot].mark + 1, Self.mostUses)
    }

    /// The next of the main queue leaves if that is over its size, or else the next of the small one.
    public mutating func evict(for newcomer: Newcomer?) -> Departure {
        hasEvicted = true
        if main.weight <= mainSize {
            while !small.isEmpty {
                let slot = nodes.takeOldest(from: &small)
                guard nodes[slot].mark >= Self.usesToMove else { return leaveSmall(slot) }
                nodes[slot].mark = 0
                nodes.push(slot, onto: &main)
            }
        }
        return evictFromMain()
    }

    private mutating func leaveSmall(_ slot: Slot) -> Departure {
        guard Int(nodes[slot].weight) <= ghostSize else { return .evicted(slot) }
        nodes.push(slot, onto: &ghost)
        return .remembered(slot)
    }

    private mutating func evictFromMain() -> Departure {
        while nodes[main.oldest].mark > 0 {
            nodes[main.oldest].mark -= 1
            nodes.renew(main.oldest, in: &main)
        }
        return .evicted(nodes.takeOldest(from: &main))
    }

    /// It goes to the small queue, or to the main one if it is remembered.
    public mutating func admit(_ newcomer: Newcomer) {
        let isRemembered = nodes.queue(of: newcomer.slot) == ghost.id
        if isRemembered { nodes.take(newcomer.slot, from: &ghost) }
        nodes.enter(newcomer, mostSlots: mostSlots)
        let isFilling = behavior == .since2024 && !hasEvicted && small.weight >= smallSize
        if isRemembered || isFilling {
            nodes.push(newcomer.slot, onto: &main)
        } else {
            nodes.push(newcomer.slot, onto: &small)
        }
    }

    /// Begins anew, with the same behaviour.
    public mutating func removeAll() {
        self = S3FIFO(capacity: capacity, behavior: behavior)
    }

    /// The oldest ghost, if there are too many.
    public mutating func forget() -> Slot? {
        ghost.weight > ghostSize ? nodes.takeOldest(from: &ghost) : nil
    }

    /// It leaves its queue, and is not remembered.
    public mutating func remove(_ slot: Slot) {
        if nodes.queue(of: slot) == small.id { nodes.take(slot, from: &small) } else { nodes.take(slot, from: &main) }
    }

    /// The small queue, the main one and the ghosts.
    public var queues: [PolicyQueue] {
        [
            nodes.listing(small, "small", withMarks: true), nodes.listing(main, "main", withMarks: true),
            nodes.listing(ghost, "ghost", isGhost: true),
        ]
    }
}
