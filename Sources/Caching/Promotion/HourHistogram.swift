import Timeline

/// On how many days each hour of the day saw a key.
struct HourHistogram: Sendable {
    /// One lane for each hour; the last eight are not used.
    private var visits = SIMD32<UInt8>()
    /// The hour, counted through the days, from which on visits are known.
    private var knownSince: Int64
    private var lastVisit: Int64?

    init(hour: Int64) {
        knownSince = hour
    }

    /// The key was used in this hour, counted through the days; only the first use of an hour counts.
    mutating func visit(_ hour: Int64) {
        guard hour != lastVisit else { return }
        lastVisit = hour
        let place = DayClock.hourOfDay(hour)
        visits[place] += 1
        guard visits[place] == .max else { return }
        // Halves the past, as if it had been half as long.
        visits = visits &>> 1
        knownSince = hour - (hour - knownSince) / 2
    }

    /// 0 to 1: how much the visits keep to certain hours, as ``AccessPattern/seasonality`` says.
    func seasonality(at hour: Int64) -> Double {
        var total = 0
        var weighted = 0.0
        for place in 0..<24 {
            total += Int(visits[place])
            weighted += Self.countTimesLogarithm[Int(visits[place])]
        }
        let known = min(24, hour - knownSince + 1)
        let outcomes = min(Int(known), total)
        guard outcomes > 1 else { return 0 }
        let entropy = ElementaryFunctions.log(Double(total)) - weighted / Double(total)
        let most = ElementaryFunctions.log(Double(outcomes))
        return max(0, 1 - entropy / most) * (1 - 1 / Double(total))
    }

    /// 0 to 1: how likely a visit in this hour is, which is later than the last visit: n visits on d days are worth
    /// n / (d + 1), so that one day is no habit.
    func likelihood(inHour hour: Int64) -> Double {
        let days = max(0, hour - knownSince) / 24
        return min(1, Double(visits[DayClock.hourOfDay(hour)]) / Double(days + 1))
    }

    /// n ln n for every count.
    private static let countTimesLogarithm = (0...255).map { count in
        count == 0 ? 0 : Double(count) * ElementaryFunctions.log(Double(count))
    }
}
