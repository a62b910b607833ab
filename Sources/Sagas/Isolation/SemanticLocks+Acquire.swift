public import Timeline

extension SemanticLocks {
    /// What a saga does if a key is held by another.
    public enum Policy: Hashable, Sendable {
        /// It waits for it.
        case wait
        /// It does without: it fails, and compensates.
        case refuse
    }

    /// What becomes of a saga that asks for a key.
    public enum Answer: Hashable, Sendable {
        /// It has it.
        case granted
        /// It had it already.
        case alreadyHeld
        /// It waits, behind the saga that holds the key; place 1 is the next to get it. A saga that asks once more keeps
        /// its place.
        case waits(behind: UInt64, place: Int)
        /// It neither has it nor waits for it.
        case refused(Refusal)
    }

    /// Why a saga does not get a key.
    public enum Refusal: Hashable, Sendable {
        /// This saga holds it.
        case held(by: UInt64)
        /// This saga holds it, and as many wait for it as are allowed.
        case queueFull(holder: UInt64)
        /// There are as many locks and waits as there is room for.
        case full
        /// The saga would wait for itself: each of these sagas waits for a key that the next one has, or gets before it;
        /// the last one's that the first one has.
        case deadlock([Wait])
    }

    /// A saga and a key that it waits for, or would wait for.
    public struct Wait: Hashable, Sendable {
        /// The saga.
        public let saga: UInt64
        /// The key.
        public let key: UInt64
    }

    /// Asks for a key.
    public mutating func acquire(
        _ key: UInt64, by saga: UInt64, policy: Policy = .wait, at now: Instant
    ) -> Answer {
        guard let lock = lockPlaces.place(of: key) else {
            guard hasRoom else { return refuse(.full) }
            totals.granted += 1
            held += 1
            let lock = addLock(key)
            addClaim(of: saga, to: lock, at: now)
            return .granted
        }
        let holder = holder(of: lock)
        if holder == saga { return .alreadyHeld }
        if let claim = claim(of: saga, to: lock) { return .waits(behind: holder, place: placeInQueue(of: claim)) }
        if let refusal = refusal(of: saga, lock, policy) { return refuse(refusal) }
        addClaim(of: saga, to: lock, at: now)
        totals.waited += 1
        waiting += 1
        return .waits(behind: holder, place: Int(locks[Int(lock)].count) - 1)
    }

    /// Why a saga cannot wait for a lock; nil if it can.
    private mutating func refusal(of saga: UInt64, _ lock: UInt32, _ policy: Policy) -> Refusal? {
        if policy == .refuse { return .held(by: holder(of: lock)) }
        if Int(locks[Int(lock)].count) > settings.waitingPerKey { return .queueFull(holder: holder(of: lock)) }
        guard hasRoom else { return .full }
        return cycle(from: saga, to: lock).map { .deadlock($0) }
    }

    private mutating func refuse(_ refusal: Refusal) -> Answer {
        if case .deadlock = refusal { totals.deadlocks += 1 } else { totals.refused += 1 }
        return .refused(refusal)
    }

    private var hasRoom: Bool { held + waiting < settings.capacity }
}
