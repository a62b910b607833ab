public import Timeline

/// The right to load one key's value, given to one caller at a time.
///
/// Its number has no meaning but to the node that gave it; the rest tells its holder how long it has.
public struct LeaseToken: Hashable, Sendable {
    /// Counted by the node, from 1.
    public var number: UInt64
    /// From when on the node takes no value for it.
    public var expiresAt: Instant

    /// The token of this number.
    @inlinable
    public init(number: UInt64, expiresAt: Instant) {
        self.number = number
        self.expiresAt = expiresAt
    }
}

/// What a node of a network cache is asked for; plain data, as it would travel over a wire.
public enum NodeRequest<Key: CacheKey, Value: Sendable>: Sendable {
    /// The value of a key; a lease, if there is none.
    case get(Key)
    /// To keep a value.
    /// - version: as its source counts them; 0 if it counts none.
    /// - timeToLive: nil for the node's own.
    /// - weight: how much room it takes, at least 1.
    /// - lease: what the value was loaded under; nil for a value that was written, not loaded.
    case set(Key, Value, version: UInt64 = 0, timeToLive: Duration? = nil, weight: Int = 1, lease: LeaseToken? = nil)
    /// To drop a key.
    /// - stale: how long its value may still be handed out, marked as stale; nil for not at all.
    case delete(Key, stale: Duration? = nil)
}

/// What a node of a network cache answers.
public enum NodeReply<Value: Sendable>: Sendable {
    /// The value is there.
    case hit(Value, version: UInt64, age: Duration)
    /// The value is there, but has been deleted since. With a lease, this caller is to load it; without, another one
    /// does already.
    case stale(Value, version: UInt64, age: Duration, lease: LeaseToken?)
    /// There is no value: this caller is to load it.
    case missWithLease(LeaseToken)
    /// There is no value, and another caller loads it, until then at the latest.
    case wait(until: Instant)
    /// The value is kept.
    case stored
    /// The value is not kept.
    case refused(NodeRefusal)
    /// The key is dropped.
    case deleted(wasHeld: Bool)
}

extension NodeReply: Equatable where Value: Equatable {}

/// Why a node did not keep a value.
public enum NodeRefusal: Hashable, Sendable, CaseIterable {
    /// The key was deleted, written or leased again after the lease had been given: the value may be older than that.
    case leaseVoid
    /// The lease is over.
    case leaseExpired
    /// A newer version is held.
    case olderVersion
    /// It weighs more than the node has room for.
    case tooHeavy
}
