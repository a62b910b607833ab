import Timeline

/// How fast a run may read, so that a rebuild leaves room for others.
public enum Pace: Hashable, Sendable {
    /// As fast as it can.
    case unlimited
    /// At most so many batches a second, 0.000001 to 1000000000.
    case batches(perSecond: Double)
    /// At most this share of the time, 0.001 to 1: what a batch took is followed by a pause in proportion.
    case share(Double)

    func check() throws(SettingError) {
        switch self {
        case .unlimited: return
        case .batches(let rate):
            // Also refuses what is not a number.
            guard rate >= 1e-6, rate <= 1e9 else {
                throw SettingError("pace.batches", given: rate, allowed: "0.000001 to 1000000000")
            }
        case .share(let share):
            guard share >= 0.001, share <= 1 else {
                throw SettingError("pace.share", given: share, allowed: "0.001 to 1")
            }
        }
    }
}

/// Keeps a pace.
struct Pacer: Hashable, Sendable {
    let pace: Pace
    /// No page is read before this.
    private(set) var notBefore = Instant(nanoseconds: .min)
    private var begunAt: Instant?

    init(_ pace: Pace) {
        self.pace = pace
    }

    /// A page is asked for.
    mutating func began(at now: Instant) {
        begunAt = begunAt ?? now
        if case .batches(let rate) = pace { notBefore = now + Duration(seconds: 1 / rate) }
    }

    /// What was read is settled.
    mutating func ended(at now: Instant) {
        guard let begunAt else { return }
        self.begunAt = nil
        if case .share(let share) = pace { notBefore = now + max(.zero, now - begunAt) * ((1 - share) / share) }
    }
}
