public import Timeline

/// How keys were used: often, lately, in bursts, at their hours, as foretold.
///
/// It knows a bounded number of keys, those used last, and as much of each however often it was used: counts in a ring
/// of buckets, the usual gap, the hours of the day, and what is used next. A use takes constant time on average.
///
/// - **Window**: uses are counted by bucket, and the window is the present bucket and those before it. So what is older
///   than the window is never counted, and what is younger than the window less one bucket always is.
/// - **Time**: a clock that steps back stands still until it has caught up.
///
/// A copy is a history of its own.
public struct AccessHistory<Key: CacheKey>: Sendable {
    @usableFromInline var table = SlotTable<Key, Never>()
    @usableFromInline var ledger: AccessLedger

    /// A history that knows nothing.
    public init(_ settings: AccessHistorySettings) {
        ledger = AccessLedger(settings)
    }

    /// The settings in force.
    public var settings: AccessHistorySettings { ledger.settings }

    /// How many keys it knows.
    @inlinable
    public var count: Int { ledger.count }

    /// A key was used, whether it was found or not.
    @inlinable
    public mutating func record(_ key: Key, at now: Instant) {
        let hash = SlotTable<Key, Never>.hash(key.fingerprint)
        if let slot = table.find(key, hash: hash) {
            ledger.use(slot, at: now)
            return
        }
        if let slot = ledger.makeRoom() { table.free(slot) }
        ledger.enter(table.add(key, hash: hash, mostSlots: ledger.mostKeys), at: now)
    }

    /// What is known of a key; ``AccessPattern/unseen`` if nothing is.
    @inlinable
    public func pattern(of key: Key, at now: Instant) -> AccessPattern {
        slot(of: key).map { ledger.pattern(of: $0, at: now) } ?? .unseen
    }

    @inlinable
    func slot(of key: Key) -> Slot? {
        table.find(key, hash: SlotTable<Key, Never>.hash(key.fingerprint))
    }

    func key(in slot: Slot) -> Key { table.entries[slot.place].key }
}
