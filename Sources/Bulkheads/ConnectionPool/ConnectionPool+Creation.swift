public import Timeline

extension ConnectionPool {
    /// Reports that a connection is open.
    ///
    /// It goes to whoever has waited longest, or becomes idle. Draws a number each for a lifetime above 10 s and a
    /// keepalive, if they are set. False if the pool does not expect the connection, as after ``close(_:at:)``: then
    /// it is the caller's to close.
    @discardableResult
    public mutating func created(
        _ connection: ConnectionID, at now: Instant, using random: inout RandomStream
    ) -> Bool {
        advance(to: now)
        guard let place = place(of: connection), connections[place].state == .creating else { return false }
        totals.created += 1
        totals.creation.record(now - connections[place].since)
        backoff = .zero
        retryAt = nil
        startLife(place: place, at: now, using: &random)
        makeAvailable(place: place, at: now)
        settle(at: now)
        return true
    }

    /// Reports that a connection could not be opened; false if the pool does not expect it.
    ///
    /// The next attempt waits `creationBackoff`, twice as long after each further failure, and takes place only if
    /// somebody still needs it; if nobody does, the wait starts from the beginning.
    @discardableResult
    public mutating func creationFailed(_ connection: ConnectionID, at now: Instant) -> Bool {
        advance(to: now)
        guard let place = place(of: connection), connections[place].state == .creating else { return false }
        totals.creationsFailed += 1
        leaveState(place: place)
        vacate(place: place)
        // Attempts that were under way together fail as one.
        if retryAt == nil {
            backoff = min(settings.creationBackoffLimit, max(settings.creationBackoff, backoff + backoff))
            retryAt = now + backoff
        }
        settle(at: now)
        return true
    }

    /// Asks for connections as long as there is need and room for them.
    mutating func createNeeded(at now: Instant) {
        guard !isClosed, retryAt == nil else { return }
        let needed = connectionsNeeded()
        guard needed > 0 else {
            if creating == 0 { backoff = .zero }
            return
        }
        let atOnce = backoff > .zero ? 1 : settings.concurrentCreations
        while creating < min(needed, atOnce), total < settings.maximum {
            create(at: now)
        }
    }

    /// How many more connections the waiting requests and the minimum of idle ones ask for, counting those under
    /// creation among the missing.
    private mutating func connectionsNeeded() -> Int {
        let spare = resting.count + validating - line.count
        let shortfall = max(0, settings.minimumIdle - max(0, spare))
        if shortfall == 0 { filling = false }
        return max(0, -spare) + (filling ? shortfall : 0)
    }

    private mutating func create(at now: Instant) {
        let place: Int
        if let vacated = vacant.popLast() {
            place = Int(vacated)
        } else {
            place = connections.count
            connections.append(Connection())
        }
        enter(.creating, place: place, at: now)
        creating += 1
        totals.creationsBegun += 1
        totals.largestTotal = max(totals.largestTotal, total)
        actions.append(.create(id(at: place)))
    }

    /// Gives up a connection under creation.
    mutating func abandon(place: Int) {
        leaveState(place: place)
        totals.creationsAbandoned += 1
        actions.append(.close(id(at: place), .shutDown))
        vacate(place: place)
    }

    private mutating func startLife(place: Int, at now: Instant, using random: inout RandomStream) {
        connections[place].retirement = nil
        connections[place].leakReported = false
        connections[place].lastUsed = now
        connections[place].endOfLife = .distantFuture
        connections[place].keepalive = .zero
        connections[place].keepaliveAt = .distantFuture
        if let lifetime = settings.maxLifetime {
            let spread = lifetime > .seconds(10) ? lifetime.nanoseconds / 40 : 0
            connections[place].endOfLife = now + Self.shortened(lifetime, byUpTo: spread, using: &random)
        }
        if let keepalive = settings.keepalive {
            let every = Self.shortened(keepalive, byUpTo: keepalive.nanoseconds / 10, using: &random)
            connections[place].keepalive = every
            connections[place].keepaliveAt = now + every
        }
    }

    private static func shortened(
        _ length: Duration, byUpTo spread: Int64, using random: inout RandomStream
    ) -> Duration {
        length - .nanoseconds(Int64(random.below(UInt64(spread))))
    }
}
