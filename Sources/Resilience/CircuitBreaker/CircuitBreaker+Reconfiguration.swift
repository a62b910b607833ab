public import Timeline

extension CircuitBreaker {
    /// Replaces the settings of a breaker at work. Its phase and its permits stay valid.
    ///
    /// - A window of calls that stays one keeps the newest calls that fit; a window of time or an interval keeps
    ///   its content only if nothing about it changes; any other change starts an empty window. Of an interval
    ///   that rolls, the calls in older buckets become stale then.
    /// - New thresholds and a new minimum hold from the next result on.
    /// - The open time and the half-open limit hold at once, counted from the start of the phase under way; an
    ///   open time of the phase's own, such as a `Retry-After`, stays.
    /// - A new number of probes or a new rule for them holds at once: what has been reported may decide now.
    public mutating func changeSettings(_ new: Settings, at now: Instant) -> Transition? {
        changeWindow(to: new.window, at: now)
        settings = new
        switch phase {
        case .open(let since, _):
            if !hasOwnOpenTime {
                phase = .open(since: since, until: since + new.openTime(ofOpening: consecutiveOpenings))
            }
            return advance(to: now)
        case .halfOpen(var probes):
            probes.until = probes.since + new.halfOpenLimit
            phase = .halfOpen(probes)
            return advance(to: now) ?? judge(probes, at: now)
        case .closed, .forcedOpen, .disabled, .metricsOnly:
            return nil
        }
    }

    private mutating func changeWindow(to new: Window, at now: Instant) {
        guard new != settings.window else { return }
        if case .calls = settings.window, case .calls(let count) = new {
            window.resize(to: count)
            return
        }
        let fills = phase == .closed || phase == .metricsOnly
        window = RollingWindow(new, at: now)
        reach = 0
        guard fills, window.isInterval else { return }
        counts = Counts(inFlight: counts.inFlight)
        window.interval.adopt(counts)
    }
}
