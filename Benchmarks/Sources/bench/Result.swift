/// What was measured of one thing, several times over.
struct Result {
    /// What decides whether a measure is good enough.
    enum Goal {
        /// The median of the quotients of a sample and the reference's sample beside it is at most this.
        case ratioAtMost(Double)
        /// The median of the same quotients is at least this: of rates.
        case ratioAtLeast(Double)
        /// The best sample is at most this.
        case bestAtMost(Double)
        /// The best sample is at least this.
        case bestAtLeast(Double)
        /// The mean is at most this.
        case meanAtMost(Double)
        /// No sample is over this.
        case worstAtMost(Double)
    }

    let name: String
    let unit: String
    /// In the order in which they were taken.
    let samples: [Double]
    /// The reference's samples, each taken right after ours.
    var reference: [Double] = []
    /// How often memory was asked for in all samples together, where there must be none of it.
    var allocations: Int?
    var goal: Goal?
    /// Said where the goal does not say it.
    var moreIsBetter = false

    /// The sample that nothing disturbed: the greatest where more is better, else the least.
    var best: Double {
        (isRate ? samples.max() : samples.min()) ?? .nan
    }

    var median: Double { Self.median(of: samples) }

    var mean: Double { samples.reduce(0, +) / Double(samples.count) }

    var worst: Double { (isRate ? samples.min() : samples.max()) ?? .nan }

    /// Whether more is better.
    private var isRate: Bool {
        switch goal {
        case .bestAtLeast, .ratioAtLeast: true
        default: moreIsBetter
        }
    }

    /// The best of the reference's samples; nil without a reference.
    var bestOfReference: Double? { isRate ? reference.max() : reference.min() }

    /// How many times the reference's time ours is, or its rate; nil without a reference.
    var ratio: Double? {
        reference.isEmpty ? nil : Self.median(of: zip(samples, reference).map { $0 / $1 })
    }

    /// Whether the goal is met; nil without one.
    var meetsGoal: Bool? {
        if let allocations, allocations > 0 { return false }
        return switch goal {
        case .ratioAtMost(let limit): (ratio ?? .nan) <= limit
        case .ratioAtLeast(let limit): (ratio ?? .nan) >= limit
        case .bestAtMost(let limit): best <= limit
        case .bestAtLeast(let limit): best >= limit
        case .meanAtMost(let limit): mean <= limit
        case .worstAtMost(let limit): worst <= limit
        case nil: nil
        }
    }

    private static func median(of values: [Double]) -> Double {
        let sorted = values.sorted()
        return sorted.isEmpty ? .nan : (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }
}
