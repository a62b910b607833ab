extension MemoryPool {
    /// Counts since the start, of what was asked of one level. Bytes are without overhead; their sums stop at the
    /// largest number.
    ///
    /// At every moment `reserved` = `released` + `evicted` + the reservations that are alive; so for bytes.
    public struct Totals: Hashable, Sendable {
        /// Reservations made.
        public internal(set) var reserved = 0
        /// Bytes reserved, growth included.
        public internal(set) var reservedBytes = 0
        /// Reservations released.
        public internal(set) var released = 0
        /// Bytes released, shrinkage included.
        public internal(set) var releasedBytes = 0
        /// Reservations evicted.
        public internal(set) var evicted = 0
        /// Bytes evicted.
        public internal(set) var evictedBytes = 0
        /// Requests to this level that its own limit refused.
        public internal(set) var refusedHere = 0
        /// Requests to this level that a limit above it refused.
        public internal(set) var refusedAbove = 0
        /// Requests, to this level or below it, that this level's limit refused.
        public internal(set) var tripped = 0
    }

    /// The counts of one level, without those below it; nil if there is no such child.
    public func totals(of level: Level) -> Totals? { position(of: level).map { accounts[$0].totals } }

    /// The counts of all levels together.
    public var totals: Totals {
        accounts.reduce(into: Totals()) { $0.add($1.totals) }
    }
}

extension MemoryPool.Totals {
    /// Counts bytes that were added, or taken away if they are less than 0.
    mutating func count(_ bytes: Int) {
        if bytes >= 0 {
            reservedBytes = Self.sum(reservedBytes, bytes)
        } else {
            releasedBytes = Self.sum(releasedBytes, -bytes)
        }
    }

    mutating func countEvicted(_ bytes: Int) {
        evictedBytes = Self.sum(evictedBytes, bytes)
    }

    mutating func add(_ other: Self) {
        reserved += other.reserved
        reservedBytes = Self.sum(reservedBytes, other.reservedBytes)
        released += other.released
        releasedBytes = Self.sum(releasedBytes, other.releasedBytes)
        evicted += other.evicted
        evictedBytes = Self.sum(evictedBytes, other.evictedBytes)
        refusedHere += other.refusedHere
        refusedAbove += other.refusedAbove
        tripped += other.tripped
    }

    private static func sum(_ left: Int, _ right: Int) -> Int {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? .max : sum
    }
}
