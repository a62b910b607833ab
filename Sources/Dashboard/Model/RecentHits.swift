internal import Simulation

/// How a cache did lately: shares of the lookups of the last ten seconds, and of each of the last thirty.
struct RecentHits: Sendable {
    private let lookups: [Double]
    /// Level by level, what it was asked and what it answered.
    private let levels: [(asked: [Double], hits: [Double])]

    private static let seconds = 10

    init(_ service: Int, levels count: Int, _ history: History) {
        lookups = history.rates(.lookups(service: service), 30)
        levels = (0..<count).map { level in
            (
                history.rates(.levelLookups(service: service, level: level), 30),
                history.rates(.levelHits(service: service, level: level), 30)
            )
        }
    }

    private func recent(_ values: [Double]) -> Double { values.suffix(Self.seconds).reduce(0, +) }

    private func share(_ part: Double, of whole: Double) -> Double? { whole > 0 ? part / whole : nil }

    private func trend(_ part: [Double], of whole: [Double]) -> [Double] {
        zip(part, whole).map { share($0, of: $1) ?? .nan }
    }

    /// Lookups in a second.
    var lookupsPerSecond: Double { recent(lookups) / Double(max(1, min(Self.seconds, lookups.count))) }

    /// Lookups in a second that no level answered.
    var missesPerSecond: Double { lookupsPerSecond * (1 - (hitShare ?? 1)) }

    /// The share of all lookups that any level answered.
    var hitShare: Double? { share(levels.reduce(0) { $0 + recent($1.hits) }, of: recent(lookups)) }

    /// The share of all lookups that a level answered.
    func shareOfAll(_ level: Int) -> Double? { share(recent(levels[level].hits), of: recent(lookups)) }

    /// The share that a level answered of what it was asked.
    func conditional(_ level: Int) -> Double? {
        share(recent(levels[level].hits), of: recent(levels[level].asked))
    }

    /// ``hitShare`` of each second.
    var hitTrend: [Double] {
        let hits = lookups.indices.map { second in
            levels.reduce(0) { $0 + ($1.hits.indices.contains(second) ? $1.hits[second] : 0) }
        }
        return trend(hits, of: lookups)
    }

    /// ``conditional(_:)`` of each second.
    func trend(_ level: Int) -> [Double] { trend(levels[level].hits, of: levels[level].asked) }
}
