public import Timeline

/// Where an entry stands in its cache: all that a policy knows it by.
public struct Slot: Hashable, Sendable {
    @usableFromInline let index: Int32

    @inlinable
    init(_ index: Int32) { self.index = index }

    @inlinable
    init(_ index: Int) { self.index = Int32(truncatingIfNeeded: index) }

    /// No slot at all: the end of a queue.
    @inlinable
    static var none: Slot { Slot(Int32(-1)) }

    /// Whether this is the end of a queue.
    @inlinable
    var isNone: Bool { index < 0 }

    /// Its place in an array.
    @inlinable
    var place: Int { Int(index) }
}

/// An entry that is to come into a cache.
public struct Newcomer: Sendable {
    /// Where it is going to stand; of a key that the policy still remembers, where it is remembered.
    public var slot: Slot
    /// The fingerprint of its key.
    public var fingerprint: UInt64
    /// How much of the capacity it takes up; 1 or more.
    public var weight: Int
    /// From when on it is worthless; ``Instant/distantFuture`` for never.
    public var expiresAt: Instant

    @inlinable
    init(slot: Slot, fingerprint: UInt64, weight: Int, expiresAt: Instant) {
        self.slot = slot
        self.fingerprint = fingerprint
        self.weight = weight
        self.expiresAt = expiresAt
    }
}

/// How an entry leaves for want of room.
public enum Departure: Hashable, Sendable {
    /// The entry in this slot leaves, and its key is forgotten.
    case evicted(Slot)
    /// The entry in this slot leaves, but its key is remembered there (a ghost).
    case remembered(Slot)
}
