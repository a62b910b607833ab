import Caching
import Resilience
import Timeline

// What a call does at the cache of its service: it is answered, loads, or waits for somebody else's load.

extension World {
    /// A worker asks the cache; false if the call has to do its work itself, which then begins after so long.
    mutating func readThroughCache(_ index: UInt32, _ key: UInt64, delay: inout Duration) -> Bool {
        let (service, node) = (services.service(of: frames[index].operation), Int(frames[index].replica))
        var extra = Duration.zero
        let failed = levelsThatFail(index, service, key, extra: &extra)
        foresee(from: key, node, of: service)
        let look = caches[service].look(key, node: node, failed: failed, at: port.now)
        port.noteLookup(CacheLookup(key: key, service: UInt16(service), isHit: look.isHit))
        switch look {
        case .hit(var latency, let version, let refresh):
            latency = latency + extra
            note(index, .foundInCache, .itself, at: .cache(service: UInt16(service)))
            answerFromCache(index, service, key, version: version, after: latency)
            if let refresh { loadInBackground(key, like: index, refresh) }
            return true
        case .miss(var latency, let stale):
            latency = latency + extra
            delay = latency
            note(index, .missedCache, .itself, at: .cache(service: UInt16(service)))
            return miss(index, service, key, stale: stale, after: latency)
        }
    }

    /// The levels that do not answer this lookup, as bits: under a fault, or behind a breaker that is open; what the
    /// faults cost is added. Nothing is asked behind a level that has the key.
    private mutating func levelsThatFail(
        _ index: UInt32, _ service: Int, _ key: UInt64, extra: inout Duration
    ) -> UInt8 {
        let levels = caches[service].levels.count
        let struck = faults.areActive ? faults.levelsStruck(ofCacheOf: service, levels: levels) : 0
        guard struck != 0 || caches[service].breakers.contains(where: { $0.state != .closed }) else { return 0 }
        var failed: UInt8 = 0
        for level in 0..<levels {
            guard let permit = caches[service].breakers[level].admit(at: port.now).permit else {
                failed |= 1 << UInt8(level)
                continue
            }
            let impact = struck & (1 << UInt8(level)) == 0 ? nil : faults.strike(level: level, ofCacheOf: service)
            if let impact { noteHit(index, impact, at: .cache(service: UInt16(service))) }
            let fails = impact?.fails ?? false
            extra =
                extra + (impact?.extra ?? .zero)
                + (fails ? caches[service].latency(ofLevels: 1 << UInt8(level)) : .zero)
            tellBreaker(level, of: service, permit, fails ? .failure : .success)
            if fails {
                failed |= 1 << UInt8(level)
            } else if caches[service].holds(key, level: level, node: Int(frames[index].replica), at: port.now) {
                break
            }
        }
        return failed
    }

    private mutating func tellBreaker(
        _ level: Int, of service: Int, _ permit: CircuitBreaker.Permit, _ outcome: CircuitBreaker.Outcome
    ) {
        let before = caches[service].breakers[level].state
        _ = caches[service].breakers[level].record(outcome, took: .zero, permit: permit, at: port.now)
        let after = caches[service].breakers[level].state
        guard after != before else { return }
        port.note(
            after == .open ? .opened : after == .closed ? .closed : .halfOpened, .cache(service: UInt16(service)),
            why: .count(UInt32(level + 1)))
    }

    private mutating func answerFromCache(
        _ index: UInt32, _ service: Int, _ key: UInt64, version: UInt64, after latency: Duration
    ) {
        if caches[service].isWrong(version, of: key, at: port.now) {
            note(index, .readStale, .itself, at: .cache(service: UInt16(service)))
        }
        frames[index].flags.insert(.hitCache)
        frames[index].timer = port.schedule(after: latency, .worked(index))
    }

    /// A call gets a value whose life is over, as nothing better can be had.
    private mutating func serveStale(
        _ held: CachedValue<UInt64>, _ index: UInt32, _ service: Int, _ key: UInt64, after latency: Duration
    ) {
        note(index, .servedStale, .delay(port.now - held.expiresAt), at: .cache(service: UInt16(service)))
        answerFromCache(index, service, key, version: held.version, after: latency)
    }

    /// Nothing fresh was found; true if the call is taken care of.
    private mutating func miss(
        _ index: UInt32, _ service: Int, _ key: UInt64, stale: CachedValue<UInt64>?, after latency: Duration
    ) -> Bool {
        let node = Int(frames[index].replica)
        switch caches[service][pathOf: node].begin(key, reader: index, stale: stale, at: port.now) {
        case .stale(let held):
            serveStale(held, index, service, key, after: latency)
            return true
        case .join(_, let seat):
            wait(index, service, seat)
            return true
        case .load(let flight, let seat):
            let reading = caches[service].plan.reading
            if stale != nil, reading.softTimeout != nil {
                loadInBackground(key, like: index, flight)
                wait(index, service, seat)
                return true
            }
            load(key, index, service, flight)
            return false
        }
    }

    /// From here on a call's work is the load of a key.
    private mutating func load(_ key: UInt64, _ index: UInt32, _ service: Int, _ flight: FlightID) {
        caches[service].loads[index] = caches[service].load(key, flight, node: Int(frames[index].replica))
        frames[index].flags.insert(.missedCache)
    }

    /// A call waits for somebody else's load, and keeps its worker.
    private mutating func wait(_ index: UInt32, _ service: Int, _ seat: Seat) {
        let node = Int(frames[index].replica)
        frames[index].phase = .joining
        caches[service].seats[index] = seat
        let waiting = UInt32(clamping: caches[service][pathOf: node].waiting)
        note(index, .joinedLoad, .count(waiting), at: .cache(service: UInt16(service)))
        if let limit = caches[service][pathOf: node].limit(of: seat) {
            frames[index].timer = port.schedule(after: limit - port.now, .loadOverdue(index))
        }
    }

    /// A call has waited for a load for as long as it should.
    mutating func loadOverdue(_ index: UInt32) {
        frames[index].timer = .none
        let service = services.service(of: frames[index].operation)
        guard let seat = caches[service].seats[index], let key = frames[index].cacheKey else { return }
        switch caches[service][pathOf: Int(frames[index].replica)].overdue(seat, at: port.now) {
        case .stale(let held):
            caches[service].seats[index] = nil
            frames[index].phase = .working
            serveStale(held, index, service, key, after: .zero)
        case .timedOut:
            caches[service].seats[index] = nil
            fail(index, .timedOut)
        case .wait(let until):
            if let until { frames[index].timer = port.schedule(after: until - port.now, .loadOverdue(index)) }
        }
    }

    /// A key is loaded for nobody in particular, in the name of a reader.
    private mutating func loadInBackground(_ key: UInt64, like reader: UInt32, _ flight: FlightID) {
        var frame = Frame()
        frame.operation = frames[reader].operation
        frame.replica = frames[reader].replica
        frame.origin = frames[reader].origin
        frame.request = frames[reader].request
        frame.cause = frames[reader].cause
        frame.key = frames[reader].key
        loadInBackground(key, frame, flight)
    }

    /// A key is loaded without a worker of its own, by a call that is made for it.
    mutating func loadInBackground(
        _ key: UInt64, _ call: Frame, _ flight: FlightID, for warming: CacheWarmer<UInt64>.Load? = nil
    ) {
        let (service, node) = (services.service(of: call.operation), Int(call.replica))
        guard frames.hasRoom else {
            land(caches[service].load(key, flight, node: node), service, isOK: false, loader: nil, canBeServed: false)
            if let warming { _ = caches[service].warmers[node].settle(warming, .failed, at: port.now) }
            return
        }
        var frame = call
        frame.owner = .refresh
        frame.flags = .isInternal
        (frame.startedAt, frame.attemptAt, frame.workAt) = (port.now, port.now, port.now)
        frame.phase = .working
        let index = take(frame)
        note(index, .startedWork, .itself, at: .operation(frame.operation))
        load(key, index, service, flight)
        caches[service].loads[index]?.warming = warming
        beginWork(index, after: .zero)
    }

    /// The work of a call was a load, and has come to its end; true if the call itself is served a stale value, as it can
    /// be if it is still there to be answered.
    @discardableResult
    mutating func endLoad(_ index: UInt32, isOK: Bool, canBeServed: Bool = false) -> Bool {
        guard frames[index].flags.contains(.missedCache) else { return false }
        frames[index].flags.remove(.missedCache)
        let service = services.service(of: frames[index].operation)
        guard let load = caches[service].loads.removeValue(forKey: index) else { return false }
        let isServed = land(load, service, isOK: isOK, loader: index, canBeServed: canBeServed)
        if let warming = load.warming { warmed(warming, isOK: isOK, load.node, of: service) }
        return isServed
    }

    /// Those who waited for a load go on, and so does who loaded, if a stale value is better than its failure.
    @discardableResult
    private mutating func land(
        _ load: CacheTier.Load, _ service: Int, isOK: Bool, loader: UInt32?, canBeServed: Bool
    ) -> Bool {
        guard let landing = caches[service].land(load, isOK: isOK, at: port.now) else { return false }
        var isLoaderServed = false
        for reader in landing.readers {
            switch landing.answer {
            case .stale(let held) where reader != loader || canBeServed:
                isLoaderServed = isLoaderServed || reader == loader
                goOnReading(reader, service)
                serveStale(held, reader, service, landing.key, after: .zero)
            case .value(let held) where reader != loader:
                goOnReading(reader, service)
                answerFromCache(reader, service, landing.key, version: held.version, after: .zero)
            case .absent where reader != loader:
                goOnReading(reader, service)
                answerFromCache(reader, service, landing.key, version: load.version, after: .zero)
            case .failed where reader != loader:
                goOnReading(reader, service)
                fail(reader, .dependency)
            case .stale, .value, .absent, .failed: break
            }
        }
        return isLoaderServed
    }

    private mutating func goOnReading(_ index: UInt32, _ service: Int) {
        caches[service].seats[index] = nil
        port.cancel(&frames[index].timer)
        frames[index].phase = .working
    }

    /// A call that waits for somebody else's load does so no more.
    mutating func leaveSeat(_ index: UInt32) {
        let service = services.service(of: frames[index].operation)
        guard caches.exists(service), let seat = caches[service].seats.removeValue(forKey: index) else { return }
        caches[service][pathOf: Int(frames[index].replica)].leave(seat)
    }
}
