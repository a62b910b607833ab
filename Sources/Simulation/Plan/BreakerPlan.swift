public import Resilience

/// A circuit breaker on an edge.
public struct BreakerPlan: Hashable, Sendable {
    /// Its rules.
    public var settings: CircuitBreaker.Settings
    /// Which failures speak against the service.
    public var detector: FailureDetector
    /// For what there is one breaker each.
    public var scope: Scope

    /// For what there is one breaker each.
    public enum Scope: UInt8, CaseIterable, Hashable, Sendable {
        /// The edge.
        case edge
        /// Each operation of the service.
        case operation
        /// Each replica of the service; a guard outside it must have chosen one.
        case replica
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
