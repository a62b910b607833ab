public import Timeline

/// Who loads what a cache does not have, and who waits for it: the part of a cache between a miss and the origin.
///
/// - **Single flight**: of all readers that miss a key at the same time the first loads it, the others wait for that
///   load and get what comes of it, a failure included. Nothing is kept of a failure, so the next reader tries again.
/// - **Fail-safe**: if a load fails, or takes longer than the soft timeout, readers get the stale value that was found,
///   as far as its limit allows; a load that comes to its end after all counts as any other. After a failure nobody
///   tries again for the length of a pause.
/// - **Refresh**: what is still fresh is loaded by at most one flight in the background.
///
/// It neither loads nor stores: whoever runs it asks the origin, tells it with ``land(_:_:at:)``, and puts what that
/// returns into its ``CacheLevels``. Without settings for it, it takes no time and needs none.
public struct ReadPath<Key: CacheKey, Value: Sendable>: Sendable {
    /// How it reads.
    public private(set) var settings: ReadSettings
    /// What it has done so far.
    public internal(set) var counts = ReadCounts()

    var flights: [Flight] = []
    var freeFlights: [UInt32] = []
    var seats = Seats()
    /// The flight that readers of a key join.
    var underWay = SlotTable<Key, UInt32>()
    /// Keys whose last load has failed, for as long as nobody tries again.
    var paused: Cache<Key, Bool, FIFO>

    /// Of so many keys a failure is remembered at most.
    private static var mostPaused: Int { 10_000 }

    /// Nothing under way.
    public init(_ settings: ReadSettings) {
        self.settings = settings
        paused = Cache(capacity: Self.mostPaused, lifetime: Lifetime(afterWrite: settings.failSafe?.pause))
    }

    /// Reads in another way from now on; what is under way goes on.
    public mutating func change(to settings: ReadSettings) {
        self.settings = settings
        paused.lifetime.afterWrite = settings.failSafe?.pause
        if settings.failSafe == nil { paused.removeAll() }
    }

    /// Loads under way.
    public var loading: Int { flights.count - freeFlights.count }

    /// Readers that wait, those who load included.
    public var waiting: Int { seats.taken }

    /// What a reader that has found nothing fresh does.
    public enum Start: Sendable {
        /// It loads the key, in this flight.
        case load(FlightID, Seat)
        /// It waits for a load that is under way.
        case join(FlightID, Seat)
        /// It takes the stale value: a load has failed just now.
        case stale(CachedValue<Value>)
    }

    /// A reader has found nothing fresh.
    /// - Parameters:
    ///   - reader: a number by which ``land(_:_:at:)`` will name it.
    ///   - stale: the stale value that it found, if any.
    public mutating func begin(
        _ key: Key, reader: UInt32, stale: CachedValue<Value>? = nil, at now: Instant
    ) -> Start {
        if let stale, stale.isServable(at: now), paused.get(key, at: now).isHit {
            counts.servedStale += 1
            return .stale(stale)
        }
        if settings.isSingleFlight, let flight = joinable(key) {
            counts.joins += 1
            if flights[Int(flight)].stale == nil { flights[Int(flight)].stale = stale }
            return .join(id(of: flight), seats.take(reader, in: &flights[Int(flight)].readers, of: flight, at: now))
        }
        let flight = takeOff(key, stale, at: now)
        return .load(id(of: flight), seats.take(reader, in: &flights[Int(flight)].readers, of: flight, at: now))
    }

    /// A value that is still fresh is loaded anew in the background; nil if that is under way already.
    public mutating func refresh(_ key: Key, _ held: CachedValue<Value>, at now: Instant) -> FlightID? {
        guard joinable(key) == nil, !paused.get(key, at: now).isHit else { return nil }
        counts.refreshes += 1
        let flight = takeOff(key, held, at: now)
        return id(of: flight)
    }

    /// A key was overwritten: who reads it from now on does not join a load that has begun before. Those who wait already
    /// have asked before too, and get what it comes to.
    public mutating func invalidate(_ key: Key) {
        if let flight = joinable(key) { withdraw(flight) }
    }

    /// What is not held is loaded before anybody asks for it; nil if that is under way already, or has failed just now.
    public mutating func prefetch(_ key: Key, at now: Instant) -> FlightID? {
        guard joinable(key) == nil, !paused.get(key, at: now).isHit else { return nil }
        counts.prefetches += 1
        let flight = takeOff(key, nil, at: now)
        return id(of: flight)
    }

    /// Many keys were overwritten: who reads any key from now on does not join a load that has begun before.
    public mutating func invalidateAll() {
        for flight in flights.indices { withdraw(UInt32(flight)) }
    }

    func joinable(_ key: Key) -> UInt32? {
        underWay.find(key, hash: SlotTable<Key, UInt32>.hash(key.fingerprint)).flatMap {
            underWay.entries[$0.place].value
        }
    }

    mutating func takeOff(_ key: Key, _ stale: CachedValue<Value>?, at now: Instant) -> UInt32 {
        counts.loads += 1
        let index: UInt32
        if let free = freeFlights.popLast() {
            index = free
        } else {
            index = UInt32(flights.count)
            flights.append(Flight(key: key))
        }
        flights[Int(index)].begin(key, stale, at: now)
        guard joinable(key) == nil else { return index }
        let hash = SlotTable<Key, UInt32>.hash(key.fingerprint)
        let slot = underWay.add(key, hash: hash, mostSlots: .max)
        underWay.entries[slot.place].value = index
        flights[Int(index)].isJoinable = true
        return index
    }

    func id(of flight: UInt32) -> FlightID {
        FlightID(index: flight, generation: flights[Int(flight)].generation)
    }

    /// A load as it is under way.
    struct Flight: Sendable {
        var key: Key
        var generation: UInt32 = 0
        var isUnderWay = false
        /// Whether readers of the key find it.
        var isJoinable = false
        var startedAt = Instant.zero
        var stale: CachedValue<Value>?
        var readers = Seats.Row()

        init(key: Key) { self.key = key }

        mutating func begin(_ key: Key, _ stale: CachedValue<Value>?, at now: Instant) {
            self.key = key
            self.stale = stale
            startedAt = now
            isUnderWay = true
        }

        mutating func end() {
            generation &+= 1
            (isUnderWay, stale) = (false, nil)
        }
    }
}

/// A load under way; one that is over is not found by it.
public struct FlightID: Hashable, Sendable {
    let index: UInt32
    let generation: UInt32
}
