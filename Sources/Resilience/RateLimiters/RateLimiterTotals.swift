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

    mutating func grant(_ count: Int) {
        granted &+= 1
        permits &+= count
    }

    mutating func delay(_ count: Int) {
        delayed &+= 1
        permits &+= count
    }

    mutating func reject() { rejected &+= 1 }

    mutating func giveBack(_ count: Int) { givenBack &+= count }
}
