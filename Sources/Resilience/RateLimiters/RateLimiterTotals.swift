internal import Timeline

/// What a rate limiter answered since the start.
public struct RateLimiterTotals: Hashable, Sendable {
    /// Requests granted at once.
    public private(set) var granted = 0
    /// Requests granted with a wait.
    public private(set) var delayed = 0
    /// Requests rejected.
    public private(set) var rejected = 0
    /// Permits granted, at once or with a wait.
    public private(set) var permits = 0
    /// Permits that came back unused.
    public private(set) var givenBack = 0
    /// Permits taken that were used elsewhere.
    public private(set) var debited = 0

    mutating func count(_ decision: RateDecision, permits: Int) {
        switch decision {
        case .granted(after: .zero): granted &+= 1
        case .granted: delayed &+= 1
        case .rejected:
            rejected &+= 1
            return
        }
        self.permits &+= max(0, permits)
    }

    mutating func debit(_ count: Int) { debited &+= count }

    mutating func giveBack(_ count: Int) { givenBack &+= count }
}
