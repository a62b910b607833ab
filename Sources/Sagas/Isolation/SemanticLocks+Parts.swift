internal import Timeline

extension SemanticLocks {
    /// A key and the queue for it, of which the first has it.
    struct Lock: Sendable {
        var key: UInt64
        var first = Claim.none
        var last = Claim.none
        /// How many are in the queue; 0 if nobody has asked for the key and its place is free.
        var count: UInt32 = 0
        var nextFree = Claim.none
    }

    /// A saga and all its claims in the order in which it made them.
    struct Holder: Sendable {
        var saga: UInt64
        var first = Claim.none
        var last = Claim.none
        var nextFree = Claim.none
        /// The last search for a deadlock that came here.
        var search: UInt64 = 0
        /// The claim that waits for this saga, by which the search came here; none where it began.
        var reachedBy = Claim.none
        /// Where the search goes next.
        var nextInSearch = Claim.none
    }

    /// That a saga has a key, or waits for it.
    struct Claim: Sendable {
        /// The place of nothing.
        static let none = UInt32.max

        var lock: UInt32
        var saga: UInt32
        /// When it began to wait, or got the key.
        var since: Instant
        /// Claims have numbers in the order in which they were made.
        var ticket: UInt64
        var ahead = none
        var behind = none
        var previousOfSaga = none
        var nextOfSaga = none
    }
}
