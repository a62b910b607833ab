public import Timeline

extension SemanticLocks {
    /// A saga that got a key that it waited for.
    public struct Grant: Hashable, Sendable {
        /// The saga.
        public let saga: UInt64
        /// The key that it has now.
        public let key: UInt64
        /// How long it waited for it.
        public let waited: Duration
    }

    /// Gives back one key; the result is the saga that has it now. Nil if nobody waits, or if the saga does not hold it.
    @discardableResult
    public mutating func release(_ key: UInt64, of saga: UInt64, at now: Instant) -> Grant? {
        guard let lock = lockPlaces.place(of: key), holder(of: lock) == saga else { return nil }
        return remove(locks[Int(lock)].first, at: now)?.grant
    }

    /// Gives back everything that a saga holds, and ends all its waits: the saga is over.
    /// - Returns: the sagas that have its keys now, the one that asked first, first.
    @discardableResult
    public mutating func releaseAll(of saga: UInt64, at now: Instant) -> [Grant] {
        guard let place = sagaPlaces.place(of: saga) else { return [] }
        var granted: [(ticket: UInt64, grant: Grant)] = []
        var claim = sagas[Int(place)].first
        while claim != Claim.none {
            let next = claims[Int(claim)].nextOfSaga
            if let handedOver = remove(claim, at: now) { granted.append(handedOver) }
            claim = next
        }
        if granted.count > 1 { granted.sort { $0.ticket < $1.ticket } }
        return granted.map(\.grant)
    }

    /// Ends a saga's wait for a key. False if it does not wait for it.
    @discardableResult
    public mutating func withdraw(_ saga: UInt64, from key: UInt64) -> Bool {
        guard let lock = lockPlaces.place(of: key), holder(of: lock) != saga,
            let claim = claim(of: saga, to: lock)
        else { return false }
        _ = remove(claim, at: .zero)
        return true
    }

    /// Takes out a claim; if it held the key, the result is who has it now, and the number of his claim.
    private mutating func remove(_ claim: UInt32, at now: Instant) -> (ticket: UInt64, grant: Grant)? {
        let lock = claims[Int(claim)].lock
        let isHolder = locks[Int(lock)].first == claim
        leaveQueue(claim)
        leaveSaga(claim)
        guard isHolder else {
            totals.withdrawn += 1
            waiting -= 1
            return nil
        }
        totals.released += 1
        let next = locks[Int(lock)].first
        guard next != Claim.none else {
            held -= 1
            removeLock(lock)
            return nil
        }
        totals.granted += 1
        totals.handedOver += 1
        waiting -= 1
        let since = claims[Int(next)].since
        claims[Int(next)].since = now
        let grant = Grant(saga: saga(of: next), key: locks[Int(lock)].key, waited: now - since)
        return (claims[Int(next)].ticket, grant)
    }
}
