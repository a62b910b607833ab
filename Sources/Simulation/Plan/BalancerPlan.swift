public import Resilience

/// Who of a service's replicas gets a call, on an edge.
public struct BalancerPlan: Hashable, Sendable {
    /// How it chooses among the replicas that may be called.
    public var by: Choice
    /// How it finds replicas that fail by the calls themselves; nil if it does not.
    public var outliers: OutlierDetector.Settings?
    /// How it asks replicas whether they are well; nil if it does not.
    public var health: HealthCheckPlan?
    /// When it calls all of them, whatever it knows; nil for never.
    public var panic: PanicMode?

    /// How a replica is chosen.
    public enum Choice: String, CaseIterable, Hashable, Sendable {
        /// One after the other.
        case roundRobin = "round-robin"
        /// The one with the fewest calls under way, as this caller sees them; of several alike, whose turn it is.
        case leastBusy = "least-busy"
        /// Any.
        case random
        /// Always the same for the same key, as shards have it; a call without a key goes to whose turn it is.
        case key
    }

    /// A balancer, by default one that takes turns and knows nothing of its replicas.
    public init(
        by choice: Choice = .roundRobin, outliers: OutlierDetector.Settings? = nil, health: HealthCheckPlan? = nil,
        panic: PanicMode? = nil
    ) {
        by = choice
        self.outliers = outliers
        self.health = health
        self.panic = panic
    }
}

/// How a balancer checks the health of each replica.
public struct HealthCheckPlan: Hashable, Sendable {
    /// When it asks, and what it makes of the answers.
    public var settings: HealthChecker.Settings
    /// What a replica does to answer.
    public var depth: Depth

    /// What a replica does to answer a check.
    public enum Depth: UInt8, CaseIterable, Hashable, Sendable {
        /// It is up: that answers the check.
        case shallow
        /// A worker does the work of a call, once it is its turn in the queue.
        case deep
    }

    /// Checks of this depth.
    public init(_ settings: HealthChecker.Settings, depth: Depth = .shallow) {
        self.settings = settings
        self.depth = depth
    }
}
