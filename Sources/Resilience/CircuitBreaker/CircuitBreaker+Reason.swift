public import Timeline

extension CircuitBreaker {
    /// Why a breaker changed its phase. Thresholds and rates are shares from 0 to 1.
    public enum Reason: Hashable, Sendable {
        /// Too many of the window's calls failed.
        case failureRate(failed: Int, of: Int, threshold: Double)
        /// Too many calls in the window failed, whatever the others.
        case failures(Int, of: Int, threshold: Int)
        /// Too many calls failed in a row.
        case consecutiveFailures(Int, threshold: Int)
        /// Too many of the window's calls were slow.
        case slowCallRate(slow: Int, of: Int, threshold: Double)
        /// The caller's own rule said so, when the counts were these.
        case callersRule(failed: Int, of: Int, consecutiveFailures: Int)
        /// The callee asked to be left alone for so long.
        case retryAfter(Duration)
        /// A health checker found the callee unhealthy.
        case unhealthy
        /// A health checker found the callee healthy again, so long after the phase had begun.
        case healthy(waited: Duration)
        /// The breaker has been open long enough to try again.
        case openTimeOver(waited: Duration)
        /// Enough of the probes were good.
        case probesSucceeded(Int, of: Int)
        /// Too many of the probes failed.
        case probesFailed(Int, of: Int, threshold: Double)
        /// Too many of the probes were slow.
        case probesSlow(Int, of: Int, threshold: Double)
        /// A probe's result was ignored.
        case probeIgnored
        /// The half-open phase lasted its limit and probes were still missing.
        case halfOpenLimit(reported: Int, of: Int, limit: Duration)
        /// An operator forced the state.
        case forced
        /// An operator reset the breaker.
        case reset
    }
}
