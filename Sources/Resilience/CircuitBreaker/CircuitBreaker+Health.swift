public import Timeline

extension CircuitBreaker {
    /// What a health checker knows of the callee.
    public enum Health: UInt8, Hashable, Sendable, CaseIterable {
        /// It answers its health checks.
        case healthy
        /// It does not.
        case unhealthy
    }

    /// What a breaker does when it is told of the callee's health.
    public enum HealthReaction: UInt8, Hashable, Sendable, CaseIterable {
        /// Nothing.
        case ignored
        /// An unhealthy callee opens it; that it is healthy again does not matter.
        case opens
        /// An unhealthy callee opens it; one that is healthy again ends the open time early.
        case halfOpens
        /// An unhealthy callee opens it; one that is healthy again closes it, without probes.
        case closes
    }

    /// Tells what a health checker found, as far as ``Settings/health`` lets it matter.
    ///
    /// A breaker that is open stays so by its open time even if the callee goes on being unhealthy. A state held
    /// by an operator stays. To report the same health twice does no harm.
    public mutating func healthChanged(to health: Health, at now: Instant) -> Transition? {
        guard settings.health != .ignored else { return nil }
        switch (health, phase) {
        case (.unhealthy, .closed), (.unhealthy, .halfOpen):
            return open(because: .unhealthy, at: now)
        case (.healthy, .open(let since, _)):
            return recover(since: since, at: now)
        case (.healthy, .halfOpen(let probes)) where settings.health == .closes:
            return recover(since: probes.since, at: now)
        default:
            return nil
        }
    }

    private mutating func recover(since: Instant, at now: Instant) -> Transition? {
        switch settings.health {
        case .ignored, .opens: nil
        case .halfOpens: startProbing(because: .healthy(waited: now - since), at: now)
        case .closes: enter(.closed, because: .healthy(waited: now - since), at: now)
        }
    }
}
