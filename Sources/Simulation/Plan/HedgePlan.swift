public import Resilience
public import Timeline

/// Second attempts that are made while the first still runs, on an edge.
public struct HedgePlan: Hashable, Sendable {
    /// Its rules.
    public let policy: HedgePolicy
    /// What the usual time of a call is taken to be, where the policy asks for it.
    public let observes: Observation
    /// The window that the usual time is taken from, empty.
    let window: WindowedQuantile
    /// The same for the mean.
    let average: RecentAverage

    /// What the usual time of a call is.
    public enum Observation: Hashable, Sendable {
        /// This share of calls takes no longer.
        case quantile(Double)
        /// The mean.
        case mean
    }

    /// With fewer samples nothing is known of the usual time (failsafe-go).
    public static var leastSamples: Int { 20 }

    /// A hedge by fixed delay, or by what the latest 200 first attempts took.
    /// - Throws: never for a share from 0 to 1.
    public init(_ policy: HedgePolicy, observes: Observation = .quantile(0.95)) throws(SettingError) {
        self.policy = policy
        self.observes = observes
        window = try WindowedQuantile(samples: 200)
        average = try RecentAverage(capacity: 200)
    }
}
