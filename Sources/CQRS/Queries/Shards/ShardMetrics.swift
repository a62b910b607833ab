public import Resilience
public import Timeline

/// What a shard has done since it was added.
public struct ShardMetrics: Hashable, Sendable {
    /// Calls that it got.
    public internal(set) var calls = 0
    /// Calls that have ended.
    public internal(set) var ended = 0
    /// Of these, how many failed in a way that speaks against it.
    public internal(set) var failed = 0
    /// Calls that its breaker refused.
    public internal(set) var refused = 0
    /// What the ended calls took together.
    public internal(set) var duration = Duration.zero
    /// Calls that each replica has now.
    public internal(set) var inFlight: [Int] = []
    /// What its breaker does now.
    public internal(set) var breaker = CircuitBreaker.State.closed
}

extension QueryShards {
    /// What a shard has done; nil if there is none of that name.
    public func metrics(of name: String) -> ShardMetrics? {
        guard let index = index(of: name) else { return nil }
        var metrics = shards[index].metrics
        metrics.inFlight = shards[index].inFlight
        metrics.breaker = shards[index].breaker.state
        return metrics
    }

    /// A shard's breaker, to look at; nil if there is none of that name.
    public func breaker(of name: String) -> CircuitBreaker? { index(of: name).map { shards[$0].breaker } }
}
