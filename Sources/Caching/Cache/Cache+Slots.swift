public import Timeline

extension Cache {
    /// When a value was loaded, and when it ends.
    @usableFromInline
    struct Life {
        @usableFromInline let loadedAt: Instant
        @usableFromInline let end: Instant

        @inlinable
        init(loadedAt: Instant, end: Instant) {
            self.loadedAt = loadedAt
            self.end = end
        }
    }

    /// When a value that is loaded now ends, if it is not read.
    @inlinable
    func end(of life: Duration?, at now: Instant) -> Instant {
        (life ?? lifetime.afterWrite).map { now + $0 } ?? .distantFuture
    }

    /// The slot in which a key's entry stands; nil if there is none.
    @inlinable
    func heldSlot(_ key: Key) -> Slot? {
        guard let slot = table.find(key, hash: SlotTable<Key, Value>.hash(key.fingerprint)),
            table.entries[slot.place].value != nil
        else { return nil }
        return slot
    }

    /// Finds a key and counts the lookup: a use if it is live; what has ended is dropped.
    @inlinable
    mutating func look(_ key: Key, hash: UInt32, at now: Instant) -> Lookup<Value> {
        guard let slot = table.find(key, hash: hash), let value = table.entries[slot.place].value else {
            counts.misses += 1
            return .miss
        }
        guard now < table.entries[slot.place].expiresAt else {
            _ = drop(slot, because: .expired)
            counts.expired += 1
            return .expired
        }
        counts.hits += 1
        policy.hit(slot)
        if let idle = lifetime.afterAccess { extend(slot, by: idle, at: now) }
        return .hit(value, age: now - table.entries[slot.place].loadedAt)
    }

    /// A read makes an entry live for so long from now, as far as its write allows.
    @inlinable
    mutating func extend(_ slot: Slot, by idle: Duration, at now: Instant) {
        noteLatestEnds(upTo: slot)
        let (former, end) = (table.entries[slot.place].expiresAt, min(latestEnds[slot.place], now + idle))
        table.entries[slot.place].expiresAt = end
        policy.extend(slot, to: end)
        guard end < former else { return }
        // The length was changed, or the clock.
        livesEnd = true
        deadlines.set(slot, to: end)
    }

    /// Before reads change any ends, those that the writes have set are noted.
    @inlinable
    mutating func noteLatestEnds(upTo slot: Slot) {
        while latestEnds.count <= slot.place { latestEnds.append(table.entries[latestEnds.count].expiresAt) }
    }

    /// Takes in a value: its former one leaves, then whoever has to for want of room.
    @inlinable
    mutating func admit(
        _ key: Key, _ fingerprint: UInt64, _ value: Value, weight: Int, _ life: Life, at now: Instant
    ) -> Evictions<Key, Value> {
        var evictions = Evictions<Key, Value>()
        if livesEnd { purge(at: now, into: &evictions) }
        forget()
        let hash = SlotTable<Key, Value>.hash(fingerprint)
        let weight = min(max(Self.weightRange.lowerBound, weight), Self.weightRange.upperBound)
        var slot = table.find(key, hash: hash)
        if let former = slot, table.entries[former.place].value != nil {
            if weight == self.weight(of: former) {
                evictions.append(replace(former, value, life, at: now))
                return evictions
            }
            evictions.append(drop(former, because: .replaced))
            slot = nil
        }
        guard weight <= policy.capacity else { return evictions }
        var newcomer = Newcomer(slot: slot ?? .none, fingerprint: fingerprint, weight: weight, expiresAt: life.end)
        if !policy.admitsFirst {
            while policy.weight + weight > policy.capacity { evictions.append(leave(policy.evict(for: newcomer))) }
        }
        if newcomer.slot.isNone { newcomer.slot = table.add(key, hash: hash, mostSlots: policy.mostSlots) }
        enter(newcomer.slot, value, weight, life, at: now)
        policy.admit(newcomer)
        if policy.admitsFirst {
            while policy.weight > policy.capacity { evictions.append(leave(policy.evict(for: nil))) }
        }
        forget()
        return evictions
    }

    /// Frees the slots of keys that need not be remembered any more.
    @inlinable
    mutating func forget() {
        while let slot = policy.forget() { table.free(slot) }
    }

    /// Puts a value in a slot.
    @inlinable
    mutating func enter(_ slot: Slot, _ value: Value, _ weight: Int, _ life: Life, at now: Instant) {
        table.entries[slot.place].value = value
        table.entries[slot.place].loadedAt = life.loadedAt
        if weight != 1 || !weights.isEmpty { note(weight, of: slot) }
        setEnd(of: slot, to: life.end, at: now)
        held += 1
        counts.insertions += 1
    }

    /// Puts a new value in the place of an entry's former one, which counts as a use.
    @inlinable
    mutating func replace(_ slot: Slot, _ value: Value, _ life: Life, at now: Instant) -> Eviction<Key, Value> {
        let former = take(slot, because: .replaced)
        enter(slot, value, weight(of: slot), life, at: now)
        policy.hit(slot)
        if livesEnd { policy.extend(slot, to: table.entries[slot.place].expiresAt) }
        return former
    }

    /// Sets the end of an entry's life, and with it the moment when it has to be looked for.
    @inlinable
    mutating func setEnd(of slot: Slot, to end: Instant, at now: Instant) {
        var end = end
        if lifetime.afterAccess != nil || !latestEnds.isEmpty {
            noteLatestEnds(upTo: slot)
            latestEnds[slot.place] = end
            if let idle = lifetime.afterAccess { end = min(end, now + idle) }
        }
        table.entries[slot.place].expiresAt = end
        guard end < .distantFuture else { return }
        livesEnd = true
        deadlines.set(slot, to: end)
    }

    @inlinable
    func weight(of slot: Slot) -> Int {
        slot.place < weights.count ? Int(weights[slot.place]) : 1
    }

    @inlinable
    mutating func note(_ weight: Int, of slot: Slot) {
        while weights.count <= slot.place { weights.append(1) }
        weights[slot.place] = UInt32(truncatingIfNeeded: weight)
    }
}

extension Cache {
    /// Drops what has ended.
    @inlinable
    mutating func purge(at now: Instant, into evictions: inout Evictions<Key, Value>) {
        while let slot = deadlines.due(at: now) {
            let end = table.entries[slot.place].expiresAt
            if end <= now {
                evictions.append(drop(slot, because: .expired))
            } else {
                deadlines.set(slot, to: end)
            }
        }
    }

    /// An entry leaves for want of room.
    @inlinable @discardableResult
    mutating func leave(_ departure: Departure) -> Eviction<Key, Value> {
        switch departure {
        case .evicted(let slot):
            let eviction = take(slot, because: .capacity)
            table.free(slot)
            return eviction
        case .remembered(let slot):
            return take(slot, because: .capacity)
        }
    }

    /// An entry leaves for another reason than want of room.
    @inlinable @discardableResult
    mutating func drop(_ slot: Slot, because cause: EvictionCause) -> Eviction<Key, Value> {
        policy.remove(slot)
        let eviction = take(slot, because: cause)
        table.free(slot)
        return eviction
    }

    /// Takes the value out of a slot, and counts why.
    @inlinable
    mutating func take(_ slot: Slot, because cause: EvictionCause) -> Eviction<Key, Value> {
        guard let value = table.entries[slot.place].value else {
            preconditionFailure("a policy named a slot that holds nothing")
        }
        table.entries[slot.place].value = nil
        if livesEnd { deadlines.remove(slot) }
        held -= 1
        counts.evictions[cause] += 1
        let weight = weight(of: slot)
        return Eviction(key: table.entries[slot.place].key, value: value, cause: cause, weight: weight)
    }
}
