public import Timeline

extension CircuitBreaker {
    /// A change from one phase to another, and why.
    public struct Transition: Hashable, Sendable {
        /// The phase before.
        public let from: State
        /// The phase after.
        public let to: State
        /// Why, in numbers.
        public let reason: Reason
        /// When it was due; earlier than the call that noticed it if time alone brought it about.
        public let at: Instant
    }

    /// Why a breaker changed its phase. Thresholds and rates are shares from 0 to 1.
    public enum Reason: Hashable, Sendable {
        /// Too many of the window's calls failed.
        case failureRate(failed: Int, of: Int, threshold: Double)
        /// Too many of the window's calls were slow.
        case slowCallRate(slow: Int, of: Int, threshold: Double)
        /// The breaker has been open long enough to try again.
        case openTimeOver(waited: Duration)
        /// Enough of the probes were good.
        case probesSucceeded(Int, of: Int)
        /// Too many of the probes failed.
        case probesFailed(Int, of: Int, threshold: Double)
        /// Too many of the probes were slow.
        case probesSlow(Int, of: Int, threshold: Double)
        /// The half-open phase lasted its limit and probes were still missing.
        case halfOpenLimit(reported: Int, of: Int, limit: Duration)
        /// An operator forced the state.
        case forced
        /// An operator reset the breaker.
        case reset
    }

    /// Enters a phase, with a new generation and, except when opening, an empty window.
    mutating func enter(_ next: Phase, because reason: Reason, at moment: Instant) -> Transition {
        let transition = Transition(from: phase.state, to: next.state, reason: reason, at: moment)
        if case .open = next {
            trips += 1
        } else {
            window.clear()
        }
        phase = next
        generation &+= 1
        lastTransition = transition
        return transition
    }

    mutating func open(because reason: Reason, at moment: Instant) -> Transition {
        enter(.open(since: moment, until: moment + settings.openTime), because: reason, at: moment)
    }

    mutating func startProbing(openSince: Instant, at now: Instant) -> Transition {
        enter(
            .halfOpen(Probes(since: now, until: now + settings.halfOpenLimit)),
            because: .openTimeOver(waited: now - openSince), at: now)
    }

    /// Back to open, as of the moment when the half-open phase's limit was over.
    mutating func endHalfOpen(_ probes: Probes) -> Transition {
        open(
            because: .halfOpenLimit(
                reported: probes.tally.calls, of: settings.probes, limit: probes.until - probes.since),
            at: probes.until)
    }
}

extension CircuitBreaker {
    /// Makes the next transition that time alone has brought about, if one is due.
    ///
    /// A half-open phase that has reached its limit goes back to open; an open one whose time is over goes
    /// to half-open if ``Settings/automaticHalfOpen`` says so. After a long silence two may be due: call
    /// again until nil.
    public mutating func advance(to now: Instant) -> Transition? {
        guard let due = nextTimedTransition, due <= now else { return nil }
        switch phase {
        case .halfOpen(let probes): return endHalfOpen(probes)
        case .open(let since, _): return startProbing(openSince: since, at: now)
        case .closed, .forcedOpen, .forcedClosed: return nil
        }
    }

    /// When ``advance(to:)`` will have something to do; nil if time alone changes nothing.
    public var nextTimedTransition: Instant? {
        switch phase {
        case .halfOpen(let probes): probes.until
        case .open(_, let until): settings.automaticHalfOpen ? until : nil
        case .closed, .forcedOpen, .forcedClosed: nil
        }
    }
}
