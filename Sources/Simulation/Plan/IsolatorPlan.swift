public import Bulkheads

/// Compartments that keep the calls of one sort from those of others, on an edge.
public struct IsolatorPlan: Hashable, Sendable {
    /// The compartments, and which calls go where: types are operations, by their indices in the plan, and tenants
    /// are those of ``Plan/tenants``.
    public var settings: Isolator.Settings
    /// The compartments' names, in their order.
    public var names: [String]
    /// Whom each compartment asks, if it falls back to another service.
    public var calls: [CallPlan?]

    /// An isolator; every compartment has a name, and one that falls back to another service has a call.
    public init(_ settings: Isolator.Settings, names: [String], calls: [CallPlan?]? = nil) {
        self.settings = settings
        self.names = names
        self.calls = calls ?? settings.compartments.map { _ in nil }
    }
}
