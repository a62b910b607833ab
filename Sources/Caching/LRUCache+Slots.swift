public import Timeline

extension LRUCache {
    /// An entry, with its neighbours in order of recency and in its chain by their positions.
    @usableFromInline
    struct Slot: Sendable {
        @usableFromInline var key: Key
        @usableFromInline var value: Value
        @usableFromInline var loadedAt: Instant
        @usableFromInline var expiresAt: Instant
        @usableFromInline var newer = Slot.none
        @usableFromInline var older = Slot.none
        @usableFromInline var nextInChain = Slot.none
        @usableFromInline var hash: UInt32

        /// The link that leads nowhere.
        @inlinable
        static var none: Int32 { -1 }

        @inlinable
        init(key: Key, value: Value, loadedAt: Instant, expiresAt: Instant) {
            self.key = key
            self.value = value
            self.loadedAt = loadedAt
            self.expiresAt = expiresAt
            hash = LRUCache.hash(key)
        }
    }

    /// What a key leads to at some moment.
    @usableFromInline
    enum Finding {
        case live(position: Int)
        case expired
        case absent
    }

    /// Finds a key and counts the lookup; a live entry becomes the newest, an expired one is dropped.
    @inlinable
    mutating func touch(_ key: Key, hash: UInt32, at now: Instant) -> Finding {
        guard let position = find(key, hash: hash) else {
            counts.misses += 1
            return .absent
        }
        guard now < slots[position].expiresAt else {
            _ = drop(position, because: .expired)
            counts.expired += 1
            return .expired
        }
        renew(position)
        counts.hits += 1
        return .live(position: position)
    }

    /// An entry for a value that was loaded just now.
    @inlinable
    func loaded(_ key: Key, _ value: Value, at now: Instant) -> Slot {
        Slot(key: key, value: value, loadedAt: now, expiresAt: timeToLive.map { now + $0 } ?? .distantFuture)
    }

    /// Takes in an entry with whatever life it has left, as the newest.
    @inlinable
    mutating func insert(_ entry: Slot, at now: Instant) -> Eviction<Key, Value>? {
        guard limit > 0 else { return nil }
        counts.insertions += 1
        if let held = find(entry.key, hash: entry.hash) {
            return supersede(held, with: entry, cause: .replaced, at: now)
        }
        if slots.count == limit {
            return supersede(Int(oldest), with: entry, cause: .capacity, at: now)
        }
        slots.append(entry)
        if slots.count > chains.count { rebuildChains() } else { enterChain(slots.count - 1) }
        pushNewest(slots.count - 1)
        return nil
    }

    /// Puts an entry where another stood, as the newest; the other counts as expired if it was.
    @inlinable
    mutating func supersede(
        _ position: Int, with entry: Slot, cause: EvictionCause, at now: Instant
    ) -> Eviction<Key, Value> {
        unlink(position)
        leaveChain(position)
        let former = slots[position]
        slots[position] = entry
        enterChain(position)
        pushNewest(position)
        let actual = now < former.expiresAt ? cause : .expired
        counts.evictions[actual] += 1
        return Eviction(key: former.key, value: former.value, cause: actual)
    }

    /// Drops the entry at a position and moves the last one there, so that no hole is left.
    @inlinable
    mutating func drop(_ position: Int, because cause: EvictionCause) -> Eviction<Key, Value> {
        unlink(position)
        leaveChain(position)
        let dropped = slots[position]
        let last = slots.count - 1
        if position < last {
            leaveChain(last)
            slots[position] = slots[last]
            enterChain(position)
            relinkNeighbours(of: position)
        }
        slots.removeLast()
        counts.evictions[cause] += 1
        return Eviction(key: dropped.key, value: dropped.value, cause: cause)
    }
}

extension LRUCache {
    /// Makes the entry at a position the newest.
    @inlinable
    mutating func renew(_ position: Int) {
        guard position != Int(newest) else { return }
        unlink(position)
        pushNewest(position)
    }

    /// Takes the entry at a position out of the order of recency.
    @inlinable
    mutating func unlink(_ position: Int) {
        let (newer, older) = (slots[position].newer, slots[position].older)
        if newer == Slot.none { newest = older } else { slots[Int(newer)].older = older }
        if older == Slot.none { oldest = newer } else { slots[Int(older)].newer = newer }
    }

    /// Puts the entry at a position, which is in no order yet, before all others.
    @inlinable
    mutating func pushNewest(_ position: Int) {
        let link = Int32(truncatingIfNeeded: position)
        slots[position].newer = Slot.none
        slots[position].older = newest
        if newest == Slot.none { oldest = link } else { slots[Int(newest)].newer = link }
        newest = link
    }

    /// Tells the neighbours of an entry where it stands now.
    @inlinable
    mutating func relinkNeighbours(of position: Int) {
        let link = Int32(truncatingIfNeeded: position)
        let (newer, older) = (slots[position].newer, slots[position].older)
        if newer == Slot.none { newest = link } else { slots[Int(newer)].older = link }
        if older == Slot.none { oldest = link } else { slots[Int(older)].newer = link }
    }
}
