public import Timeline

extension MemoryPool {
    /// How much of a level is in use.
    public struct Usage: Hashable, Sendable {
        /// Reservations that are alive, those from the levels below included.
        public let reservations: Int
        /// Their bytes, without overhead.
        public let bytes: Int
        /// What they are charged as, with overhead; corrected by the latest measurement for the pool.
        public let used: Int
        /// How much of that would be gone if everything evictable were evicted.
        public let evictable: Int
        /// The most that may be used.
        public let limit: Int
        /// The most that ever was.
        public let peak: Int
        /// When that was; nil if nothing ever was.
        public let peakAt: Instant?

        /// The share of the limit in use; 0 without a limit.
        public var share: Double { MemoryMonitor.share(of: used, limit: limit) }
    }

    /// How much of a level is in use; nil if there is no such child.
    public func usage(of level: Level) -> Usage? {
        guard let position = position(of: level) else { return nil }
        let account = accounts[position]
        let count = accounts.indices.reduce(0) {
            $0 + (isAccount($1, within: position) ? accounts[$1].reservations : 0)
        }
        return Usage(
            reservations: count, bytes: account.net, used: account.used,
            evictable: account.all.bytes - account.pinned.bytes, limit: account.limit, peak: account.peak,
            peakAt: account.peakAt)
    }

    /// Bytes in use at a level, with overhead; 0 if there is no such child.
    public func used(by level: Level) -> Int { position(of: level).map { accounts[$0].used } ?? 0 }

    /// Reservations that are alive.
    public var reservations: Int { table.count }

    /// What is known of a reservation that is alive.
    public struct Entry: Hashable, Sendable {
        /// Its number.
        public let reservation: Reservation
        /// Whose it is.
        public let owner: UInt64
        /// From which level it was reserved.
        public let level: Level
        /// Its bytes, without overhead.
        public let bytes: Int
        /// How firmly it is held.
        public let hold: Hold
        /// When it was reserved.
        public let since: Instant
    }

    /// What is known of a reservation; nil if it is not alive.
    public func entry(of reservation: Reservation) -> Entry? {
        table.place(of: reservation).map(entry(at:))
    }

    /// The reservation that has been held for longest of those made from a level or below it: where to look for a
    /// leak. Nil if there is none.
    public func oldest(from level: Level) -> Entry? {
        guard let ancestor = position(of: level) else { return nil }
        var oldest: Entry?
        for position in accounts.indices where isAccount(position, within: ancestor) {
            let place = accounts[position].byAge.oldest
            guard place != ReservationTable.none else { continue }
            let candidate = entry(at: place)
            if candidate.since < oldest?.since ?? .distantFuture || oldest == nil { oldest = candidate }
        }
        return oldest
    }

    /// What an owner holds, in bytes without overhead; looks at every reservation.
    public func bytes(of owner: UInt64) -> Int {
        table.slots.reduce(0) { $0 + ($1.isAlive && $1.owner == owner ? $1.bytes : 0) }
    }

    private func entry(at place: UInt32) -> Entry {
        let slot = table[place]
        return Entry(
            reservation: table.reservation(at: place), owner: slot.owner, level: level(at: Int(slot.account)),
            bytes: slot.bytes, hold: hold(at: place), since: slot.since)
    }
}
