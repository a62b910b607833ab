public import Timeline

extension ConnectionPool {
    /// How a pool is closed.
    public enum Closing: Hashable, Sendable {
        /// Connections in use are closed when they are returned.
        case drain
        /// Connections in use are closed under their holders.
        case abort
    }

    /// Evicts all connections (HikariCP's `softEvictConnections`): idle ones are closed now, those in use when they
    /// are returned. Those being created are new enough and stay.
    public mutating func evictAll(at now: Instant) {
        advance(to: now)
        evictOpen()
        settle(at: now)
    }

    /// Replaces the settings of a pool at work.
    ///
    /// - A smaller maximum closes idle connections at once, least recently used first, and others when they come
    ///   back. A larger one serves those who wait.
    /// - Deadlines of waiting requests, and lifetimes and keepalives of connections, stay as they are; the times of
    ///   leaks, reclaiming, validation and idleness hold from now on for all.
    /// - Requests above a smaller number of waiters go on waiting.
    public mutating func changeSettings(_ new: Settings, at now: Instant) {
        advance(to: now)
        settings = new
        guard !isClosed else { return }
        closeResting(min(resting.count, max(0, total - settings.maximum)), .surplus)
        housekeepingAt = min(housekeepingAt, now + settings.housekeeping)
        backoff = min(backoff, settings.creationBackoffLimit)
        if let retry = retryAt { retryAt = min(retry, now + backoff) }
        filling = true
        attendConnections(at: now)
        settle(at: now)
    }

    /// Closes the pool: those who wait are refused, connections that nobody uses are closed, creations given up.
    ///
    /// It cannot be opened again. Draining first and aborting later is possible.
    public mutating func close(_ closing: Closing, at now: Instant) {
        advance(to: now)
        isClosed = true
        housekeepingAt = .distantFuture
        retryAt = nil
        backoff = .zero
        while let waiter = line.popFirst() {
            totals.refused += 1
            actions.append(.refused(request: waiter.task))
        }
        closeResting(resting.count, .shutDown)
        for place in connections.indices {
            switch connections[place].state {
            case .inUse where closing == .drain:
                connections[place].retirement = .shutDown
            case .inUse:
                totals.usage.record(now - connections[place].since)
                close(place: place, .shutDown)
            case .validating:
                close(place: place, .shutDown)
            case .creating:
                abandon(place: place)
            case .idle, .removed:
                break
            }
        }
        attendConnections(at: now)
    }

    mutating func evictOpen() {
        closeResting(resting.count, .evicted)
        for place in connections.indices {
            switch connections[place].state {
            case .inUse:
                connections[place].retirement = connections[place].retirement ?? .evicted
            case .validating:
                close(place: place, .evicted)
            case .creating, .idle, .removed:
                break
            }
        }
    }
}
