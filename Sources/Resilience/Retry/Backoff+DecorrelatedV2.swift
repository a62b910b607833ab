internal import Timeline

extension Backoff {
    /// The way from the point in `memory` to a random point of the n-th attempt, which is left in `memory`.
    func decorrelatedV2(
        _ initial: Duration, _ factor: Double, _ attempt: Int, _ share: Double, _ memory: inout Duration
    ) -> Duration {
        let point = Self.point(initial, factor, Double(max(1, attempt) - 1) + share)
        defer { memory = point }
        // Beyond the end of time there are no differences any more: the wait is the longest there is.
        let length = point == .maximum ? point : max(.zero, point - memory)
        return min(length, max(.zero, cap))
    }

    /// The expected ``Jitter/decorrelatedV2`` memory before the wait after the n-th attempt.
    func expectedPoint(beforeAttempt attempt: Int) -> Duration {
        guard case .exponential(let initial, let factor, _) = self, attempt > 1 else { return .zero }
        return Self.point(max(.zero, initial), factor, Double(attempt) - 1.5)
    }

    /// Where the waits up to time t of the formula add up to.
    private static func point(_ initial: Duration, _ factor: Double, _ t: Double) -> Duration {
        // The two constants bring the medians near the multiples of the initial delay.
        let decay = ElementaryFunctions.exp(-2 * (4 * t).squareRoot())
        let tanh = (1 - decay) / (1 + decay)
        return initial * (ElementaryFunctions.power(factor, t) * tanh / 1.4)
    }
}
