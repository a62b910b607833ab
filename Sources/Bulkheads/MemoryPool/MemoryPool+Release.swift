public import Timeline

extension MemoryPool {
    /// What came back.
    public struct Release: Hashable, Sendable {
        /// How many reservations.
        public let reservations: Int
        /// Their bytes, without overhead.
        public let bytes: Int
        /// How long the oldest of them was held.
        public let longestHeld: Duration
        /// The alerts that are due because of it.
        public let alerts: [Alert]
    }

    /// Frees a reservation; nil if it is not alive, be it released or evicted before.
    public mutating func release(_ reservation: Reservation, at now: Instant) -> Release? {
        guard let place = table.place(of: reservation) else { return nil }
        let (bytes, account) = (table[place].bytes, Int(table[place].account))
        let held = max(.zero, now - table[place].since)
        free(place)
        return Release(reservations: 1, bytes: bytes, longestHeld: held, alerts: alerts(at: account, now))
    }

    /// Frees everything that an owner holds, such as one that crashed; looks at every reservation.
    public mutating func releaseAll(of owner: UInt64, at now: Instant) -> Release {
        var (count, bytes, longest) = (0, 0, Duration.zero)
        for place in UInt32(0)..<UInt32(table.slots.count) where table[place].isAlive && table[place].owner == owner {
            count += 1
            bytes += table[place].bytes
            longest = max(longest, now - table[place].since)
            free(place)
        }
        let alerts = count == 0 ? [] : alertsEverywhere(now)
        return Release(reservations: count, bytes: bytes, longestHeld: longest, alerts: alerts)
    }

    private mutating func free(_ place: UInt32) {
        let account = Int(table[place].account)
        accounts[account].totals.released += 1
        accounts[account].totals.count(-table[place].bytes)
        erase(place)
    }

    /// Takes a reservation off the books.
    mutating func erase(_ place: UInt32) {
        let account = Int(table[place].account)
        setHold(.pinned, of: place)
        book(-table[place].bytes, at: account, isPinned: true)
        accounts[account].reservations -= 1
        table.remove(place, from: &accounts[account].byAge)
    }
}
