public import Simulation

/// A metric of something: `p99(ok shop.browse)`.
public struct Reading: Hashable, Sendable {
    /// What is measured.
    public let metric: Metric
    /// Of what.
    public let subject: Subject

    /// What a metric can be measured of.
    public enum Subject: Hashable, Sendable {
        /// The system as a whole.
        case system
        /// An operation's calls, or a saga's runs.
        case operation(PlanName, LatencyLog.Kind)
        /// A load's requests.
        case load(PlanName, LatencyLog.Kind)
        /// A service.
        case service(PlanName)
        /// A service's cache: one of its levels, from 1, or 0 for all, by the name that was written.
        case cache(PlanName, level: Int, name: String)
        /// An edge.
        case edge(PlanName)
        /// A breaker, or another guard of an edge.
        case stage(GuardName)
        /// A saga.
        case saga(PlanName)
        /// A choreography.
        case choreography(PlanName)
        /// An event store.
        case store(PlanName)
        /// A projection.
        case projection(PlanName)
        /// A command bus.
        case bus(PlanName)
    }
}

extension Reading: CustomStringConvertible {
    /// The reading as a line writes it.
    public var description: String {
        metric.argument == .none ? metric.rawValue : "\(metric.rawValue)(\(subject))"
    }
}

extension Reading.Subject: CustomStringConvertible {
    /// What stands in the parentheses.
    public var description: String {
        switch self {
        case .system: ""
        case .operation(let name, let kind): "\(kind == .ok ? "ok " : "")\(name.name.asName)"
        case .load(let name, let kind): "\(kind == .ok ? "ok " : "")\(name.name.asName)"
        case .service(let name), .edge(let name), .saga(let name), .choreography(let name), .store(let name),
            .projection(let name),
            .bus(let name):
            name.name.asName
        case .cache(_, _, let name): name.asName
        case .stage(let name): name.text
        }
    }
}
