internal import Timeline

/// The use at the latest ten multiples of a tenth of the window on the caller's clock, and the line through them.
struct MemoryTrend: Hashable, Sendable {
    static let most = 10

    private var samples: [Int] = []
    /// Where the latest sample is.
    private var newest = -1
    /// Which multiple of the step the latest sample, or the first observation, is at; nil before.
    private var newestNumber: Int64?
    private let step: Int64

    init(window: Duration) {
        step = max(1, window.nanoseconds / Int64(Self.most))
    }

    /// Takes the samples due since the latest, all of which see the same use.
    mutating func sample(_ used: Int, at now: Instant) {
        guard let newestNumber else {
            newestNumber = number(of: now)
            return
        }
        for _ in 0..<due(at: now, since: newestNumber) { append(used) }
        self.newestNumber = max(newestNumber, number(of: now))
    }

    /// Bytes per second through the samples by then; nil with fewer than half of them.
    func slope(of used: Int, at now: Instant) -> Double? {
        guard let newestNumber else { return nil }
        let due = due(at: now, since: newestNumber)
        let count = min(Self.most, samples.count + due)
        guard count >= Self.most / 2 else { return nil }
        let middle = Double(count - 1) / 2
        var (products, squares) = (0.0, 0.0)
        for age in 0..<count {
            let value = age < due ? used : samples[(newest - (age - due) + Self.most) % Self.most]
            let position = middle - Double(age)
            products += position * (Double(value) - Double(used))
            squares += position * position
        }
        return products / squares / (Double(step) / 1e9)
    }

    /// When the next sample is due.
    var nextSample: Instant? {
        guard let newestNumber else { return nil }
        guard newestNumber < Int64.max else { return .distantFuture }
        let (start, overflow) = (newestNumber + 1).multipliedReportingOverflow(by: step)
        return overflow ? .distantFuture : Instant(nanoseconds: start)
    }

    private mutating func append(_ used: Int) {
        newest = (newest + 1) % Self.most
        if samples.count < Self.most { samples.append(used) } else { samples[newest] = used }
    }

    private func due(at now: Instant, since newestNumber: Int64) -> Int {
        let (steps, overflow) = number(of: now).subtractingReportingOverflow(newestNumber)
        if overflow { return number(of: now) < newestNumber ? 0 : Self.most }
        return Int(min(max(0, steps), Int64(Self.most)))
    }

    private func number(of moment: Instant) -> Int64 {
        let (whole, rest) = moment.nanoseconds.quotientAndRemainder(dividingBy: step)
        return rest < 0 ? whole - 1 : whole
    }
}
