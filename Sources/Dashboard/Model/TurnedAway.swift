internal import Bulkheads
internal import Simulation

/// How many calls each service turned away in a second, since its queue was full.
struct TurnedAway: Hashable, Sendable {
    private var window = 0
    private var totals: [Int] = []
    private var rates: [Double] = []

    /// Takes the totals when a second is over; after time was turned back it begins anew.
    mutating func observe(_ world: World, services: Int, window now: Int) {
        guard now != window || totals.isEmpty else { return }
        let latest = (0..<services).map { world.pool(ofService: $0).totals.rejected }
        if now > window, totals.count == latest.count {
            rates = zip(latest, totals).map { Double($0 - $1) / Double(now - window) }
        } else {
            rates = []
        }
        (window, totals) = (now, latest)
    }

    /// How many a service turned away in a second.
    func perSecond(service: Int) -> Double {
        rates.indices.contains(service) ? rates[service] : 0
    }
}
