public import Timeline

/// A policy that is chosen while the program runs, as a scenario does.
///
/// It decides as the policy that it holds; a call costs some nanoseconds more.
public struct AnyPolicy: EvictionPolicy {
    private var base: any EvictionPolicy

    /// This policy.
    public init(_ policy: any EvictionPolicy) { base = policy }

    /// LRU, where no policy is chosen.
    public init(capacity: Int) { base = LRU(capacity: capacity) }

    /// As the policy that it holds.
    public var admitsFirst: Bool { base.admitsFirst }

    /// The most weight that the entries may have together.
    public var capacity: Int {
        get { base.capacity }
        set { base.capacity = newValue }
    }

    /// The weight of all entries.
    public var weight: Int { base.weight }

    /// As the policy that it holds.
    public var mostSlots: Int { base.mostSlots }

    /// As the policy that it holds.
    public mutating func hit(_ slot: Slot) { base.hit(slot) }

    /// As the policy that it holds.
    public mutating func extend(_ slot: Slot, to end: Instant) { base.extend(slot, to: end) }

    /// As the policy that it holds.
    public mutating func evict(for newcomer: Newcomer?) -> Departure { base.evict(for: newcomer) }

    /// As the policy that it holds.
    public mutating func admit(_ newcomer: Newcomer) { base.admit(newcomer) }

    /// As the policy that it holds.
    public mutating func forget() -> Slot? { base.forget() }

    /// As the policy that it holds.
    public mutating func remove(_ slot: Slot) { base.remove(slot) }

    /// As the policy that it holds.
    public mutating func removeAll() { base.removeAll() }

    /// Those of the policy that it holds.
    public var queues: [PolicyQueue] { base.queues }
}
