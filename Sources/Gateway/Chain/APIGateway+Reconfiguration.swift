import Resilience
public import Timeline

extension APIGateway {
    /// Goes on with other settings, for requests that are under way too. What is stored and known stays; a limit has as
    /// many permits left as its new rate allows of them.
    /// - Parameter routes: as many as before, in the same order; their methods and paths are not looked at.
    public mutating func changeSettings(_ new: GatewaySettings, _ routes: [Route], at now: Instant) {
        guard routes.count == self.routes.count else { return }
        settings = new
        if let settings = new.limit {
            if limit == nil { limit = RateLimiter(settings) } else { limit?.changeSettings(settings, at: now) }
        } else {
            limit = nil
        }
        for (place, route) in routes.enumerated() {
            self.routes[place] = route
            guard let settings = route.tenantLimit else {
                tenantLimits[place] = nil
                continue
            }
            if tenantLimits[place] == nil {
                tenantLimits[place] = TenantLimits(settings)
            } else {
                tenantLimits[place]?.changeSettings(settings, at: now)
            }
        }
    }
}
