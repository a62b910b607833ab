public import Timeline

extension CircuitBreaker {
    /// What a breaker is told of a call.
    public enum Outcome: UInt8, Hashable, Sendable, CaseIterable {
        /// The call did what it was made for, or failed in a way that is no fault of the callee's but shows
        /// that it works.
        case success
        /// The call failed in a way that speaks against the callee.
        case failure
        /// The call says nothing about the callee: it was cancelled, or never reached it.
        case ignored
    }

    /// Tells the result of a call that was let through, with the time that the call took.
    ///
    /// A success too can open the breaker, unless ``Settings/judging`` says otherwise: when it completes the
    /// minimum number of calls, or when it is slow. Half-open, ``Settings/probeRule`` decides. An ignored
    /// result counts in no window and, half-open, frees its probe's place.
    ///
    /// A permit that comes back a second time, when all calls of its generation have ended, is stale too.
    /// - Parameters:
    ///   - outcome: how the call went.
    ///   - took: how long it took; less than no time counts as none.
    ///   - permit: what ``admit(at:)`` gave.
    ///   - retryAfter: how long the callee itself asked to be left alone, as HTTP's `Retry-After` does. It opens the
    ///     breaker for so long, without growth, from closed or half-open.
    ///   - now: when the result came.
    /// - Returns: the transition that the result, or the time, brought about.
    public mutating func record(
        _ outcome: Outcome, took: Duration, permit: Permit, retryAfter: Duration? = nil, at now: Instant
    ) -> Transition? {
        let call = callRecord(outcome, took)
        switch state {
        case .closed, .metricsOnly:
            guard endInWindow(outcome, call, permit, at: now) else { return nil }
            if state == .metricsOnly { return note(outcome) }
            if let retryAfter { return trip(because: .retryAfter(retryAfter), openFor: retryAfter, at: now) }
            guard settings.judging.follows(outcome), let reason = reasonToOpen() else { return nil }
            return open(because: reason, at: now)
        case .halfOpen:
            return recordProbe(outcome, call, permit, retryAfter, at: now)
        case .disabled:
            _ = end(outcome, call, permit.generation == generation)
            return nil
        case .open, .forcedOpen:
            // No permit is given out in these phases; one that says so was not given out by this breaker.
            totals.stale += 1
            return nil
        }
    }

    private func callRecord(_ outcome: Outcome, _ took: Duration) -> CallRecord {
        var marks: CallMarks = outcome == .failure ? .failed : []
        if let slowCalls = settings.slowCalls, took > slowCalls.limit { marks.insert(.slow) }
        return CallRecord(marks, took: took)
    }

    /// Ends a call whose bucket is still in the window, and adds it to that; false if it is stale.
    @inline(__always)
    private mutating func endInWindow(
        _ outcome: Outcome, _ call: CallRecord, _ permit: Permit, at now: Instant
    ) -> Bool {
        var belongs = permit.generation == generation
        if window.isInterval {
            passInterval(to: now)
            let behind = generation &- permit.generation
            belongs = behind <= reach && window.interval.end(outcome, call, behind: behind)
        }
        guard end(outcome, call, belongs) else { return false }
        if outcome != .ignored { window.record(call, at: now) }
        return true
    }

    /// Ends a call if it is one of those under way; else it is stale.
    @inline(__always)
    private mutating func end(_ outcome: Outcome, _ call: CallRecord, _ belongs: Bool) -> Bool {
        guard belongs, counts.end(outcome, call) else {
            totals.stale += 1
            return false
        }
        totals.count(outcome, call)
        return true
    }

    /// Why a closed breaker has to open, after a result; nil if it has not.
    // Inlined, since else the whole breaker is copied for it.
    @inline(__always)
    private func reasonToOpen() -> Reason? {
        let tally = window.latestTally(sum: counts)
        return settings.tooManyFailures(tally, counts) ?? settings.tooManySlowCalls(tally)
    }

    @inline(never)
    private mutating func recordProbe(
        _ outcome: Outcome, _ call: CallRecord, _ permit: Permit, _ retryAfter: Duration?, at now: Instant
    ) -> Transition? {
        guard permit.generation == generation, case .halfOpen(var probes) = phase else {
            totals.stale += 1
            return nil
        }
        // A probe's permit handed back twice must not free a place that was never taken.
        guard end(outcome, call, !probes.areOver(at: now) && probes.inFlight > 0) else { return advance(to: now) }
        probes.inFlight -= 1
        if outcome != .ignored { probes.tally.add(call) }
        phase = .halfOpen(probes)
        if let retryAfter { return trip(because: .retryAfter(retryAfter), openFor: retryAfter, at: now) }
        guard outcome != .ignored else {
            return settings.ignoredProbe == .reopens ? open(because: .probeIgnored, at: now) : nil
        }
        return judge(probes, at: now)
    }

    /// Decides if the probes' results so far are a verdict.
    mutating func judge(_ probes: Probes, at now: Instant) -> Transition? {
        switch settings.verdict(on: probes.tally) {
        case nil: nil
        case .close(let reason): enter(.closed, because: reason, at: now)
        case .open(let reason): open(because: reason, at: now)
        }
    }
}

extension CircuitBreaker.Totals {
    fileprivate mutating func count(_ outcome: CircuitBreaker.Outcome, _ call: CallRecord) {
        switch outcome {
        case .success:
            succeeded += 1
            slow += call.slowCalls
        case .failure:
            failed += 1
            slow += call.slowCalls
        case .ignored:
            ignored += 1
        }
    }
}
