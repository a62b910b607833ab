extension SemanticLocks {
    /// The waits through which a saga would wait for itself if it queued for a lock; nil if it would not. The shortest
    /// such chain, and of equally short ones always the same.
    ///
    /// Who waits for a key waits for the saga that has it, and for the one just ahead in the queue, and so for all. A
    /// key that changes hands adds nothing to that, so it is enough to look when a wait begins.
    mutating func cycle(from saga: UInt64, to lock: UInt32) -> [Wait]? {
        // For a saga without any claim nobody can wait.
        guard let start = sagaPlaces.place(of: saga) else { return nil }
        lastSearch += 1
        var (next, last) = (Claim.none, Claim.none)
        visit(locks[Int(lock)].first, from: Claim.none, &next, &last)
        visit(locks[Int(lock)].last, from: Claim.none, &next, &last)
        while next != Claim.none {
            let current = next
            if current == start { return chain(to: start, saga, lock) }
            var claim = sagas[Int(current)].first
            while claim != Claim.none {
                if isWaiting(claim) {
                    visit(locks[Int(claims[Int(claim)].lock)].first, from: claim, &next, &last)
                    visit(claims[Int(claim)].ahead, from: claim, &next, &last)
                }
                claim = claims[Int(claim)].nextOfSaga
            }
            next = sagas[Int(current)].nextInSearch
        }
        return nil
    }

    /// Puts the saga of a claim at the end of the search's list, unless it is or was there.
    private mutating func visit(_ claim: UInt32, from waiter: UInt32, _ next: inout UInt32, _ last: inout UInt32) {
        let place = claims[Int(claim)].saga
        guard sagas[Int(place)].search != lastSearch else { return }
        sagas[Int(place)].search = lastSearch
        sagas[Int(place)].reachedBy = waiter
        sagas[Int(place)].nextInSearch = Claim.none
        if last == Claim.none { next = place } else { sagas[Int(last)].nextInSearch = place }
        last = place
    }

    /// The waits by which the search came from the saga back to it.
    private func chain(to start: UInt32, _ saga: UInt64, _ lock: UInt32) -> [Wait] {
        var waits: [Wait] = []
        var claim = sagas[Int(start)].reachedBy
        while claim != Claim.none {
            waits.append(Wait(saga: self.saga(of: claim), key: locks[Int(claims[Int(claim)].lock)].key))
            claim = sagas[Int(claims[Int(claim)].saga)].reachedBy
        }
        waits.append(Wait(saga: saga, key: locks[Int(lock)].key))
        return waits.reversed()
    }
}
