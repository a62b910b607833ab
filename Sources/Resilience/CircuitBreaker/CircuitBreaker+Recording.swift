public import Timeline

extension CircuitBreaker {
    /// What a breaker is told of a call.
    public enum Outcome: UInt8, Hashable, Sendable, CaseIterable {
        /// The call did what it was made for.
        case success
        /// The call failed in a way that speaks against the callee.
        case failure
        /// The call says nothing about the callee: it was cancelled, or the caller was at fault.
        case ignored
    }

    /// Tells the result of a call that was let through, with the time that the call took.
    ///
    /// A success too can open the breaker: when it completes the minimum number of calls, or when it is slow.
    /// Half-open, nothing is decided before as many probes as ``Settings/probes`` have reported; then
    /// their rates are judged by the same thresholds as the window's (as resilience4j does). An ignored
    /// result counts nowhere and, half-open, frees its probe's place.
    /// - Returns: the transition that the result, or the time, brought about.
    public mutating func record(
        _ outcome: Outcome, took: Duration, permit: Permit, at now: Instant
    ) -> Transition? {
        guard permit.generation == generation else {
            totals.stale += 1
            return nil
        }
        switch phase {
        case .closed:
            guard let marks = count(outcome, took) else { return nil }
            return judge(window.record(marks, at: now), at: now)
        case .halfOpen(let probes):
            return record(outcome, took, among: probes, at: now)
        case .forcedClosed:
            _ = count(outcome, took)
            return nil
        case .open, .forcedOpen:
            // No permit is given out in these phases; one that says so was not given out by this breaker.
            totals.stale += 1
            return nil
        }
    }

    /// Adds the result to the totals; nil if it is ignored.
    private mutating func count(_ outcome: Outcome, _ took: Duration) -> CallMarks? {
        var marks: CallMarks = []
        switch outcome {
        case .success:
            totals.succeeded += 1
        case .failure:
            totals.failed += 1
            marks = .failed
        case .ignored:
            totals.ignored += 1
            return nil
        }
        if let slowCalls = settings.slowCalls, took > slowCalls.limit {
            totals.slow += 1
            marks.insert(.slow)
        }
        return marks
    }

    private mutating func judge(_ tally: CallTally, at now: Instant) -> Transition? {
        guard tally.calls >= settings.minimumCalls else { return nil }
        switch settings.exceeded(by: tally) {
        case nil:
            return nil
        case .failures(let threshold):
            return open(because: .failureRate(failed: tally.failed, of: tally.calls, threshold: threshold), at: now)
        case .slowCalls(let threshold):
            return open(because: .slowCallRate(slow: tally.slow, of: tally.calls, threshold: threshold), at: now)
        }
    }

    private mutating func record(
        _ outcome: Outcome, _ took: Duration, among probes: Probes, at now: Instant
    ) -> Transition? {
        // A probe's permit handed back twice must not free a place that was never taken.
        guard now < probes.until, probes.inFlight > 0 else {
            totals.stale += 1
            return advance(to: now)
        }
        var probes = probes
        probes.inFlight -= 1
        if let marks = count(outcome, took) { probes.tally.add(marks) }
        phase = .halfOpen(probes)
        return judge(probes, at: now)
    }

    /// Decides once all probes have reported.
    mutating func judge(_ probes: Probes, at now: Instant) -> Transition? {
        let tally = probes.tally
        guard tally.calls >= settings.probes else { return nil }
        switch settings.exceeded(by: tally) {
        case nil:
            return enter(.closed, because: .probesSucceeded(tally.succeeded, of: tally.calls), at: now)
        case .failures(let threshold):
            return open(because: .probesFailed(tally.failed, of: tally.calls, threshold: threshold), at: now)
        case .slowCalls(let threshold):
            return open(because: .probesSlow(tally.slow, of: tally.calls, threshold: threshold), at: now)
        }
    }
}
