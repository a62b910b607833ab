public import Timeline

extension CircuitBreaker {
    /// Makes the next transition that time alone has brought about, if one is due.
    ///
    /// A half-open phase that has reached its limit ends; an open one whose time is over goes to half-open if
    /// ``Settings/automaticHalfOpen`` or ``Settings/halfOpensWhenRead`` says so. After a long silence two may be
    /// due, and never more: call again until nil. What would end at ``Instant/distantFuture`` never does. The counts of
    /// an interval that is over are cleared, which is no transition.
    public mutating func advance(to now: Instant) -> Transition? {
        switch phase {
        case .halfOpen(let probes):
            return probes.areOver(at: now) ? endHalfOpen(probes) : nil
        case .open(let since, let until):
            guard settings.automaticHalfOpen || settings.halfOpensWhenRead else { return nil }
            guard settings.isOver(until, at: now) else { return nil }
            return startProbing(because: .openTimeOver(waited: now - since), at: now)
        case .closed, .metricsOnly:
            if window.isInterval { passInterval(to: now) }
            return nil
        case .forcedOpen, .disabled:
            return nil
        }
    }

    /// When ``advance(to:)`` will have something to do; nil if time alone changes nothing.
    public var nextTimedTransition: Instant? {
        switch phase {
        case .halfOpen(let probes) where probes.until != .distantFuture: probes.until
        case .open(_, let until) where settings.automaticHalfOpen && until != .distantFuture:
            settings.strictEnds ? until + .nanoseconds(1) : until
        case .closed, .open, .halfOpen, .forcedOpen, .disabled, .metricsOnly: nil
        }
    }

    /// Lets the time of an interval pass; what leaves the window is stale from then on.
    mutating func passInterval(to now: Instant) {
        let steps = window.interval.advance(to: now, strictly: settings.strictEnds, sum: &counts)
        guard steps > 0 else { return }
        generation &+= steps
        reach = min(reach + steps, window.interval.reach)
    }
}
