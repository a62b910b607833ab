public import Bulkheads

/// Compartments that keep the calls of one sort from those of others, on an edge.
public struct IsolatorPlan: Hashable, Sendable {
    /// The compartments, and which calls go where: types are operations, by their indices in the plan, and tenants
    /// are those of ``Plan/tenants``.
    public var settings: Isolator.Settings
    /// The compartments' names, in their order.
    public var names: [String]

    /// An isolator; every compartment has a name.
    public init(_ settings: Isolator.Settings, names: [String]) {
        self.settings = settings
        self.names = names
    }
}
