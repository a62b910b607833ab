internal import Timeline

extension MemoryPool {
    /// What is reserved and charged at one level.
    struct Account: Hashable, Sendable {
        let limit: Int
        let overhead: Double
        let durability: Durability
        /// The position of the account above; the pool's is its own.
        let parent: Int

        /// Bytes reserved from this level itself.
        var own = 0
        /// Bytes reserved from this level and those below, without overhead.
        var net = 0
        /// What everything is charged as.
        var all = Charge()
        /// What the reservations that cannot be evicted are charged as, without the others.
        var pinned = Charge()
        /// What a measurement found beyond the books, or short of them.
        var correction = 0

        var reservations = 0
        var peak = 0
        var peakAt: Instant?
        /// The reservations by age.
        var byAge = ReservationTable.AgeList()
        /// The evictable reservations; the root of a heap.
        var evictable = ReservationTable.none
        var totals = Totals()

        init(limit: Int) {
            self.limit = limit
            overhead = 1
            durability = .transient
            parent = 0
        }

        init(_ child: Child) {
            limit = child.limit
            overhead = child.overhead
            durability = child.durability
            parent = child.parent.map { $0 + 1 } ?? 0
        }
    }

    /// Bytes before and after overhead.
    struct Charge: Hashable, Sendable {
        /// Bytes reserved here, and the charges of the levels right below.
        var base = 0
        /// The base with overhead.
        var bytes = 0
    }
}

extension MemoryPool.Account {
    /// Bytes in use, by the books and the latest measurement.
    var used: Int { used(for: all.bytes) }

    func used(for charge: Int) -> Int { max(0, charge + correction) }

    /// Whether a charge stays within the limit.
    func allows(_ charge: Int) -> Bool {
        limit > 0 && charge <= MemoryPool.most && used(for: charge) <= limit
    }

    /// So many bytes with overhead, rounded down.
    func charge(for base: Int) -> Int {
        guard overhead != 1 else { return min(base, MemoryPool.most + 1) }
        return Int(min(Double(base) * overhead, Double(MemoryPool.most + 1)))
    }

    /// Changes what is reserved and returns by how much the charges change: of everything, and of the pinned part.
    mutating func book(_ change: Int, pinned pinnedChange: Int) -> (all: Int, pinned: Int) {
        let before = (all.bytes, pinned.bytes)
        all.base += change
        pinned.base += pinnedChange
        all.bytes = charge(for: all.base)
        pinned.bytes = charge(for: pinned.base)
        return (all.bytes - before.0, pinned.bytes - before.1)
    }

    /// The same account under other terms, before anything is charged to it.
    func renewed(under terms: Self) -> Self {
        var new = terms
        new.own = own
        new.net = net
        new.correction = correction
        new.reservations = reservations
        new.peak = peak
        new.peakAt = peakAt
        new.byAge = byAge
        new.totals = totals
        return new
    }
}
