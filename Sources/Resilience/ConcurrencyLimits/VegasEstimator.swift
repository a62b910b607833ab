internal import Timeline

/// What a Vegas limit has learnt.
struct VegasEstimator: Hashable, Sendable {
    private(set) var minimum: Duration?
    private(set) var latest: Duration?
    private var samples = 0
    /// How much of the longest time between two measurements the present one has; drawn when first needed.
    private var probeShare: Double?

    mutating func update(
        _ estimate: Double, _ sample: ConcurrencyLimit.Sample, _ settings: ConcurrencyLimit.Vegas,
        within range: ClosedRange<Double>, using random: inout RandomStream
    ) -> (estimate: Double, reason: ConcurrencyLimit.Change.Reason)? {
        latest = sample.took
        samples &+= 1
        let share = probeShare ?? Self.drawShare(&random)
        probeShare = share
        if share * Double(settings.probeMultiplier) * estimate <= Double(samples) {
            probeShare = Self.drawShare(&random)
            samples = 0
            minimum = sample.took
            return nil
        }
        guard let minimum, sample.took >= minimum else {
            minimum = sample.took
            return nil
        }
        let queue = Self.queue(estimate, unloaded: minimum, took: sample.took)
        guard let target = target(estimate, queue: queue, sample, settings) else { return nil }
        let bounded = max(range.lowerBound, min(range.upperBound, target))
        return (
            (1 - settings.smoothing) * estimate + settings.smoothing * bounded,
            sample.isDropped ? .dropped : .queue(queue)
        )
    }

    private func target(
        _ estimate: Double, queue: Int, _ sample: ConcurrencyLimit.Sample, _ settings: ConcurrencyLimit.Vegas
    ) -> Double? {
        if sample.isDropped { return estimate - settings.decrease(estimate) }
        if Double(sample.inFlight) * 2 < estimate { return nil }
        // The marks are whole numbers, as the queue is.
        let beta = settings.beta(estimate).rounded(.down)
        if Double(queue) <= settings.threshold(estimate).rounded(.down) { return estimate + beta }
        if Double(queue) < settings.alpha(estimate).rounded(.down) { return estimate + settings.increase(estimate) }
        return Double(queue) > beta ? estimate - settings.decrease(estimate) : nil
    }

    static func queue(_ estimate: Double, unloaded: Duration, took: Duration) -> Int {
        unloaded < took ? Int((estimate * (1 - unloaded / took)).rounded(.up)) : 0
    }

    private static func drawShare(_ random: inout RandomStream) -> Double { 0.5 + 0.5 * random.uniform() }
}
