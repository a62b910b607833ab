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

    /// Opens the breaker on a rule of the caller's own, from closed or half-open; nil from any other phase.
    ///
    /// Read ``counts(at:)`` or ``tally(at:)`` after a result, decide, and call this; nothing is stored.
    /// - Parameters:
    ///   - reason: why; by default ``Reason/callersRule(failed:of:consecutiveFailures:)`` with the counts as they are.
    ///   - openFor: how long to stay open, without growth and not less than zero; by default the open time.
    ///   - now: when.
    public mutating func trip(
        because reason: Reason? = nil, openFor openTime: Duration? = nil, at now: Instant
    ) -> Transition? {
        switch phase {
        case .closed, .halfOpen: open(because: reason ?? callersRule(at: now), openFor: openTime, at: now)
        case .open, .forcedOpen, .disabled, .metricsOnly: nil
        }
    }

    private func callersRule(at now: Instant) -> Reason {
        let (tally, counts) = (tally(at: now), counts(at: now))
        return .callersRule(
            failed: tally.failed, of: tally.calls, consecutiveFailures: counts.consecutiveFailures)
    }
}

extension CircuitBreaker {
    /// Enters a phase and keeps the transition.
    mutating func enter(_ next: Phase, because reason: Reason, at moment: Instant) -> Transition {
        let transition = Transition(from: state, to: next.state, reason: reason, at: moment)
        begin(next, at: moment)
        totals.countTransition(to: transition.to)
        lastTransition = transition
        return transition
    }

    /// Begins a phase, with a new generation and, except when opening, an empty window.
    mutating func begin(_ next: Phase, at moment: Instant) {
        switch next {
        case .open: break
        case .halfOpen, .forcedOpen: window.clear(at: moment)
        case .closed, .disabled, .metricsOnly:
            window.clear(at: moment)
            consecutiveOpenings = 0
        }
        exceeded = []
        reported = []
        phase = next
        beginGeneration()
    }

    /// Makes all calls under way stale and begins to count anew.
    mutating func beginGeneration() {
        counts = Counts()
        generation &+= 1
        reach = 0
    }

    /// Opens the breaker, other than by order.
    mutating func open(because reason: Reason, openFor openTime: Duration? = nil, at moment: Instant) -> Transition {
        let transition = enter(phase(for: .open, openFor: openTime, at: moment), because: reason, at: moment)
        trips += 1
        lastTrip = transition
        return transition
    }

    mutating func startProbing(because reason: Reason, at now: Instant) -> Transition {
        enter(phase(for: .halfOpen, openFor: nil, at: now), because: reason, at: now)
    }

    /// To where the settings say, as of the moment when the half-open phase's limit was over.
    mutating func endHalfOpen(_ probes: Probes) -> Transition {
        let reason = Reason.halfOpenLimit(
            reported: probes.tally.calls, of: settings.probes, limit: probes.until - probes.since)
        switch settings.afterHalfOpenLimit {
        case .open: return open(because: reason, at: probes.until)
        case .closed: return enter(.closed, because: reason, at: probes.until)
        }
    }

    /// A phase of that state that begins at that moment. One that opens is counted.
    mutating func phase(for state: State, openFor openTime: Duration?, at moment: Instant) -> Phase {
        switch state {
        case .closed: .closed
        case .open: openPhase(for: openTime, at: moment)
        case .halfOpen: .halfOpen(Probes(since: moment, until: moment + settings.halfOpenLimit))
        case .forcedOpen: .forcedOpen
        case .disabled: .disabled
        case .metricsOnly: .metricsOnly
        }
    }

    private mutating func openPhase(for openTime: Duration?, at moment: Instant) -> Phase {
        tallyAtOpening = tally(at: moment)
        hasOwnOpenTime = openTime != nil
        if openTime == nil { consecutiveOpenings += 1 }
        let length = openTime.map { max(.zero, $0) } ?? settings.openTime(ofOpening: consecutiveOpenings)
        return .open(since: moment, until: moment + length)
    }
}
