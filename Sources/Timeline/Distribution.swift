/// How long something takes: a law to draw durations from.
///
/// A draw is never negative and never above ``Duration/maximum``, whatever the law says.
public enum Distribution: Hashable, Sendable {
    /// Always the same.
    case constant(Duration)
    /// Every length from `least` up to `most` alike.
    case uniform(least: Duration, most: Duration)
    /// Exponential: the time between events of a Poisson process.
    case exponential(mean: Duration)
    /// Normal, with draws below zero counted as zero.
    case normal(mean: Duration, deviation: Duration)
    /// Lognormal, by its median and the standard deviation of its logarithm.
    case lognormal(median: Duration, sigma: Double)
    /// Pareto: P(X > x) = (minimum / x)^shape. The mean is infinite for a shape of 1 or less.
    case pareto(minimum: Duration, shape: Double)
    /// Measured quantiles with straight lines between them.
    case empirical(Quantiles)

    /// The lognormal law with this median and 99th percentile.
    public static func lognormal(p50: Duration, p99: Duration) -> Distribution {
        let ratio = Double(max(p99.nanoseconds, 1)) / Double(max(p50.nanoseconds, 1))
        return .lognormal(median: p50, sigma: max(0, ElementaryFunctions.log(ratio)) / standardNormalP99)
    }

    /// The 99th percentile of the standard normal distribution.
    private static let standardNormalP99 = 2.3263478740408408

    /// Draws one duration.
    public func sample(using random: inout RandomStream) -> Duration {
        switch self {
        case .constant(let length):
            return length
        case .uniform(let least, let most):
            return least + (most - least) * random.uniform()
        case .exponential(let mean):
            return mean * -ElementaryFunctions.log(random.positiveUniform())
        case .normal(let mean, let deviation):
            return max(.zero, mean + deviation * random.normal())
        case .lognormal(let median, let sigma):
            return median * ElementaryFunctions.exp(sigma * random.normal())
        case .pareto(let minimum, let shape):
            return minimum * ElementaryFunctions.power(random.positiveUniform(), -1 / shape)
        case .empirical(let quantiles):
            return quantiles.length(at: random.uniform())
        }
    }

    /// The expected value; ``Duration/maximum`` where it is infinite. A normal law's is that of the
    /// untruncated one.
    public var mean: Duration {
        switch self {
        case .constant(let length): length
        case .uniform(let least, let most): least + (most - least) * 0.5
        case .exponential(let mean): mean
        case .normal(let mean, _): mean
        case .lognormal(let median, let sigma): median * ElementaryFunctions.exp(sigma * sigma / 2)
        case .pareto(let minimum, let shape): shape > 1 ? minimum * (shape / (shape - 1)) : .maximum
        case .empirical(let quantiles): quantiles.mean
        }
    }
}
