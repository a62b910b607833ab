internal import Timeline

extension SemanticLocks {
    func holder(of lock: UInt32) -> UInt64 { saga(of: locks[Int(lock)].first) }

    func saga(of claim: UInt32) -> UInt64 { sagas[Int(claims[Int(claim)].saga)].saga }

    func isWaiting(_ claim: UInt32) -> Bool { claims[Int(claim)].ahead != Claim.none }

    /// A saga's claim to a key; nil if it has none. The cost grows with its claims.
    func claim(of saga: UInt64, to lock: UInt32) -> UInt32? {
        guard let place = sagaPlaces.place(of: saga) else { return nil }
        var claim = sagas[Int(place)].first
        while claim != Claim.none && claims[Int(claim)].lock != lock { claim = claims[Int(claim)].nextOfSaga }
        return claim == Claim.none ? nil : claim
    }

    /// How many are ahead of a claim.
    func placeInQueue(of claim: UInt32) -> Int {
        var (place, claim) = (0, claim)
        while claims[Int(claim)].ahead != Claim.none {
            claim = claims[Int(claim)].ahead
            place += 1
        }
        return place
    }

    mutating func addLock(_ key: UInt64) -> UInt32 {
        let place = freeLock
        guard place != Claim.none else {
            locks.append(Lock(key: key))
            lockPlaces.insert(key, at: UInt32(locks.count - 1))
            return UInt32(locks.count - 1)
        }
        freeLock = locks[Int(place)].nextFree
        locks[Int(place)] = Lock(key: key)
        lockPlaces.insert(key, at: place)
        return place
    }

    mutating func removeLock(_ place: UInt32) {
        lockPlaces.remove(locks[Int(place)].key)
        locks[Int(place)].nextFree = freeLock
        freeLock = place
    }

    /// Puts a claim at the end of a queue.
    mutating func addClaim(of saga: UInt64, to lock: UInt32, at now: Instant) {
        let holder = sagaPlaces.place(of: saga) ?? addSaga(saga)
        lastTicket += 1
        var claim = Claim(lock: lock, saga: holder, since: now, ticket: lastTicket)
        claim.ahead = locks[Int(lock)].last
        claim.previousOfSaga = sagas[Int(holder)].last
        let place = store(claim)
        if claim.ahead == Claim.none { locks[Int(lock)].first = place } else { claims[Int(claim.ahead)].behind = place }
        locks[Int(lock)].last = place
        locks[Int(lock)].count += 1
        let previous = claim.previousOfSaga
        if previous == Claim.none { sagas[Int(holder)].first = place } else { claims[Int(previous)].nextOfSaga = place }
        sagas[Int(holder)].last = place
    }

    mutating func leaveQueue(_ place: UInt32) {
        let claim = claims[Int(place)]
        let lock = Int(claim.lock)
        if claim.ahead == Claim.none {
            locks[lock].first = claim.behind
        } else {
            claims[Int(claim.ahead)].behind = claim.behind
        }
        if claim.behind == Claim.none {
            locks[lock].last = claim.ahead
        } else {
            claims[Int(claim.behind)].ahead = claim.ahead
        }
        locks[lock].count -= 1
    }

    /// Takes a claim from its saga, and frees its place; and that of the saga, if it was the last one.
    mutating func leaveSaga(_ place: UInt32) {
        let claim = claims[Int(place)]
        let holder = Int(claim.saga)
        let (previous, next) = (claim.previousOfSaga, claim.nextOfSaga)
        if previous == Claim.none { sagas[holder].first = next } else { claims[Int(previous)].nextOfSaga = next }
        if next == Claim.none { sagas[holder].last = previous } else { claims[Int(next)].previousOfSaga = previous }
        claims[Int(place)].behind = freeClaim
        freeClaim = place
        guard sagas[holder].first == Claim.none else { return }
        sagaPlaces.remove(sagas[holder].saga)
        sagas[holder].nextFree = freeSaga
        freeSaga = claim.saga
    }

    private mutating func store(_ claim: Claim) -> UInt32 {
        let place = freeClaim
        guard place != Claim.none else {
            claims.append(claim)
            return UInt32(claims.count - 1)
        }
        freeClaim = claims[Int(place)].behind
        claims[Int(place)] = claim
        return place
    }

    private mutating func addSaga(_ saga: UInt64) -> UInt32 {
        var place = freeSaga
        if place == Claim.none {
            place = UInt32(sagas.count)
            sagas.append(Holder(saga: saga))
        } else {
            freeSaga = sagas[Int(place)].nextFree
            sagas[Int(place)] = Holder(saga: saga)
        }
        sagaPlaces.insert(saga, at: place)
        return place
    }
}
