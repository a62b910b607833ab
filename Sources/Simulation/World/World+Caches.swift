import Caching
import Timeline

// What a call does at the cache of its service: it is answered, loads, or waits for somebody else's load.

extension World {
    /// A worker asks the cache; false if the call has to do its work itself, which then begins after so long.
    mutating func readThroughCache(_ index: UInt32, _ key: UInt64, delay: inout Duration) -> Bool {
        let (service, node) = (services.service(of: frames[index].operation), Int(frames[index].replica))
        let look = caches[service].look(key, node: node, at: port.now)
        port.noteLookup(CacheLookup(key: key, service: UInt16(service), isHit: look.isHit))
        switch look {
        case .hit(let latency, let version, let refresh):
            answerFromCache(index, service, key, version: version, after: latency)
            if let refresh { loadInBackground(key, like: index, refresh) }
            return true
        case .miss(let latency, let stale):
            delay = latency
            return miss(index, service, key, stale: stale, after: latency)
        }
    }

    private mutating func answerFromCache(
        _ index: UInt32, _ service: Int, _ key: UInt64, version: UInt64, after latency: Duration
    ) {
        if version < caches[service].version(of: key) {
            caches[service].counts.staleReads += 1
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
        caches[service].countAge(ofAnswer: held, to: key, at: port.now)
        answerFromCache(index, service, key, version: held.version, after: latency)
    }

    /// Nothing fresh was found; true if the call is taken care of.
    private mutating func miss(
        _ index: UInt32, _ service: Int, _ key: UInt64, stale: CachedValue<UInt64>?, after latency: Duration
    ) -> Bool {
        switch caches[service].path.begin(key, reader: index, stale: stale, at: port.now) {
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
            caches[service].path.leave(seat)
            load(key, index, service, flight)
            return false
        }
    }

    /// From here on a call's work is the load of a key.
    private mutating func load(_ key: UInt64, _ index: UInt32, _ service: Int, _ flight: FlightID) {
        let version = caches[service].version(of: key)
        caches[service].loads[index] = CacheHost.Load(
            flight: flight, version: version, node: Int(frames[index].replica))
        frames[index].flags.insert(.missedCache)
    }

    /// A call waits for somebody else's load, and keeps its worker.
    private mutating func wait(_ index: UInt32, _ service: Int, _ seat: Seat) {
        frames[index].phase = .joining
        caches[service].seats[index] = seat
        let waiting = UInt32(clamping: caches[service].path.waiting)
        note(index, .joinedLoad, .count(waiting), at: .cache(service: UInt16(service)))
        if let limit = caches[service].path.limit(of: seat) {
            frames[index].timer = port.schedule(after: limit - port.now, .loadOverdue(index))
        }
    }

    /// A call has waited for a load for as long as it should.
    mutating func loadOverdue(_ index: UInt32) {
        frames[index].timer = .none
        let service = services.service(of: frames[index].operation)
        guard let seat = caches[service].seats[index], let key = frames[index].cacheKey else { return }
        switch caches[service].path.overdue(seat, at: port.now) {
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

    /// A key is loaded for nobody in particular, without a worker of its own.
    private mutating func loadInBackground(_ key: UInt64, like reader: UInt32, _ flight: FlightID) {
        let service = services.service(of: frames[reader].operation)
        guard frames.hasRoom else {
            return land(CacheHost.Load(flight: flight, version: 0, node: 0), service, isOK: false)
        }
        var frame = Frame()
        frame.owner = .refresh
        frame.flags = .isInternal
        frame.operation = frames[reader].operation
        frame.replica = frames[reader].replica
        frame.origin = frames[reader].origin
        frame.request = frames[reader].request
        frame.cause = frames[reader].cause
        frame.key = frames[reader].key
        (frame.startedAt, frame.attemptAt, frame.workAt) = (port.now, port.now, port.now)
        frame.phase = .working
        let index = take(frame)
        note(index, .startedWork, .itself, at: .operation(frame.operation))
        load(key, index, service, flight)
        beginWork(index, after: .zero)
    }

    /// The work of a call was a load, and has come to its end.
    mutating func endLoad(_ index: UInt32, isOK: Bool) {
        guard frames[index].flags.contains(.missedCache) else { return }
        frames[index].flags.remove(.missedCache)
        let service = services.service(of: frames[index].operation)
        guard let load = caches[service].loads.removeValue(forKey: index) else { return }
        land(load, service, isOK: isOK)
    }

    /// Those who waited for a load go on.
    private mutating func land(_ load: CacheHost.Load, _ service: Int, isOK: Bool) {
        guard let landing = caches[service].land(load, isOK: isOK, at: port.now) else { return }
        for reader in landing.readers {
            caches[service].seats[reader] = nil
            port.cancel(&frames[reader].timer)
            frames[reader].phase = .working
            switch landing.answer {
            case .value(let held): answerFromCache(reader, service, landing.key, version: held.version, after: .zero)
            case .stale(let held): serveStale(held, reader, service, landing.key, after: .zero)
            case .absent, .failed:
                fail(reader, .dependency)
            }
        }
    }

    /// A call that waits for somebody else's load does so no more.
    mutating func leaveSeat(_ index: UInt32) {
        let service = services.service(of: frames[index].operation)
        guard caches.exists(service), let seat = caches[service].seats.removeValue(forKey: index) else { return }
        caches[service].path.leave(seat)
    }

    /// An operation has changed what reads of its key see.
    mutating func writeThroughCache(_ index: UInt32) {
        let frame = frames[index]
        guard scripts.writesKey(frame.operation), frame.key != 0 else { return }
        let service = services.service(of: frame.operation)
        guard caches.exists(service) else { return }
        caches[service].write(
            UInt64(frame.key), readBy: scripts.readers(ofService: service), node: Int(frame.replica), at: port.now)
    }
}
