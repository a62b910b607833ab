import Bulkheads
import Timeline

// What pools want to be done, and what comes of it.

extension ConnectionHost {
    /// Does what a pool has left to do, and sees to it that the pool is asked again when more is due.
    mutating func follow(_ place: Int, request: UInt64, cause: EntryID, _ port: inout Port) {
        while let action = pools[place].pool.popAction() {
            switch action {
            case .grant(let number, let lease, _):
                grant(lease, to: UInt32(number >> 32))
                port.ready.append(UInt32(truncatingIfNeeded: number))
            case .timedOut(let number, _, _), .refused(let number):
                forget(UInt32(number >> 32))
                port.turnedAway.append((UInt32(truncatingIfNeeded: number), .noConnection))
            case .create(let connection):
                let latency = guards[pools[place].owner].connectTime()
                let token = pendings.keep(
                    Pending(pool: UInt32(place), connection: connection, request: request, cause: cause))
                port.schedule(after: latency, .connected(token))
            case .validate(let connection):
                let latency = guards[pools[place].owner].pingTime()
                let token = pendings.keep(
                    Pending(pool: UInt32(place), connection: connection, request: request, cause: cause))
                port.schedule(after: latency, .pinged(token))
            case .close(let connection, let reason):
                let leak = dropLeak(of: connection, place)
                port.note(
                    .disconnected, component(place), why: .closing(reason), request: request, cause: leak ?? cause)
            case .leak(_, let number, let length):
                noteLeak(UInt32(number >> 32), place, heldFor: length, &port)
            }
        }
        schedule(place, &port)
    }

    /// A connection is open, or cannot be opened since the service is down, as this entry tells.
    mutating func connected(_ token: UInt32, outage: EntryID?, _ port: inout Port) {
        port.touched.insert(.queues)
        guard let pending = pendings.take(token) else { return }
        let place = Int(pending.pool)
        if let outage {
            if pools[place].pool.creationFailed(pending.connection, at: port.now) {
                port.note(
                    .connectFailed, component(place), why: .failure(.refused), request: pending.request, cause: outage)
            }
        } else if pools[place].created(pending.connection, at: port.now) {
            let owner = pools[place].owner
            guards[owner].handshakes += guards[owner].plan.tls.roundTrips > 0 ? 1 : 0
            let (total, most) = (pools[place].pool.total, pools[place].pool.settings.maximum)
            port.note(
                .connected, component(place),
                why: .occupancy(used: UInt32(clamping: total), of: UInt32(clamping: most)), request: pending.request,
                cause: pending.cause)
        }
        follow(place, request: pending.request, cause: pending.cause, &port)
    }

    /// A connection has been pinged; there was no answer if the service is down, as this entry tells.
    mutating func pinged(_ token: UInt32, outage: EntryID?, _ port: inout Port) {
        port.touched.insert(.queues)
        guard let pending = pendings.take(token) else { return }
        pools[Int(pending.pool)].pool.validated(pending.connection, alive: outage == nil, at: port.now)
        follow(Int(pending.pool), request: pending.request, cause: outage ?? pending.cause, &port)
    }

    /// Something is due in a pool.
    mutating func due(_ place: Int, _ port: inout Port) {
        port.touched.insert(.queues)
        pools[place].timer = .none
        pools[place].timerAt = .distantFuture
        pools[place].pool.advance(to: port.now)
        follow(place, request: 0, cause: .none, &port)
    }

    /// A service has gone down: connections to it are dead, and what its own pools held is lost with its memory.
    mutating func serviceWentDown(_ service: Int, cause: EntryID, _ port: inout Port) {
        for index in guards.indices where guards[index].target == service || guards[index].caller == service {
            if guards[index].caller == service { dropLeaks(of: index, at: port.now) }
            for pool in range(index) {
                pools[pool].pool.evictAll(at: port.now)
                follow(pool, request: 0, cause: cause, &port)
            }
        }
    }

    private mutating func dropLeaks(of index: Int, at now: Instant) {
        guard guards[index].leaksInUse > 0 else { return }
        for token in holders.tokens where holders[token].isLeaked && range(index).contains(Int(holders[token].pool)) {
            guard let lease = holders[token].lease else { continue }
            pools[Int(holders[token].pool)].pool.release(lease, broken: true, at: now)
            forget(token)
        }
        guards[index].leaksInUse = 0
    }

    /// Forgets who has leaked a connection that is closed now; what made it so.
    private mutating func dropLeak(of connection: ConnectionPool.ConnectionID, _ place: Int) -> EntryID? {
        let owner = pools[place].owner
        guard guards[owner].leaksInUse > 0 else { return nil }
        let token = holders.tokens.first {
            let holder = holders[$0]
            return holder.isLeaked && Int(holder.pool) == place && holder.lease?.connection == connection
        }
        guard let token else { return nil }
        guards[owner].leaksInUse -= 1
        defer { forget(token) }
        return holders[token].cause
    }

    private mutating func noteLeak(_ token: UInt32, _ place: Int, heldFor length: Duration, _ port: inout Port) {
        let holder = holders[token]
        let entry = port.note(
            .leaked, component(place), why: .took(length), request: holder.request, cause: holder.cause)
        holders[token].cause = entry
        if holder.isLeaked { guards[pools[place].owner].lastLeak = entry }
    }

    /// Keeps one timer for all that is due in a pool by time alone; one that comes too early is let be.
    private mutating func schedule(_ place: Int, _ port: inout Port) {
        guard let due = pools[place].pool.nextTimedAction, due < pools[place].timerAt else { return }
        port.cancel(&pools[place].timer)
        let moment = max(due, port.now + .nanoseconds(1))
        pools[place].timer = port.agenda.schedule(.poolDue(UInt32(place)), at: moment)
        pools[place].timerAt = moment
    }

    /// Where the journal says that something happened.
    private func component(_ place: Int) -> Component {
        let owner = guards[pools[place].owner]
        return owner.place.part(place - owner.first, of: owner.plan.pools)
    }
}
