public import Timeline

/// One node of a cache that others reach over a network: get, set, delete, and leases that let one caller at a time load
/// what is missing.
///
/// - **One loader**: the first to miss gets a lease, the others are told to wait until it is over.
/// - **No stale sets**: a delete voids the leases that are out, so a value that was loaded before it cannot come in after
///   it (Nishtala et al., *Scaling Memcache at Facebook*, NSDI 2013, 3.2.1). A set without a lease voids them too.
/// - **Stale meanwhile**: a delete may leave the value behind, marked. The first to ask then gets it with a lease, the
///   others without one (memcached's meta commands: I of `md` marks, X says stale, W won, Z already won).
/// - **Versions**: a set never puts an older version in the place of a newer one, a stale one included.
///
/// The newest value drops the least recently used ones for want of room. A copy is a node of its own.
public struct SharedCacheNode<Key: CacheKey, Value: Sendable>: Sendable {
    @usableFromInline
    struct Held: Sendable {
        @usableFromInline var value: Value
        @usableFromInline var version: UInt64
        @usableFromInline var isStale = false

        @inlinable
        init(value: Value, version: UInt64) {
            self.value = value
            self.version = version
        }
    }

    /// How it is set.
    public let settings: SharedCacheNodeSettings
    @usableFromInline var counts = SharedCacheNodeStatistics()
    @usableFromInline var contents: LRUCache<Key, Held>
    /// The lease that is out for each key. One that is pushed out for want of room is void.
    @usableFromInline var leases: LRUCache<Key, LeaseToken>
    @usableFromInline var lastLease: UInt64 = 0

    /// An empty node.
    @inlinable
    public init(_ settings: SharedCacheNodeSettings) {
        self.settings = settings
        contents = LRUCache(capacity: settings.capacity, lifetime: Lifetime(afterWrite: settings.timeToLive))
        leases = LRUCache(capacity: settings.mostLeases, lifetime: Lifetime(afterWrite: settings.leaseTimeToLive))
    }

    /// What it has answered so far.
    @inlinable
    public var statistics: SharedCacheNodeStatistics { counts }

    /// How many values it holds, those included that have ended unnoticed.
    @inlinable
    public var count: Int { contents.count }

    /// What all values weigh together.
    @inlinable
    public var weight: Int { contents.weight }

    /// How many values have left, by cause; a mark as stale counts as a replacement.
    @inlinable
    public var evictions: EvictionCounts { contents.statistics.evictions }

    /// Does what a request asks for.
    @inlinable
    public mutating func handle(_ request: NodeRequest<Key, Value>, at now: Instant) -> NodeReply<Value> {
        switch request {
        case .get(let key):
            return get(key, at: now)
        case .set(let key, let value, let version, let timeToLive, let weight, let lease):
            let held = Held(value: value, version: version)
            if let refusal = set(key, held, timeToLive, weight, lease, at: now) {
                counts.refused[refusal] += 1
                return .refused(refusal)
            }
            counts.stored += 1
            return .stored
        case .delete(let key, let stale):
            return delete(key, stale: stale, at: now)
        }
    }

    @inlinable
    mutating func get(_ key: Key, at now: Instant) -> NodeReply<Value> {
        guard case .hit(let held, let age) = contents.get(key, at: now) else {
            if let lease = lease(key, at: now) {
                counts.misses += 1
                return .missWithLease(lease)
            }
            counts.waits += 1
            return .wait(until: leases.entry(for: key)?.expiresAt ?? now)
        }
        guard held.isStale else {
            counts.hits += 1
            return .hit(held.value, version: held.version, age: age)
        }
        counts.staleHits += 1
        return .stale(held.value, version: held.version, age: age, lease: lease(key, at: now))
    }

    /// A lease for a key; nil if one is out.
    @inlinable
    mutating func lease(_ key: Key, at now: Instant) -> LeaseToken? {
        if leases.get(key, at: now).isHit { return nil }
        lastLease += 1
        let lease = LeaseToken(number: lastLease, expiresAt: now + settings.leaseTimeToLive)
        leases.insert(key, lease, at: now)
        counts.leases += 1
        return lease
    }

    @inlinable
    mutating func set(
        _ key: Key, _ held: Held, _ timeToLive: Duration?, _ weight: Int, _ lease: LeaseToken?, at now: Instant
    ) -> NodeRefusal? {
        if let lease {
            let out = leases.entry(for: key)?.value
            if lease.number == out?.number, now >= lease.expiresAt { leases.remove(key) }
            if now >= lease.expiresAt { return .leaseExpired }
            if lease.number != out?.number { return .leaseVoid }
        }
        if let former = contents.entry(for: key), now < former.expiresAt, former.value.version > held.version {
            // Its holder is done; whoever asks next may do better.
            if lease != nil { leases.remove(key) }
            return .olderVersion
        }
        leases.remove(key)
        contents.insert(key, held, weight: weight, life: timeToLive, at: now)
        return max(1, weight) > contents.capacity ? .tooHeavy : nil
    }

    @inlinable
    mutating func delete(_ key: Key, stale: Duration?, at now: Instant) -> NodeReply<Value> {
        counts.deletes += 1
        leases.remove(key)
        guard let entry = contents.entry(for: key), now < entry.expiresAt else {
            contents.remove(key)
            return .deleted(wasHeld: false)
        }
        guard let stale, stale > .zero else {
            contents.remove(key)
            return .deleted(wasHeld: true)
        }
        var held = entry.value
        held.isStale = true
        contents.insert(
            key, held, weight: entry.weight, loadedAt: entry.loadedAt, expiresAt: min(entry.expiresAt, now + stale),
            at: now)
        return .deleted(wasHeld: true)
    }
}
