public import Timeline

extension MemoryPool {
    /// A reservation's number: its place, and how often the place has been used before.
    ///
    /// Four bytes, to be stored as they are. A place's count begins again after 4096 uses.
    public struct Reservation: Hashable, Sendable {
        /// The number.
        public let number: UInt32

        /// The reservation of a number, for a caller that stores the bare number.
        public init(number: UInt32) {
            self.number = number
        }
    }

    /// How firmly a reservation is held.
    public enum Hold: Hashable, Sendable {
        /// Until it is released.
        case pinned
        /// Until the memory is needed; the priority counts in ``EvictionOrder/lowestPriority`` alone.
        case evictable(priority: UInt8)
    }

    /// The answer to who wants to reserve memory.
    public enum Answer: Hashable, Sendable {
        /// The memory is reserved; who was evicted for it, and which lines were crossed.
        case reserved(Reservation, Change)
        /// It is not, and nothing has changed.
        case refused(Refusal)

        /// The reservation, if there is one.
        public var reservation: Reservation? {
            switch self {
            case .reserved(let reservation, _): reservation
            case .refused: nil
            }
        }

        /// The refusal, if it is one.
        public var refusal: Refusal? {
            switch self {
            case .reserved: nil
            case .refused(let refusal): refusal
            }
        }
    }

    /// What a call brought about besides its answer.
    public struct Change: Hashable, Sendable {
        /// The reservations that had to give way, first to last.
        public let evicted: [Eviction]
        /// The alerts that are due because of it.
        public let alerts: [Alert]
    }

    /// Why memory was not reserved, in bytes with overhead.
    public struct Refusal: Hashable, Sendable {
        /// Whose limit refused.
        public enum Source: Hashable, Sendable {
            /// A level's: the one that was asked, or one above it.
            case limit(Level)
            /// Nobody's: there is no such child.
            case noSuchChild
            /// Nobody's: the pool already holds as many reservations as it can number, 1 048 576.
            case outOfNumbers
        }

        /// Whose limit it was.
        public let by: Source
        /// What that level's use would have become.
        public let wanted: Int
        /// What that level's use is.
        public let used: Int
        /// That level's limit.
        public let limit: Int
        /// Whether waiting helps: the durability of the level that was asked if its own limit refused, else that of
        /// most of what is reserved below the limit that did, the wanted bytes included.
        public let durability: Durability
    }

    /// Reserves memory if every limit from the level up allows it, once enough has been evicted.
    ///
    /// - Parameters:
    ///   - bytes: the size without overhead; a negative one counts as 0. Even 0 bytes are refused by a level that is
    ///     over its limit.
    ///   - level: whose limit is asked first.
    ///   - owner: whose it is; any number of the caller's.
    ///   - hold: whether the reservation may be evicted.
    ///   - now: the time; it serves to tell age and growth.
    public mutating func reserve(
        _ bytes: Int, from level: Level, owner: UInt64, hold: Hold = .pinned, at now: Instant
    ) -> Answer {
        guard let account = position(of: level) else { return .refused(unnumbered(.noSuchChild)) }
        guard !table.isFull else { return .refused(unnumbered(.outOfNumbers)) }
        let bytes = max(0, bytes)
        var evicted: [Eviction] = []
        if let refusal = makeRoom(for: bytes, at: account, evicted: &evicted) { return .refused(refusal) }
        let reservation = enter(bytes, account, owner, hold, now)
        return .reserved(reservation, change(at: account, evicted, now))
    }

    /// Enters memory that is in use already, whatever the limits say; evicts nothing.
    ///
    /// It is refused only where the books end: if the level does not exist, or it or one above would hold more than
    /// ``MemoryPool/most``, or there are no more numbers.
    public mutating func charge(_ bytes: Int, to level: Level, owner: UInt64, at now: Instant) -> Answer {
        guard let account = position(of: level) else { return .refused(unnumbered(.noSuchChild)) }
        guard !table.isFull else { return .refused(unnumbered(.outOfNumbers)) }
        let bytes = max(0, bytes)
        if let full = refuser(of: bytes, at: account, .whateverTheLimits) {
            return .refused(refuse(bytes, at: account, by: full))
        }
        let reservation = enter(bytes, account, owner, .pinned, now)
        return .reserved(reservation, change(at: account, [], now))
    }

    /// Changes the size of a reservation; growth is asked of the limits, and may evict others.
    ///
    /// Nil if the reservation is not alive. If it is refused, the old size stays.
    public mutating func resize(_ reservation: Reservation, to bytes: Int, at now: Instant) -> Answer? {
        guard let place = table.place(of: reservation) else { return nil }
        let account = Int(table[place].account)
        let growth = max(0, bytes) - table[place].bytes
        let hold = hold(at: place)
        // It must not be evicted to make room for itself.
        setHold(.pinned, of: place)
        defer { setHold(hold, of: place) }
        var evicted: [Eviction] = []
        if growth > 0, let refusal = makeRoom(for: growth, at: account, evicted: &evicted) {
            return .refused(refusal)
        }
        table[place].bytes += growth
        book(growth, at: account, isPinned: true)
        accounts[account].totals.count(growth)
        return .reserved(reservation, change(at: account, evicted, now))
    }

    /// Writes a new reservation into the books.
    private mutating func enter(
        _ bytes: Int, _ account: Int, _ owner: UInt64, _ hold: Hold, _ now: Instant
    ) -> Reservation {
        let slot = ReservationTable.Slot(bytes: bytes, since: now, owner: owner, account: UInt16(account))
        let place = table.insert(slot, into: &accounts[account].byAge)
        book(bytes, at: account, isPinned: true)
        accounts[account].reservations += 1
        accounts[account].totals.reserved += 1
        accounts[account].totals.count(bytes)
        setHold(hold, of: place)
        return table.reservation(at: place)
    }

    /// Charges bytes, or takes them back, from an account all the way up.
    mutating func book(_ bytes: Int, at account: Int, isPinned: Bool) {
        accounts[account].own += bytes
        book(bytes, pinned: isPinned ? bytes : 0, net: bytes, at: account)
    }

    mutating func book(_ bytes: Int, pinned: Int, net: Int, at account: Int) {
        var (change, position) = ((all: bytes, pinned: pinned), account)
        while true {
            accounts[position].net += net
            change = accounts[position].book(change.all, pinned: change.pinned)
            guard position > 0 else { return }
            position = accounts[position].parent
        }
    }
}
