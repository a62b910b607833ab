internal import Simulation

/// How a cache did lately: shares of the lookups of the last ten seconds, and of each of the last thirty.
struct RecentHits: Sendable {
    private let lookups: [Double]
    private let first: [Double]
    private let second: [Double]

    private static let seconds = 10

    init(_ service: Int, _ history: History) {
        lookups = history.rates(.lookups(service: service), 30)
        first = history.rates(.hitsL1(service: service), 30)
        second = history.rates(.hitsL2(service: service), 30)
    }

    private func recent(_ values: [Double]) -> Double { values.suffix(Self.seconds).reduce(0, +) }

    private func share(_ part: Double, of whole: Double) -> Double? { whole > 0 ? part / whole : nil }

    private func trend(_ part: [Double], of whole: [Double]) -> [Double] {
        zip(part, whole).map { share($0, of: $1) ?? .nan }
    }

    /// Lookups in a second.
    var lookupsPerSecond: Double { recent(lookups) / Double(max(1, min(Self.seconds, lookups.count))) }

    /// Lookups in a second that neither level answered.
    var missesPerSecond: Double { lookupsPerSecond * (1 - (hitShare ?? 1)) }

    /// The share of all lookups that either level answered.
    var hitShare: Double? { share(recent(first) + recent(second), of: recent(lookups)) }

    /// The share that the first level answered: of all, which is what it is asked.
    var shareOfFirst: Double? { share(recent(first), of: recent(lookups)) }

    /// The share of all lookups that the second level answered.
    var shareOfSecond: Double? { share(recent(second), of: recent(lookups)) }

    /// The share that the second level answered of what it was asked.
    var conditionalSecond: Double? { share(recent(second), of: recent(lookups) - recent(first)) }

    /// ``hitShare`` of each second.
    var hitTrend: [Double] { trend(zip(first, second).map(+), of: lookups) }

    /// ``shareOfFirst`` of each second.
    var firstTrend: [Double] { trend(first, of: lookups) }

    /// ``conditionalSecond`` of each second.
    var secondTrend: [Double] { trend(second, of: zip(lookups, first).map(-)) }
}
