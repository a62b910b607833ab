public import Timeline

/// The entries of a cache, found by key: slots in one array, chained by hash in another, so that a copy is a copy of
/// flat arrays. Nothing that can be seen depends on the order of the chains.
@usableFromInline
struct SlotTable<Key: CacheKey, Value: Sendable>: Sendable {
    /// An entry, a remembered key (without a value), or a free slot (with neither).
    @usableFromInline
    struct Entry: Sendable {
        @usableFromInline var key: Key
        /// Nil if only the key is remembered, or the slot is free.
        @usableFromInline var value: Value?
        @usableFromInline var loadedAt: Instant
        @usableFromInline var expiresAt: Instant
        @usableFromInline var hash: UInt32
        @usableFromInline var nextInChain: Slot

        @inlinable
        init(key: Key, hash: UInt32) {
            self.key = key
            self.hash = hash
            (loadedAt, expiresAt, nextInChain) = (.zero, .distantFuture, .none)
        }
    }

    @usableFromInline var entries: [Entry] = []
    /// The first slot of each chain; a power of two of them, or none while there are no entries.
    @usableFromInline var chains: [Slot] = []
    @usableFromInline var firstFree = Slot.none
    @usableFromInline var used = 0

    @inlinable
    init() {}

    /// The upper half of a product in which every bit of the fingerprint has a part.
    @inlinable
    static func hash(_ fingerprint: UInt64) -> UInt32 {
        UInt32(truncatingIfNeeded: (fingerprint &* 0x9e37_79b9_7f4a_7c15) >> 32)
    }

    @inlinable
    func chain(of hash: UInt32) -> Int {
        // The upper bits are the best mixed ones; a shift by the whole width gives 0.
        Int(truncatingIfNeeded: (UInt64(hash) << UInt64(chains.count.trailingZeroBitCount)) >> 32)
    }

    /// The slot with this key, held or remembered; nil if there is none.
    @inlinable
    func find(_ key: Key, hash: UInt32) -> Slot? {
        guard !chains.isEmpty else { return nil }
        var slot = chains[chain(of: hash)]
        while !slot.isNone {
            if entries[slot.place].hash == hash && entries[slot.place].key == key { return slot }
            slot = entries[slot.place].nextInChain
        }
        return nil
    }

    /// A slot for a key that has none.
    @inlinable
    mutating func add(_ key: Key, hash: UInt32, mostSlots: Int) -> Slot {
        let slot: Slot
        if firstFree.isNone {
            slot = Slot(entries.count)
            entries.reserveRoom(for: entries.count + 1, most: mostSlots)
            entries.append(Entry(key: key, hash: hash))
        } else {
            slot = firstFree
            firstFree = entries[slot.place].nextInChain
            entries[slot.place].key = key
            entries[slot.place].hash = hash
        }
        used += 1
        if used > chains.count { rebuildChains(adding: slot) } else { enterChain(slot) }
        return slot
    }

    /// Frees a slot, whose value has been taken out.
    @inlinable
    mutating func free(_ slot: Slot) {
        leaveChain(slot)
        entries[slot.place].nextInChain = firstFree
        entries[slot.place].hash = .max
        firstFree = slot
        used -= 1
    }

    @inlinable
    mutating func removeAll() {
        self = Self()
    }

    @inlinable
    mutating func enterChain(_ slot: Slot) {
        let chain = chain(of: entries[slot.place].hash)
        entries[slot.place].nextInChain = chains[chain]
        chains[chain] = slot
    }

    @inlinable
    mutating func leaveChain(_ slot: Slot) {
        let chain = chain(of: entries[slot.place].hash)
        let next = entries[slot.place].nextInChain
        var before = chains[chain]
        guard before != slot else {
            chains[chain] = next
            return
        }
        while entries[before.place].nextInChain != slot { before = entries[before.place].nextInChain }
        entries[before.place].nextInChain = next
    }

    /// Spreads all entries over twice as many chains; only called when no slot is free.
    @inlinable
    mutating func rebuildChains(adding slot: Slot) {
        chains = [Slot](repeating: .none, count: max(8, 2 * chains.count))
        for place in entries.indices { enterChain(Slot(place)) }
    }
}
