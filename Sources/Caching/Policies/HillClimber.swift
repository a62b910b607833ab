/// Finds the size of a window by trying: it goes on in the direction in which the hit ratio rose, and turns where it fell.
///
/// The simple climber of Caffeine's simulator: a sample is ten requests for each entry that there is room for, a step
/// begins at 6.25 % of the capacity and becomes 2 % smaller with each sample, and a hit ratio that changes by 5 points or
/// more begins again. Caches of a capacity of 512 or less begin by growing the window, keep their steps larger (0.5 %
/// smaller each) and sample longer as these shrink.
struct HillClimber: Sendable {
    private let firstStep: Double
    private let isSmall: Bool

    /// Like the capacity, in weight.
    private var step: Double
    /// How much longer samples are than the first one.
    private var stretch = 1.0
    private var grows: Bool
    private var hits = 0
    private var requests = 0
    private var lastRatio = 0.0

    init(capacity: Int) {
        firstStep = max(0.0625 * Double(capacity), 2)
        isSmall = capacity <= 512
        step = firstStep
        grows = isSmall
    }

    /// Counts a request of a cache that is full; says at the end of a sample by how much the window should grow, or
    /// shrink if it is less than 0.
    /// - Parameter entries: for how many there is room: what a sample's length is measured by, as by the weight of the
    ///   capacity, bytes perhaps, it would never come to its end.
    mutating func count(isHit: Bool, entries: Int) -> Double? {
        requests += 1
        if isHit { hits += 1 }
        guard requests >= max(1, Int(Double(10 * entries) * stretch)) else { return nil }
        let ratio = Double(hits) / Double(requests)
        if ratio < lastRatio { grows.toggle() }
        if abs(ratio - lastRatio) >= 0.05 { step = firstStep }
        let amount = grows ? step : -step
        decay()
        lastRatio = ratio
        (hits, requests) = (0, 0)
        return amount
    }

    /// The longest sample of a small cache, in first samples.
    private static let mostSamples = 4.0

    private mutating func decay() {
        guard isSmall else {
            step *= 0.98
            return
        }
        step *= 0.995
        stretch = min(max(firstStep / max(firstStep / Self.mostSamples, step), 1), Self.mostSamples)
    }
}
