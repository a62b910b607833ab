public import Timeline

extension HealthChecker {
    /// The answer to whoever wants to send a probe, with the change that the question brought about.
    public enum Start: Hashable, Sendable {
        /// Send it, and hand the token back with the result.
        case send(Probe, Change?)
        /// None is due before that time.
        case notDue(until: Instant, Change?)
        /// One is out, until then at the latest.
        case alreadyOut(until: Instant)

        /// The probe to send, if one is due.
        public var probe: Probe? {
            if case .send(let probe, _) = self { probe } else { nil }
        }

        /// The change that the question brought about, if any.
        public var change: Change? {
            switch self {
            case .send(_, let change), .notDue(_, let change): change
            case .alreadyOut: nil
            }
        }
    }

    /// Starts the next probe if it is due and none is out.
    public mutating func startProbe(at now: Instant, using random: inout RandomStream) -> Start {
        let change = advance(to: now, using: &random)
        if let probe { return .alreadyOut(until: probe.deadline) }
        guard now >= nextCheck else { return .notDue(until: nextCheck, change) }
        generation &+= 1
        totals.probes &+= 1
        let started = Probe(generation: generation, deadline: now + settings.timeout)
        probe = started
        nextCheck = now
        return .send(started, change)
    }

    /// Tells the result of a probe.
    ///
    /// It counts if the probe is out and its deadline lies ahead; from the deadline on the probe has timed out.
    public mutating func ended(
        _ token: Probe, _ result: Result, at now: Instant, using random: inout RandomStream
    ) -> Change? {
        guard let probe, probe.generation == token.generation, now < probe.deadline else {
            totals.stale &+= 1
            return advance(to: now, using: &random)
        }
        return settle(result, at: now, using: &random)
    }

    /// Counts the probe that is out as failed if its deadline has come.
    public mutating func advance(to now: Instant, using random: inout RandomStream) -> Change? {
        guard let probe, now >= probe.deadline else { return nil }
        totals.timedOut &+= 1
        return settle(.failure(.timeout), at: probe.deadline, using: &random)
    }

    /// Makes the host unhealthy at once, without a probe: one of its replies, or somebody else, said so (Envoy's
    /// passive failure). Nil if it was unhealthy.
    public mutating func markUnhealthy(at now: Instant) -> Change? {
        successesInARow = 0
        guard state != .unhealthy else { return nil }
        return become(.unhealthy, .becameUnhealthy(.reported, at: now))
    }

    /// Replaces the settings of a checker at work.
    ///
    /// New thresholds hold from the next result on, a new time for one check from the next probe on; a next check
    /// that lies further ahead than the new interval is brought forward to it.
    public mutating func changeSettings(_ new: Settings, at now: Instant) {
        settings = new
        if probe == nil { nextCheck = min(nextCheck, now + new.intervals.normal) }
    }

    private mutating func settle(
        _ result: Result, at moment: Instant, using random: inout RandomStream
    ) -> Change? {
        probe = nil
        let wasGood = result == .success
        let before = state
        let change = wasGood ? succeed(at: moment) : fail(result, at: moment)
        // Good in an unhealthy host, or bad in a healthy one: not enough yet, to be confirmed soon.
        let isPending = change == nil && before == (wasGood ? .unhealthy : .healthy)
        nextCheck =
            moment
            + settings.interval(afterSuccess: wasGood, isPending: isPending, hasTraffic: hasTraffic, using: &random)
        return change
    }

    private mutating func succeed(at moment: Instant) -> Change? {
        totals.succeeded &+= 1
        failuresInARow = 0
        successesInARow = min(successesInARow + 1, Self.most)
        switch state {
        case .healthy:
            return nil
        case .unchecked:
            return become(.healthy, .becameHealthy(.firstCheck, at: moment))
        case .unhealthy:
            guard successesInARow >= settings.healthyThreshold else { return nil }
            return become(.healthy, .becameHealthy(.successes(successesInARow), at: moment))
        }
    }

    private mutating func fail(_ result: Result, at moment: Instant) -> Change? {
        totals.failed &+= 1
        successesInARow = 0
        failuresInARow = min(failuresInARow + 1, Self.most)
        switch state {
        case .unhealthy:
            return nil
        case .unchecked:
            return become(.unhealthy, .becameUnhealthy(.firstCheck, at: moment))
        case .healthy:
            if case .failure(let failure) = result, settings.immediateFailures.contains(.init(failure)) {
                return become(.unhealthy, .becameUnhealthy(.immediate(failure), at: moment))
            }
            guard failuresInARow >= settings.unhealthyThreshold else { return nil }
            return become(.unhealthy, .becameUnhealthy(.failures(failuresInARow), at: moment))
        }
    }

    private mutating func become(_ next: State, _ change: Change) -> Change {
        state = next
        totals.changes &+= 1
        lastChange = change
        return change
    }

    /// Counts in a row stop here.
    private static let most = Int(Int32.max)
}
