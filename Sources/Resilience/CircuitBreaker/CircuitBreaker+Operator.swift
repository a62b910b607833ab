public import Timeline

extension CircuitBreaker {
    /// A state that an operator holds the breaker in.
    public enum Hold: Hashable, Sendable, CaseIterable {
        /// Reject every call.
        case open
        /// Let every call pass and judge none: the breaker is disabled.
        case closed
    }

    /// Holds the breaker open or closed until ``reset(at:)``; nil if it is already held that way.
    ///
    /// Results of calls made before are stale. A held breaker's window is empty.
    public mutating func force(_ hold: Hold, at now: Instant) -> Transition? {
        let next: Phase =
            switch hold {
            case .open: .forcedOpen
            case .closed: .forcedClosed
            }
        guard next != phase else { return nil }
        return enter(next, because: .forced, at: now)
    }

    /// Closes the breaker with an empty window and a new generation, from any phase; nil if it was closed.
    public mutating func reset(at now: Instant) -> Transition? {
        guard phase != .closed else {
            window.clear()
            generation &+= 1
            return nil
        }
        return enter(.closed, because: .reset, at: now)
    }

    /// Replaces the settings of a breaker at work. Its phase and its permits stay valid.
    ///
    /// - A window of calls that stays one keeps the newest calls that fit; a window of time keeps its content
    ///   only if its length stays the same; any other change starts an empty window.
    /// - New thresholds and a new minimum hold from the next result on.
    /// - The open time and the half-open limit hold at once, counted from the start of the phase under way.
    /// - A new number of probes holds at once: if that many have reported already, their rates decide now.
    public mutating func changeSettings(_ new: Settings, at now: Instant) -> Transition? {
        window.reshape(to: new.window)
        settings = new
        switch phase {
        case .open(let since, _):
            phase = .open(since: since, until: since + new.openTime)
            return advance(to: now)
        case .halfOpen(var probes):
            probes.until = probes.since + new.halfOpenLimit
            phase = .halfOpen(probes)
            return advance(to: now) ?? judge(probes, at: now)
        case .closed, .forcedOpen, .forcedClosed:
            return nil
        }
    }
}
