public import Timeline

extension ConnectionPool {
    /// When ``advance(to:)`` is to be called if nothing else happens; nil if nothing is due ever.
    ///
    /// It may be earlier than needed, if what was due then has been settled since, but never later.
    public var nextTimedAction: Instant? {
        let due = nextDue
        return due < .distantFuture ? due : nil
    }

    private var nextDue: Instant {
        min(min(line.earliestDeadline, connectionsDue), min(housekeepingAt, retryAt ?? .distantFuture))
    }

    /// Does what is due: deadlines of those who wait, lifetimes, keepalives, leaks, late validations, housekeeping,
    /// and the next attempt at a creation that failed.
    public mutating func advance(to now: Instant) {
        if now < latest { stepBack(to: now) }
        latest = now
        guard now >= nextDue else { return }
        expireWaiters(at: now)
        if connectionsDue <= now { attendConnections(at: now) }
        if housekeepingAt <= now { keepHouse(at: now) }
        if let retry = retryAt, retry <= now { retryAt = nil }
        settle(at: now)
    }

    /// When a connection will have something due in the state that it is in.
    func due(of connection: Connection) -> Instant {
        switch connection.state {
        case .creating, .removed:
            .distantFuture
        case .idle:
            min(connection.endOfLife, connection.keepaliveAt)
        case .validating:
            connection.since + settings.validationTimeout
        case .inUse:
            min(leakDue(of: connection), reclaimDue(of: connection))
        }
    }

    private func leakDue(of connection: Connection) -> Instant {
        guard !connection.leakReported, let threshold = settings.leakThreshold else { return .distantFuture }
        return connection.since + threshold
    }

    private func reclaimDue(of connection: Connection) -> Instant {
        guard let limit = settings.reclaimAfter else { return .distantFuture }
        return connection.since + limit
    }

    private mutating func expireWaiters(at now: Instant) {
        while let waiter = line.popExpired(at: now) {
            totals.timedOut += 1
            actions.append(
                .timedOut(request: waiter.task, waited: waiter.waited(until: now), occupancy))
        }
    }

    mutating func attendConnections(at now: Instant) {
        connectionsDue = .distantFuture
        for place in connections.indices {
            if due(of: connections[place]) <= now { attend(place: place, at: now) }
            connectionsDue = min(connectionsDue, due(of: connections[place]))
        }
    }

    private mutating func attend(place: Int, at now: Instant) {
        let connection = connections[place]
        switch connection.state {
        case .idle where connection.endOfLife <= now:
            close(place: place, .lifetime)
        case .idle:
            leaveState(place: place)
            validate(place: place, at: now)
        case .validating:
            closeDead(place: place)
        case .inUse:
            if leakDue(of: connection) <= now { reportLeak(place: place, at: now) }
            if reclaimDue(of: connection) <= now {
                totals.usage.record(now - connection.since)
                close(place: place, .reclaimed)
            }
        case .creating, .removed:
            break
        }
    }

    private mutating func reportLeak(place: Int, at now: Instant) {
        connections[place].leakReported = true
        leaked += 1
        totals.leaks += 1
        let connection = connections[place]
        actions.append(
            .leak(id(at: place), request: connection.request, heldFor: max(.zero, now - connection.since)))
    }

    /// Closes what has rested too long above the minimum, and sees to it that the minimum is there.
    private mutating func keepHouse(at now: Instant) {
        housekeepingAt = now + settings.housekeeping
        filling = true
        guard let limit = settings.idleTimeout, settings.minimumIdle < settings.maximum else { return }
        let surplus = max(0, resting.count - settings.minimumIdle)
        let rested = resting.prefix(surplus).prefix { now - connections[Int($0)].lastUsed > limit }
        closeResting(rested.count, .idle)
    }

    /// What began after the new moment counts as beginning now, so that nothing waits for the old clock to come
    /// again; a step over the tolerance evicts all, since no age can be told any more.
    private mutating func stepBack(to now: Instant) {
        if !isClosed { housekeepingAt = min(housekeepingAt, now + settings.housekeeping) }
        if let retry = retryAt { retryAt = min(retry, now + backoff) }
        for place in connections.indices {
            connections[place].since = min(connections[place].since, now)
            connections[place].lastUsed = min(connections[place].lastUsed, now)
            connectionsDue = min(connectionsDue, due(of: connections[place]))
        }
        if let tolerance = settings.clockTolerance, latest - now > tolerance { evictOpen() }
        settle(at: now)
    }
}
