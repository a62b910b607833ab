public import Timeline

extension ReadPath {
    /// When a reader that waits has to be looked at with ``overdue(_:at:)``; nil for never.
    public func limit(of seat: Seat) -> Instant? {
        guard let (flight, since) = seats.find(seat) else { return nil }
        let canServeStale = flights[Int(flight)].stale != nil && settings.softTimeout != nil
        return (canServeStale ? settings.softTimeout : settings.hardTimeout).map { since + $0 }
    }

    /// What becomes of a reader that has waited for as long as it should.
    public enum Relief: Sendable {
        /// It takes the stale value; the load goes on.
        case stale(CachedValue<Value>)
        /// It gives up; the load goes on.
        case timedOut
        /// It waits on, until this moment or for ever.
        case wait(until: Instant?)
    }

    /// A reader has waited for as long as ``limit(of:)`` said. If it does not wait on, its seat is free.
    public mutating func overdue(_ seat: Seat, at now: Instant) -> Relief {
        guard let (flight, since) = seats.find(seat) else { return .wait(until: nil) }
        if let soft = settings.softTimeout, now >= since + soft, let stale = flights[Int(flight)].stale,
            stale.isServable(at: now)
        {
            leave(seat)
            counts.servedStale += 1
            return .stale(stale)
        }
        guard let hard = settings.hardTimeout else { return .wait(until: nil) }
        guard now >= since + hard else { return .wait(until: since + hard) }
        leave(seat)
        counts.timeouts += 1
        return .timedOut
    }

    /// A reader does not wait any longer; the load goes on without it.
    public mutating func leave(_ seat: Seat) {
        guard let (flight, _) = seats.find(seat) else { return }
        seats.leave(seat, &flights[Int(flight)].readers)
    }
}
