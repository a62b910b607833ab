public import Timeline

/// A dictionary that holds no more than it has room for: a policy decides who leaves.
///
/// - **Room**: entries weigh 1 each unless told otherwise, and never weigh more together than ``capacity``. A value that
///   is heavier than the whole capacity is not taken in.
/// - **Lives**: as ``Lifetime`` says, or as long as an insertion says. What has ended is never handed out; it leaves
///   when somebody asks for it, and before any other entry has to leave for want of room.
/// - **Causes**: everything that was taken in is held, or has left for exactly one ``EvictionCause``.
///
/// A copy is a cache of its own. An operation on one key takes constant time on average, plus what the policy takes, and
/// where lives end the logarithm of the number of entries.
public struct Cache<Key: CacheKey, Value: Sendable, Policy: EvictionPolicy>: Sendable {
    /// How long values live. A change concerns later insertions, and one of ``Lifetime/afterAccess`` later reads too.
    public var lifetime: Lifetime

    @usableFromInline var table = SlotTable<Key, Value>()
    @usableFromInline var policy: Policy
    @usableFromInline var deadlines = Deadlines()
    /// When each entry ends at the latest, for caches whose reads extend lives.
    @usableFromInline var latestEnds: [Instant] = []
    /// What each entry weighs; empty while all weigh 1.
    @usableFromInline var weights: [UInt32] = []
    /// Whether any entry was given an end.
    @usableFromInline var livesEnd = false
    @usableFromInline var counts = CacheStatistics()
    @usableFromInline var held = 0

    /// The weights that an entry can have; any other counts as the nearest of these.
    @inlinable
    public static var weightRange: ClosedRange<Int> { 1...Int(UInt32.max) }

    /// The capacities that a cache can have; any other counts as the nearest of these. The most is 64 PiB in bytes, so
    /// that policies can reckon with some times as much.
    @inlinable
    public static var capacityRange: ClosedRange<Int> { 0...1 << 56 }

    /// An empty cache.
    /// - Parameters:
    ///   - policy: who leaves when there is no more room, and how much there is.
    ///   - lifetime: how long values live; for ever by default.
    @inlinable
    public init(_ policy: Policy, lifetime: Lifetime = .forever) {
        self.policy = policy
        self.lifetime = lifetime
        let capacity = Self.able(policy.capacity)
        if policy.capacity != capacity { self.policy.capacity = capacity }
    }

    /// An empty cache with room for so much weight, see ``capacityRange``.
    @inlinable
    public init(capacity: Int, lifetime: Lifetime = .forever) {
        self.init(Policy(capacity: Self.able(capacity)), lifetime: lifetime)
    }

    @inlinable
    static func able(_ capacity: Int) -> Int {
        min(max(capacityRange.lowerBound, capacity), capacityRange.upperBound)
    }

    /// The most that all entries may weigh together.
    @inlinable
    public var capacity: Int { policy.capacity }

    /// The entries that it holds, those included that have ended unnoticed.
    @inlinable
    public var count: Int { held }

    /// What all entries weigh together.
    @inlinable
    public var weight: Int { policy.weight }

    /// What it has done so far.
    @inlinable
    public var statistics: CacheStatistics { counts }

    /// Looks a key up: a use, if it is found; what has ended is dropped.
    @inlinable
    public mutating func get(_ key: Key, at now: Instant) -> Lookup<Value> {
        look(key, hash: SlotTable<Key, Value>.hash(key.fingerprint), at: now)
    }

    /// Looks a key up, and takes in a value for it if it is not found; one search for both.
    @inlinable
    public mutating func get(
        _ key: Key, at now: Instant, weight: Int = 1, orInsert value: @autoclosure () -> Value
    ) -> Lookup<Value> {
        let fingerprint = key.fingerprint
        let found = look(key, hash: SlotTable<Key, Value>.hash(fingerprint), at: now)
        if case .hit = found { return found }
        let life = Life(loadedAt: now, end: end(of: nil, at: now))
        _ = admit(key, fingerprint, value(), weight: weight, life, at: now)
        return found
    }

    /// Takes in a value that was loaded just now; a use, if the key is there already.
    /// - Parameters:
    ///   - weight: how much room it takes, see ``weightRange``.
    ///   - life: how long it lives, in place of ``Lifetime/afterWrite``.
    /// - Returns: what left for it, a former value of the key included. A value that is heavier than the capacity is
    ///   not taken in, but a former one leaves all the same.
    @inlinable @discardableResult
    public mutating func insert(
        _ key: Key, _ value: Value, weight: Int = 1, life: Duration? = nil, at now: Instant
    ) -> Evictions<Key, Value> {
        admit(key, key.fingerprint, value, weight: weight, Life(loadedAt: now, end: end(of: life, at: now)), at: now)
    }

    /// Takes in a value that another cache has held, with the age and the end that it has there.
    @inlinable @discardableResult
    public mutating func insert(
        _ key: Key, _ value: Value, weight: Int = 1, loadedAt: Instant, expiresAt: Instant, at now: Instant
    ) -> Evictions<Key, Value> {
        admit(key, key.fingerprint, value, weight: weight, Life(loadedAt: loadedAt, end: expiresAt), at: now)
    }

    /// Drops a key; returns its value, ended or not, or nil if it was not held.
    @inlinable @discardableResult
    public mutating func remove(_ key: Key) -> Value? {
        guard let slot = heldSlot(key) else { return nil }
        return drop(slot, because: .removed).value
    }

    /// Drops everything, remembered keys included; returns how many entries that were.
    @inlinable @discardableResult
    public mutating func removeAll() -> Int {
        let dropped = held
        counts.evictions[.cleared] += dropped
        policy.removeAll()
        table.removeAll()
        deadlines.removeAll()
        latestEnds.removeAll()
        weights.removeAll()
        held = 0
        return dropped
    }

    /// Changes the capacity, see ``capacityRange``; returns how many entries had to leave, which the policy chose: what has
    /// ended is not known here.
    @inlinable @discardableResult
    public mutating func resize(to capacity: Int) -> Int {
        let before = held
        policy.capacity = Self.able(capacity)
        while policy.weight > policy.capacity { leave(policy.evict(for: nil)) }
        forget()
        return before - held
    }
}
