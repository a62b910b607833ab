public import Timeline

extension ConnectionPool {
    /// What happens to a request for a connection.
    public enum Admission: Hashable, Sendable {
        /// It has one.
        case granted(Lease)
        /// It waits, at that position, counted from 1; ``Action/grant(request:_:waited:)`` or
        /// ``Action/timedOut(request:waited:_:)`` follows.
        case waiting(position: Int)
        /// It gets none.
        case rejected(Rejection)
    }

    /// Why a request gets no connection.
    public enum Rejection: Hashable, Sendable {
        /// None was to be had at once, and its deadline has come.
        case timedOut(Occupancy)
        /// Too many wait.
        case full(Occupancy)
        /// The pool has been closed.
        case closed
    }

    /// Asks for a connection, until the deadline; by default for `connectionTimeout`.
    ///
    /// A waiter leaves at its deadline even if a connection comes free at the same moment. A request that cannot
    /// wait still counts as a sign of need: a connection may be created or validated because of it.
    public mutating func lease(_ request: UInt64, deadline: Instant? = nil, at now: Instant) -> Admission {
        advance(to: now)
        totals.requested += 1
        if isClosed {
            totals.refused += 1
            return .rejected(.closed)
        }
        if line.isEmpty, let place = resting.last, isFresh(connections[Int(place)], at: now) {
            resting.removeLast()
            return .granted(handOver(place: Int(place), to: request, waited: .zero, at: now))
        }
        if resting.isEmpty, line.count - validating >= settings.waiters {
            totals.rejected += 1
            return .rejected(.full(occupancy))
        }
        return join(request, until: deadline ?? now + settings.connectionTimeout, at: now)
    }

    /// Hands a connection back; false if the lease had ended before, which changes nothing.
    ///
    /// It goes to whoever has waited longest, in this same step, or becomes idle. A broken one is closed, as is one
    /// whose lifetime is over, and a new one is created in its stead if somebody waits or too few are idle.
    /// - Parameters:
    ///   - lease: what was granted.
    ///   - broken: whether the connection cannot be used any more.
    ///   - forNobody: whether what it was used for was of no use to anybody in the end.
    ///   - now: the time.
    @discardableResult
    public mutating func release(
        _ lease: Lease, broken: Bool = false, forNobody: Bool = false, at now: Instant
    ) -> Bool {
        advance(to: now)
        guard let place = place(of: lease.connection), connections[place].state == .inUse,
            connections[place].leases == lease.number
        else { return false }
        totals.usage.record(now - connections[place].since)
        totals.forNobody += forNobody ? 1 : 0
        connections[place].lastUsed = now
        makeAvailable(place: place, unless: broken ? .broken : nil, at: now)
        settle(at: now)
        return true
    }

    /// Takes a waiting request out of the line; false if it does not wait.
    ///
    /// Of several with that number it is the longest waiting. The cost grows with the number of requests ahead.
    @discardableResult
    public mutating func withdraw(_ request: UInt64, at now: Instant) -> Bool {
        advance(to: now)
        guard line.remove(request: request) != nil else { return false }
        totals.withdrawn += 1
        return true
    }

    private mutating func join(_ request: UInt64, until deadline: Instant, at now: Instant) -> Admission {
        line.append(request, since: now, deadline: deadline)
        settle(at: now)
        // All others whose deadline has come have left before.
        if deadline <= now, line.popExpired(at: now) != nil {
            totals.timedOut += 1
            return .rejected(.timedOut(occupancy))
        }
        return .waiting(position: line.count)
    }

    /// Why a connection that has done its work is not to be used again; nil if it is.
    private func reasonToRetire(_ connection: Connection, at now: Instant) -> CloseReason? {
        if let retirement = connection.retirement { return retirement }
        if connection.endOfLife <= now, connection.endOfLife != .distantFuture { return .lifetime }
        return total > settings.maximum ? .surplus : nil
    }

    /// Gives a connection that has done what it was doing to the longest waiting request, or lets it rest; or closes it
    /// for that reason, or one of its own.
    mutating func makeAvailable(place: Int, unless reason: CloseReason? = nil, at now: Instant) {
        if let reason = reason ?? reasonToRetire(connections[place], at: now) { return close(place: place, reason) }
        leaveState(place: place)
        if let waiter = line.popFirst() {
            grant(place: place, to: waiter, at: now)
        } else {
            rest(place: place, at: now)
        }
    }

    /// Whether a connection may be handed out without validation.
    func isFresh(_ connection: Connection, at now: Instant) -> Bool {
        guard let limit = settings.validateAfter else { return true }
        return now - connection.lastUsed <= limit
    }

    /// Gives fresh connections to those who wait, and has others validated for as many as have none in sight.
    mutating func serveWaiters(at now: Instant) {
        while let place = resting.last, let waiter = line.first {
            if isFresh(connections[Int(place)], at: now) {
                resting.removeLast()
                _ = line.popFirst()
                grant(place: Int(place), to: waiter, at: now)
            } else if line.count > validating {
                resting.removeLast()
                validate(place: Int(place), at: now)
            } else {
                return
            }
        }
    }

    private mutating func grant(place: Int, to waiter: WaitList.Waiter, at now: Instant) {
        let waited = waiter.waited(until: now)
        let lease = handOver(place: place, to: waiter.task, waited: waited, at: now)
        actions.append(.grant(request: waiter.task, lease, waited: waited))
    }

    private mutating func handOver(place: Int, to request: UInt64, waited: Duration, at now: Instant) -> Lease {
        connections[place].request = request
        connections[place].leases &+= 1
        connections[place].leakReported = false
        enter(.inUse, place: place, at: now)
        active += 1
        totals.granted += 1
        totals.acquisition.record(waited)
        totals.mostActive = max(totals.mostActive, active)
        return Lease(connection: id(at: place), number: connections[place].leases)
    }

    /// Puts a connection among the idle ones, in the order of last use.
    private mutating func rest(place: Int, at now: Instant) {
        let lastUsed = connections[place].lastUsed
        var position = resting.count
        while position > 0, connections[Int(resting[position - 1])].lastUsed > lastUsed { position -= 1 }
        resting.insert(UInt16(place), at: position)
        // Its use has kept it alive.
        if connections[place].keepaliveAt <= now {
            connections[place].keepaliveAt = now + connections[place].keepalive
        }
        enter(.idle, place: place, at: now)
    }
}
