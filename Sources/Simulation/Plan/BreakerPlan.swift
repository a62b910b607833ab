public import Resilience

/// A circuit breaker on an edge.
public struct BreakerPlan: Hashable, Sendable {
    /// Its rules.
    public var settings: CircuitBreaker.Settings
    /// Which failures speak against the service.
    public var detector: FailureDetector
    /// For what there is one breaker each.
    public var scope: Scope
    /// A rule besides those of the breaker; nil for none.
    public var ownRule: OwnRule?

    /// For what there is one breaker each.
    public enum Scope: UInt8, CaseIterable, Hashable, Sendable {
        /// The edge.
        case edge
        /// Each operation of the service.
        case operation
        /// Each replica of the service; a guard outside it must have chosen one.
        case replica
        /// All that the caller calls through breakers of this scope, whatever the edge: one failing service then cuts
        /// the caller off from all.
        case caller
    }

    /// A rule of the caller's own: a share of failures among all calls that were let through, those under way too.
    public struct OwnRule: Hashable, Sendable {
        /// The share of failures from which on the breaker opens, 0 to 1.
        public var share: Double
        /// With fewer calls than this nothing is judged.
        public var calls: Int

        /// A rule such as 60 % of at least 3 calls.
        public init(share: Double, calls: Int) {
            self.share = share
            self.calls = calls
        }

        func isMet(by counts: CircuitBreaker.Counts) -> Bool {
            let judged = counts.admitted - counts.ignored
            return judged >= calls && Double(counts.failed) / Double(max(1, judged)) >= share
        }
    }

    /// One breaker for the edge.
    public init(
        _ settings: CircuitBreaker.Settings, detector: FailureDetector = .usual, scope: Scope = .edge
    ) {
        self.settings = settings
        self.detector = detector
        self.scope = scope
    }
}
