public import Resilience

/// What is answered instead of a failure, on an edge.
public struct FallbackPlan: Hashable, Sendable {
    /// Its rules.
    public var settings: Fallback.Settings
    /// Whom it asks, if it asks another service.
    public var call: CallPlan?

    /// A fallback; `call` is needed for one that asks another service.
    public init(_ settings: Fallback.Settings, call: CallPlan? = nil) {
        self.settings = settings
        self.call = call
    }
}
