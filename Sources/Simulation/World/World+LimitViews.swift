public import Bulkheads
public import Resilience

// What can be seen of limiters, throttles, concurrency limits and isolators. Indices are those of the plan.

extension World {
    /// The limiter at a place of an edge's chain; if there are several, that of one tenant.
    public func limiter(edge: Int, stage: Int, part: Int = 0) -> RateLimiter? {
        guard case .limiter(let index)? = edges.guardRef(UInt16(edge), UInt8(stage)) else { return nil }
        return limiters.limiter(Int(index), part: part)
    }

    /// How many limiters stand at a place of an edge's chain.
    public func limiterParts(edge: Int, stage: Int) -> Int {
        guard case .limiter(let index)? = edges.guardRef(UInt16(edge), UInt8(stage)) else { return 0 }
        return limiters.parts(Int(index))
    }

    /// The throttle at a place of an edge's chain.
    public func throttle(edge: Int, stage: Int) -> AdaptiveThrottle? {
        guard case .throttle(let index)? = edges.guardRef(UInt16(edge), UInt8(stage)) else { return nil }
        return throttles.throttle(Int(index))
    }

    /// The adaptive limit at a place of an edge's chain.
    public func concurrencyLimit(edge: Int, stage: Int) -> ConcurrencyLimit? {
        guard case .concurrency(let index)? = edges.guardRef(UInt16(edge), UInt8(stage)) else { return nil }
        return concurrencies.limit(Int(index))
    }

    /// The isolator at a place of an edge's chain; its compartments are in the order of ``IsolatorPlan/names``.
    public func isolator(edge: Int, stage: Int) -> Isolator? {
        guard case .isolator(let index)? = edges.guardRef(UInt16(edge), UInt8(stage)) else { return nil }
        return isolators.isolator(Int(index))
    }

    /// How many calls all limiters of an edge refused.
    public func rateLimited(edge: Int) -> Int {
        (0..<EdgePlan.guardLimit).reduce(0) { sum, stage in
            guard case .limiter(let index)? = edges.guardRef(UInt16(edge), UInt8(stage)) else { return sum }
            return sum + limiters.rejected(Int(index))
        }
    }

    /// How many calls came to the throttles of an edge, and how many they held back.
    public func throttled(edge: Int) -> (asked: Int, rejected: Int) {
        (0..<EdgePlan.guardLimit).reduce(into: (0, 0)) { sum, stage in
            guard let totals = throttle(edge: edge, stage: stage)?.totals else { return }
            sum.0 += totals.allowed + totals.rejected
            sum.1 += totals.rejected
        }
    }
}
