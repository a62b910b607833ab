internal import Resilience
public import Timeline

extension Compartment {
    /// Counts since the start; what the fallback did is in its own totals.
    ///
    /// At every moment `asked` = `refused` + `displaced` + `withdrawn` + `started` + the calls in the queue, if
    /// `expired` counts as refused, and `started` = `succeeded` + `failed` + `ignored` + the calls that run.
    public struct Totals: Hashable, Sendable {
        /// Calls that asked to be let in.
        public internal(set) var asked = 0
        /// Calls that the limiter refused.
        public internal(set) var rateLimited = 0
        /// Calls that the breaker refused.
        public internal(set) var circuitOpen = 0
        /// Calls that the bulkhead refused.
        public internal(set) var full = 0
        /// Calls that it was too late for, when they asked or in the queue.
        public internal(set) var expired = 0
        /// Calls that left the queue to make room for others.
        public internal(set) var displaced = 0
        /// Calls that left the queue since nobody waited for them any more.
        public internal(set) var withdrawn = 0
        /// Calls that began to run.
        public internal(set) var started = 0
        /// Calls that ended well, as far as the breaker is concerned.
        public internal(set) var succeeded = 0
        /// Calls that ended in a way that speaks against the callee.
        public internal(set) var failed = 0
        /// Calls that ended in a way that says nothing about it.
        public internal(set) var ignored = 0
        /// How long the calls that started had waited, together.
        public internal(set) var waited = Duration.zero
        /// The longest of these waits.
        public internal(set) var longestWait = Duration.zero
        /// How long the calls that ended had run, together; their waits are not part of it.
        public internal(set) var ran = Duration.zero
        /// The longest of these.
        public internal(set) var longestRun = Duration.zero

        /// Calls that were not let in, and those for which it was too late.
        public var refused: Int { rateLimited + circuitOpen + full + expired }
        /// Calls turned away, at once or after a wait.
        public var turnedAway: Int { refused + displaced }
    }
}

extension Compartment.Totals {
    mutating func count(_ reason: Compartment.Reason) {
        switch reason {
        case .rateLimited: rateLimited += 1
        case .circuitOpen: circuitOpen += 1
        case .full: full += 1
        case .expired: expired += 1
        }
    }

    mutating func countStart(after wait: Duration) {
        started += 1
        waited = waited + wait
        longestWait = max(longestWait, wait)
    }

    mutating func count(_ outcome: CircuitBreaker.Outcome, ran length: Duration) {
        switch outcome {
        case .success: succeeded += 1
        case .failure: failed += 1
        case .ignored: ignored += 1
        }
        ran = ran + length
        longestRun = max(longestRun, length)
    }
}
