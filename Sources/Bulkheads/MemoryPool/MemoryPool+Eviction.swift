public import Timeline

extension MemoryPool {
    /// A reservation that had to give way; its number is dead.
    public struct Eviction: Hashable, Sendable {
        /// Which.
        public let reservation: Reservation
        /// Whose.
        public let owner: UInt64
        /// From which level it was reserved.
        public let level: Level
        /// Its bytes, without overhead.
        public let bytes: Int
        /// When it was reserved.
        public let since: Instant
    }

    /// Says that a reservation was used just now, so that others go before it; false if it is not alive.
    public mutating func touch(_ reservation: Reservation) -> Bool {
        guard let place = table.place(of: reservation) else { return false }
        let account = Int(table[place].account)
        if table[place].isEvictable { table.take(place, outOf: &accounts[account].evictable) }
        table[place].used = table.tick()
        if table[place].isEvictable { table.push(place, onto: &accounts[account].evictable) }
        return true
    }

    /// Changes how firmly a reservation is held: pinned while it is read, say; false if it is not alive.
    public mutating func hold(_ reservation: Reservation, as hold: Hold) -> Bool {
        guard let place = table.place(of: reservation) else { return false }
        setHold(hold, of: place)
        return true
    }

    /// Evicts until a level's charge is at least so many bytes smaller.
    ///
    /// Nil, and nothing is evicted, if everything evictable at that level and below is not enough.
    public mutating func evict(_ bytes: Int, from level: Level, at now: Instant) -> Change? {
        guard let account = position(of: level) else { return nil }
        let charge = accounts[account].all.bytes
        guard charge - accounts[account].pinned.bytes >= bytes else { return nil }
        var evicted: [Eviction] = []
        while charge - accounts[account].all.bytes < bytes, let eviction = evictFirst(within: account) {
            evicted.append(eviction)
        }
        return change(at: account, evicted, now)
    }

    /// Evicts whoever is first in the order among an account and those below it; nil if nobody can be.
    mutating func evictFirst(within ancestor: Int) -> Eviction? {
        var first = ReservationTable.none
        for position in accounts.indices where isAccount(position, within: ancestor) {
            let candidate = accounts[position].evictable
            guard candidate != ReservationTable.none else { continue }
            if first == ReservationTable.none || table.precedes(candidate, first) { first = candidate }
        }
        guard first != ReservationTable.none else { return nil }
        let slot = table[first]
        let eviction = Eviction(
            reservation: table.reservation(at: first), owner: slot.owner, level: level(at: Int(slot.account)),
            bytes: slot.bytes, since: slot.since)
        accounts[Int(slot.account)].totals.evicted += 1
        accounts[Int(slot.account)].totals.countEvicted(slot.bytes)
        erase(first)
        return eviction
    }

    func hold(at place: UInt32) -> Hold {
        table[place].isEvictable ? .evictable(priority: table[place].priority) : .pinned
    }

    /// Moves a reservation between what is pinned and what may be evicted.
    mutating func setHold(_ hold: Hold, of place: UInt32) {
        let (account, bytes, wasEvictable) = (Int(table[place].account), table[place].bytes, table[place].isEvictable)
        if wasEvictable { table.take(place, outOf: &accounts[account].evictable) }
        switch hold {
        case .pinned:
            table[place].isEvictable = false
        case .evictable(let priority):
            table[place].isEvictable = true
            table[place].priority = priority
            table.push(place, onto: &accounts[account].evictable)
        }
        let isEvictable = table[place].isEvictable
        guard isEvictable != wasEvictable else { return }
        book(0, pinned: isEvictable ? -bytes : bytes, net: 0, at: account)
    }
}
