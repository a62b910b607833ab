public import Timeline

/// Decides which entry leaves a cache when room is needed.
///
/// A policy keeps order among slots and nothing else: keys, values and times to live are the ``Cache``'s. The same
/// value decides in a simulation, in a replayed trace and in somebody's service.
///
/// The cache calls ``evict(for:)`` while there is not enough room, then ``admit(_:)``; policies that judge a newcomer
/// against what is there (``admitsFirst``) are asked to admit it first. Last it asks for what to ``forget()``. It never
/// offers an entry that is heavier than the whole capacity.
public protocol EvictionPolicy: Sendable {
    /// Whether a newcomer is admitted before room is made, and may itself be the one that has to leave.
    var admitsFirst: Bool { get }

    /// A policy for entries of so much weight together, as the field sets it by default.
    init(capacity: Int)

    /// How much weight the entries may have together; a cache sets it within ``Cache/capacityRange``. A smaller one takes
    /// effect with the evictions that follow.
    var capacity: Int { get set }

    /// The weight of all entries that are held.
    var weight: Int { get }

    /// How many slots it can come to need at most while every entry weighs 1, ghosts included.
    var mostSlots: Int { get }

    /// The entry was asked for, and found, or got a new value of the same weight.
    mutating func hit(_ slot: Slot)

    /// The entry's life was extended, or shortened, to this moment.
    mutating func extend(_ slot: Slot, to end: Instant)

    /// Makes an entry leave; only called while the weight, that of the newcomer included, exceeds the capacity.
    /// - Parameter newcomer: who is about to come; nil if the room is needed for what is there already.
    mutating func evict(for newcomer: Newcomer?) -> Departure

    /// The entry comes in.
    mutating func admit(_ newcomer: Newcomer)

    /// A key that is remembered (a ghost) and need not be any more; nil if there is none.
    mutating func forget() -> Slot?

    /// The entry leaves for a reason that is not the policy's: it was removed, or has expired.
    mutating func remove(_ slot: Slot)

    /// All entries leave, and all keys are forgotten.
    mutating func removeAll()

    /// What the policy keeps, queue by queue, for an inspector and for tests.
    var queues: [PolicyQueue] { get }
}

extension EvictionPolicy {
    /// Room is made first.
    @inlinable
    public var admitsFirst: Bool { false }

    /// One for each unit of weight.
    @inlinable
    public var mostSlots: Int { admitsFirst ? capacity + 1 : capacity }

    /// Begins anew.
    @inlinable
    public mutating func removeAll() { self = Self(capacity: capacity) }

    /// Nothing: most policies remember no keys.
    @inlinable
    public mutating func forget() -> Slot? { nil }

    /// Does nothing: most policies do not care for times to live.
    @inlinable
    public mutating func extend(_ slot: Slot, to end: Instant) {}
}

/// One of the queues that a policy keeps, as an inspector shows it.
public struct PolicyQueue: Sendable {
    /// What the field calls it: `T1`, `small`, `protected`.
    public var name: String
    /// What stands in it, what leaves it next first.
    public var slots: [Slot]
    /// Whether its entries are held, or only their keys are remembered.
    public var isGhost = false
    /// What is counted for each entry, where anything is: uses, or whether it was visited (1) or not (0).
    public var marks: [Int]?
}
