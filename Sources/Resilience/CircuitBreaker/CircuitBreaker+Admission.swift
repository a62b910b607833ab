public import Timeline

extension CircuitBreaker {
    /// Leave to make one call; hand it back with the result.
    ///
    /// Four bytes, to be stored as they are.
    public struct Permit: Hashable, Sendable {
        /// The breaker's generation when the call was let through.
        public let generation: UInt32

        /// The permit of a generation, for a caller that stores the bare number.
        public init(generation: UInt32) {
            self.generation = generation
        }
    }

    /// The answer to a call that wants to pass, with the transition that the question brought about.
    public enum Admission: Hashable, Sendable {
        /// The call may pass.
        case permitted(Permit, Transition?)
        /// The call may not pass.
        case rejected(Rejection, Transition?)

        /// The permit, if the call may pass.
        public var permit: Permit? {
            switch self {
            case .permitted(let permit, _): permit
            case .rejected: nil
            }
        }

        /// The transition that the question brought about, if any.
        public var transition: Transition? {
            switch self {
            case .permitted(_, let transition), .rejected(_, let transition): transition
            }
        }
    }

    /// Why a call may not pass.
    public enum Rejection: Hashable, Sendable {
        /// The breaker is open; after that time the next call is a probe.
        case open(retryAfter: Duration)
        /// All probes are out; after that time at the latest the half-open phase is over.
        case probesTaken(retryAfter: Duration)
        /// An operator forced the breaker open; nobody knows for how long.
        case forcedOpen

        /// How long to wait before it makes sense to ask again; nil if that is unknown.
        public var retryAfter: Duration? {
            switch self {
            case .open(let retryAfter), .probesTaken(let retryAfter): retryAfter
            case .forcedOpen: nil
            }
        }
    }

    /// Asks whether a call may pass now. From the end of the open time on, a call is let through as a probe.
    ///
    /// If nobody asked from before the end of a half-open phase until after the open time that followed it, one
    /// transition from half-open to half-open stands for the two that were missed.
    @inlinable
    public mutating func admit(at now: Instant) -> Admission {
        // Part of the caller, to whom the usual answer then goes in a register: the type has 72 bytes.
        if case .closed = state { return .permitted(admitToWindow(at: now), nil) }
        return admitUnlessClosed(at: now)
    }

    @usableFromInline
    mutating func admitUnlessClosed(at now: Instant) -> Admission {
        switch phase {
        case .closed, .metricsOnly:
            return .permitted(admitToWindow(at: now), nil)
        case .disabled:
            return .permitted(permit(), nil)
        case .open(let since, let until):
            guard settings.isOver(until, at: now) else { return rejectOpen(until, nil, at: now) }
            let transition = startProbing(because: .openTimeOver(waited: now - since), at: now)
            return admitProbe(after: transition, at: now)
        case .halfOpen(let probes):
            if probes.areOver(at: now) { return admit(afterLimitOf: probes, at: now) }
            return admitProbe(after: nil, at: now)
        case .forcedOpen:
            return reject(.forcedOpen, nil)
        }
    }

    @usableFromInline
    mutating func admitToWindow(at now: Instant) -> Permit {
        if window.isInterval {
            passInterval(to: now)
            window.interval.admit()
        }
        return permit()
    }

    private mutating func admitProbe(after transition: Transition?, at now: Instant) -> Admission {
        guard case .halfOpen(var probes) = phase, probes.hasRoom(settings) else {
            let rest = nextTimedTransition.map { $0 - now } ?? .maximum
            return reject(.probesTaken(retryAfter: rest), transition)
        }
        probes.inFlight += 1
        phase = .halfOpen(probes)
        return .permitted(permit(), transition)
    }

    private mutating func admit(afterLimitOf probes: Probes, at now: Instant) -> Admission {
        let ended = endHalfOpen(probes)
        guard case .open(let since, let until) = phase else { return .permitted(admitToWindow(at: now), ended) }
        guard settings.isOver(until, at: now) else { return rejectOpen(until, ended, at: now) }
        let restarted = startProbing(because: .openTimeOver(waited: now - since), at: now)
        let both = Transition(from: ended.from, to: restarted.to, reason: ended.reason, at: restarted.at)
        lastTransition = both
        return admitProbe(after: both, at: now)
    }

    @inline(__always)
    private mutating func permit() -> Permit {
        totals.permitted += 1
        counts.admit()
        return Permit(generation: generation)
    }

    private mutating func rejectOpen(_ until: Instant, _ transition: Transition?, at now: Instant) -> Admission {
        reject(.open(retryAfter: settings.remaining(until, at: now)), transition)
    }

    private mutating func reject(_ rejection: Rejection, _ transition: Transition?) -> Admission {
        totals.rejected += 1
        counts.rejected += 1
        return .rejected(rejection, transition)
    }
}

extension CircuitBreaker.Probes {
    fileprivate func hasRoom(_ settings: CircuitBreaker.Settings) -> Bool {
        switch settings.probeLimit {
        case .total: issued < settings.probes
        case .concurrent: inFlight < settings.probes
        }
    }
}
