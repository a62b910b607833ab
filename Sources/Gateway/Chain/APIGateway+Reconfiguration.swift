import Resilience
public import Timeline

extension APIGateway {
    /// Goes on with other settings, for requests that are under way too. What is stored and known stays, and so does the
    /// order of the stages; a limit has as many permits left as its new rate allows of them.
    /// - Parameter routes: as many as before, in the same order; their methods and paths are not looked at.
    public mutating func changeSettings(_ new: GatewaySettings, _ routes: [Route], at now: Instant) {
        guard routes.count == self.routes.count else { return }
        let order = settings.order
        settings = new
        settings.order = order
        self.routes = routes
        stages = StageSet(order.stages.filter { settings.needs($0, for: routes) })
        ids = stages.contains(.requestID) ? new.ids : nil
        tracing = stages.contains(.tracing) ? new.tracing : nil
        limit.change(to: new.limit, at: now)
        for (place, route) in routes.enumerated() {
            routeLimits[place].change(to: route.limit, at: now)
            tenantLimits[place].change(to: route.tenantLimit, at: now)
        }
    }
}

extension Optional<RateLimiter> {
    fileprivate mutating func change(to settings: RateLimiter.Settings?, at now: Instant) {
        guard let settings else { return self = nil }
        if self == nil { self = RateLimiter(settings) } else { self?.changeSettings(settings, at: now) }
    }
}

extension Optional<TenantLimits> {
    fileprivate mutating func change(to settings: RateLimiter.Settings?, at now: Instant) {
        guard let settings else { return self = nil }
        if self == nil { self = TenantLimits(settings) } else { self?.changeSettings(settings, at: now) }
    }
}
