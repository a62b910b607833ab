public import Timeline

extension SemanticLocks {
    /// A saga that has a key or waits for it.
    public struct Standing: Hashable, Sendable {
        /// The saga.
        public let saga: UInt64
        /// The key.
        public let key: UInt64
        /// Since when it has had it, or waited.
        public let since: Instant
        /// 0 for the saga that has the key, 1 for the next to get it.
        public let place: Int
    }

    /// Who has a key; nil for nobody.
    public func holder(of key: UInt64) -> Standing? {
        lockPlaces.place(of: key).map { standing(of: locks[Int($0)].first, place: 0) }
    }

    /// Who has a key, and then who waits for it, in the order in which they get it; nobody for a key that is free.
    public func queue(for key: UInt64) -> [Standing] {
        guard let lock = lockPlaces.place(of: key) else { return [] }
        var standings: [Standing] = []
        var claim = locks[Int(lock)].first
        while claim != Claim.none {
            standings.append(standing(of: claim, place: standings.count))
            claim = claims[Int(claim)].behind
        }
        return standings
    }

    /// What a saga has and waits for, in the order in which it asked.
    public func standings(of saga: UInt64) -> [Standing] {
        guard let place = sagaPlaces.place(of: saga) else { return [] }
        var standings: [Standing] = []
        var claim = sagas[Int(place)].first
        while claim != Claim.none {
            standings.append(standing(of: claim, place: placeInQueue(of: claim)))
            claim = claims[Int(claim)].nextOfSaga
        }
        return standings
    }

    /// The keys that are waited for, the one whose next saga has waited longest first; the cost grows with all locks.
    public func contendedKeys(atMost limit: Int = .max) -> [UInt64] {
        let contended = locks.filter { $0.count > 1 }.map { lock in
            (ticket: claims[Int(claims[Int(lock.first)].behind)].ticket, key: lock.key)
        }
        return contended.sorted { $0.ticket < $1.ticket }.prefix(max(0, limit)).map(\.key)
    }

    private func standing(of claim: UInt32, place: Int) -> Standing {
        Standing(
            saga: saga(of: claim), key: locks[Int(claims[Int(claim)].lock)].key, since: claims[Int(claim)].since,
            place: place)
    }
}
