internal import Timeline

extension CircuitBreaker {
    /// What has happened since the phase began, for a caller's own trip rule and for the eye.
    ///
    /// In a ``Window/interval(_:buckets:)`` these are the counts of the window: they are cleared, or roll on,
    /// with it, as gobreaker's `Counts` do; its `Requests` are ``admitted``. In the other windows they run
    /// on until the phase or, by ``CircuitBreaker/reset(at:)``, the generation changes.
    public struct Counts: Hashable, Sendable {
        /// Calls let through.
        public internal(set) var admitted = 0
        /// Calls not let through.
        public internal(set) var rejected = 0
        /// Results that said nothing about the callee; they break no row of successes or failures.
        public internal(set) var ignored = 0
        /// Good results since the latest bad one.
        public internal(set) var consecutiveSuccesses = 0
        /// Bad results since the latest good one.
        public internal(set) var consecutiveFailures = 0

        /// The good and the bad results.
        public private(set) var tally = CallTally()

        /// Results that were good.
        public var succeeded: Int { tally.succeeded }
        /// Results that were bad.
        public var failed: Int { tally.failed }
        /// Calls let through whose result has come.
        public var ended: Int { tally.calls + ignored }
        /// Calls let through whose result is still to come.
        public var inFlight: Int { admitted - ended }
        /// Good and bad results that came too slowly.
        public var slow: Int { tally.slow }
    }
}

extension CircuitBreaker.Counts {
    /// The counts of a phase that begins with so many calls under way.
    init(inFlight: Int) {
        admitted = inFlight
    }

    mutating func admit() {
        admitted += 1
    }

    /// Ends a call; false, and nothing else, if none is under way: its permit was handed back before.
    @inline(__always)
    mutating func end(_ outcome: CircuitBreaker.Outcome, _ call: CallRecord) -> Bool {
        guard inFlight > 0 else { return false }
        switch outcome {
        case .success:
            consecutiveSuccesses += 1
            consecutiveFailures = 0
            tally.add(call)
        case .failure:
            consecutiveFailures += 1
            consecutiveSuccesses = 0
            tally.add(call)
        case .ignored:
            ignored += 1
        }
        return true
    }

    /// Takes out the oldest of the buckets that these are the sum of.
    mutating func remove(_ oldest: Self) {
        // A row that reaches back into the oldest bucket loses what it had there.
        if consecutiveSuccesses == oldest.consecutiveSuccesses + succeeded - oldest.succeeded {
            consecutiveSuccesses -= oldest.consecutiveSuccesses
        }
        if consecutiveFailures == oldest.consecutiveFailures + failed - oldest.failed {
            consecutiveFailures -= oldest.consecutiveFailures
        }
        admitted -= oldest.admitted
        rejected -= oldest.rejected
        ignored -= oldest.ignored
        tally.remove(oldest.tally)
        // Results that came late may stand in another order in their buckets than in the row.
        consecutiveSuccesses = min(consecutiveSuccesses, succeeded)
        consecutiveFailures = min(consecutiveFailures, failed)
    }
}
