public import Timeline

/// Which hosts calls may go to when few are healthy.
///
/// If the healthy ones are too few, all hosts are used, as if nothing were known: sending everything to the last
/// healthy ones would bring them down as well, and when nearly all checks fail it may be the checks that are wrong.
/// (Envoy's panic threshold.)
public struct PanicMode: Hashable, Sendable {
    /// With a smaller share of healthy hosts than this, all are used; 0 if never.
    public let threshold: Double

    /// Checks the threshold, a share from 0 to 1; Envoy's default is 50 %, and exactly half is not too few.
    /// - Throws: a ``SettingError`` otherwise.
    public init(below threshold: Double = 0.5) throws(SettingError) {
        // Also refuses what is not a number.
        guard threshold >= 0, threshold <= 1 else {
            throw SettingError("panicThreshold", given: threshold, allowed: "a share from 0 to 1")
        }
        self.threshold = threshold
    }

    /// Which hosts may be used.
    public enum Eligible: Hashable, Sendable {
        /// The healthy ones; none if there are none.
        case healthy
        /// All, whatever is known of them.
        case all
    }

    /// Which hosts may be used, with so many healthy ones among so many.
    public func eligible(healthy: Int, of hosts: Int) -> Eligible {
        let share = hosts > 0 ? Double(healthy) / Double(hosts) : 0
        return share < threshold ? .all : .healthy
    }

    /// The places of the hosts that may be used.
    public func eligible(_ isHealthy: [Bool]) -> [Int] {
        let healthy = isHealthy.count { $0 }
        return switch eligible(healthy: healthy, of: isHealthy.count) {
        case .healthy: isHealthy.indices.filter { isHealthy[$0] }
        case .all: Array(isHealthy.indices)
        }
    }
}
