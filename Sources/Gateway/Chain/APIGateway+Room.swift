import Resilience
public import Timeline

extension APIGateway {
    /// How many requests the limit for all together would let pass at once, its own and its part of a shared one asked
    /// both; below zero by as many as are owed, nil without such a limit.
    public func room(at now: Instant) -> Int? {
        [limit?.available(at: now), sharedLimit?.available(at: now)].compactMap(\.self).min()
    }

    /// How many requests the limit of a route would let pass at once; nil if it has none.
    public func room(ofRoute route: Int, at now: Instant) -> Int? { routeLimits[route]?.available(at: now) }
}
