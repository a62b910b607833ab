public import Resilience
public import Timeline

/// A limit on how often calls may be made, on an edge.
public struct LimiterPlan: Hashable, Sendable {
    /// Which limiter, and its rate.
    public var settings: RateLimiter.Settings
    /// How long a call may wait for the permit that it reserves; zero to be refused instead.
    public var wait: Duration
    /// For what there is one limiter each.
    public var scope: Scope
    /// Whether a permit comes back when a guard further in refuses the call at once.
    public var givesBack: Bool

    /// For what there is one limiter each.
    public enum Scope: UInt8, CaseIterable, Hashable, Sendable {
        /// The edge.
        case edge
        /// Each tenant that requests are made for.
        case tenant
    }

    /// A limiter that lets nobody wait.
    public init(
        _ settings: RateLimiter.Settings, wait: Duration = .zero, scope: Scope = .edge, givesBack: Bool = false
    ) {
        self.settings = settings
        self.wait = wait
        self.scope = scope
        self.givesBack = givesBack
    }
}
