import Resilience
import Timeline

/// How often each tenant of a route may ask.
///
/// It knows a bounded number of tenants. Those that come after share one limit, as do those who are of none: nobody asks
/// for more than a limit allows because there are many of them.
struct TenantLimits: Sendable {
    /// How many tenants have a limit of their own.
    static let mostTenants = 10_000

    private var settings: RateLimiter.Settings
    private var places: [String: Int] = [:]
    /// The first is that of all others.
    private var limiters: [RateLimiter]

    init(_ settings: RateLimiter.Settings) {
        self.settings = settings
        limiters = [RateLimiter(settings)]
    }

    /// Goes on with another rate, for all of them.
    mutating func changeSettings(_ new: RateLimiter.Settings, at now: Instant) {
        guard new != settings else { return }
        settings = new
        for place in limiters.indices { limiters[place].changeSettings(new, at: now) }
    }

    /// Asks for one request of a tenant.
    mutating func acquire(_ tenant: String?, at now: Instant) -> RateDecision {
        limiters[place(of: tenant)].acquire(at: now)
    }

    private mutating func place(of tenant: String?) -> Int {
        guard let tenant else { return 0 }
        if let known = places[tenant] { return known }
        guard limiters.count <= Self.mostTenants else { return 0 }
        limiters.append(RateLimiter(settings))
        places[tenant] = limiters.count - 1
        return limiters.count - 1
    }
}
