public import Timeline

extension ConnectionPool {
    /// Reports the result of a validation; false if the pool does not expect one.
    ///
    /// A connection that is alive goes to whoever has waited longest, or back among the idle ones; a dead one is
    /// closed, the next idle one is validated or a new one created, and those who wait keep their places.
    @discardableResult
    public mutating func validated(_ connection: ConnectionID, alive: Bool, at now: Instant) -> Bool {
        advance(to: now)
        guard let place = place(of: connection), connections[place].state == .validating else { return false }
        if alive {
            makeAvailable(place: place, at: now)
        } else {
            closeDead(place: place)
        }
        settle(at: now)
        return true
    }

    /// Reports that a connection was lost, as a driver notices when the other side hangs up; false if it is unknown.
    ///
    /// One that is in use is closed when it is returned.
    @discardableResult
    public mutating func lost(_ connection: ConnectionID, at now: Instant) -> Bool {
        advance(to: now)
        guard let place = place(of: connection), connections[place].state != .creating else { return false }
        if connections[place].state == .inUse {
            connections[place].retirement = .dead
        } else {
            close(place: place, .dead)
        }
        settle(at: now)
        return true
    }

    /// Reserves a connection that is in no state's count, and asks for its validation.
    mutating func validate(place: Int, at now: Instant) {
        enter(.validating, place: place, at: now)
        validating += 1
        totals.validations += 1
        actions.append(.validate(id(at: place)))
    }

    mutating func closeDead(place: Int) {
        totals.validationsFailed += 1
        close(place: place, .dead)
    }
}
