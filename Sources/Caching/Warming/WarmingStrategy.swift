public import Timeline

/// Which keys are worth loading before anybody asks for them.
public enum WarmingStrategy<Key: CacheKey>: Hashable, Sendable {
    /// These.
    case listed([Key])
    /// The keys used most often within the history's window, so many at most.
    case popular(Int)
    /// What usually follows a key that was just used, so many at most and with more than this confidence, 0 to 1.
    case successors(of: Key, count: Int, confidence: Double)
    /// What is usually used in the hour of the day that begins next, so many at most and likelier than this, 0 to 1.
    case comingHour(count: Int, likelihood: Double)

    /// The keys, the most promising first.
    public func keys(from history: AccessHistory<Key>, at now: Instant) -> [Key] {
        switch self {
        case .listed(let keys): keys
        case .popular(let count): history.popular(count, at: now)
        case .successors(let key, let count, let confidence):
            history.successors(of: key, count: count, confidence: confidence)
        case .comingHour(let count, let likelihood):
            history.expectedInNextHour(count, likelihood: likelihood, at: now)
        }
    }
}
