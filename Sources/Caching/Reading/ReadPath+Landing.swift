public import Timeline

extension ReadPath {
    /// What a load came to.
    public enum Result: Sendable {
        /// This value, of this version.
        case value(Value, version: UInt64)
        /// There is none, as of this version.
        case absent(version: UInt64)
        /// It failed.
        case failed
    }

    /// What readers get, and what is kept.
    public struct Landing: Sendable {
        /// What the key is found by.
        public var key: Key
        /// What all who waited get.
        public var answer: Answer
        /// Who waited, in the order in which they came: the one who loaded first.
        public var readers: [UInt32]
        /// What goes into the levels; nil for nothing.
        public var kept: CachedValue<Value>?
    }

    /// What a reader gets.
    public enum Answer: Sendable {
        /// A value that was loaded just now.
        case value(CachedValue<Value>)
        /// A stale one, as nothing better could be had.
        case stale(CachedValue<Value>)
        /// There is none.
        case absent
        /// Nothing: the load failed.
        case failed
    }

    /// A load has come to its end; nil if the flight is over already.
    public mutating func land(_ id: FlightID, _ result: Result, at now: Instant) -> Landing? {
        guard flights.indices.contains(Int(id.index)), flights[Int(id.index)].generation == id.generation,
            flights[Int(id.index)].isUnderWay
        else { return nil }
        let flight = flights[Int(id.index)]
        let readers = seats.empty(&flights[Int(id.index)].readers)
        end(id.index)
        let (answer, kept) = outcome(of: flight, result, readers: readers.count, at: now)
        return Landing(key: flight.key, answer: answer, readers: readers, kept: kept)
    }

    private mutating func outcome(
        of flight: Flight, _ result: Result, readers: Int, at now: Instant
    ) -> (Answer, CachedValue<Value>?) {
        switch result {
        case .value(let value, let version):
            let loaded = settings.loaded(value, version: version, startedAt: flight.startedAt, at: now)
            return (.value(loaded), loaded)
        case .absent(let version):
            guard settings.absence != nil else { return (.absent, nil) }
            return (.absent, settings.loaded(nil, version: version, startedAt: flight.startedAt, at: now))
        case .failed:
            counts.failures += 1
            guard settings.failSafe != nil, let stale = flight.stale, stale.isServable(at: now) else {
                return (.failed, nil)
            }
            paused.insert(flight.key, true, at: now)
            counts.servedStale += readers
            return (.stale(stale), nil)
        }
    }

    private mutating func end(_ index: UInt32) {
        withdraw(index)
        flights[Int(index)].end()
        freeFlights.append(index)
    }

    /// Readers of its key do not find a flight any more.
    mutating func withdraw(_ index: UInt32) {
        let key = flights[Int(index)].key
        guard flights[Int(index)].isJoinable,
            let slot = underWay.find(key, hash: SlotTable<Key, UInt32>.hash(key.fingerprint))
        else { return }
        underWay.entries[slot.place].value = nil
        underWay.free(slot)
        flights[Int(index)].isJoinable = false
    }
}
