public import Resilience
public import Timeline

extension Compartment {
    /// What keeps the calls apart from those of other compartments.
    public enum Isolation: Hashable, Sendable {
        /// Threads of their own, with a queue that knows priorities and deadlines.
        case threads(ThreadPool.Settings)
        /// A number of calls at once in the callers' threads; those that wait are served in the order of arrival.
        case semaphore(Semaphore.Settings)
    }

    /// How a compartment is set; every value has been checked.
    public struct Settings: Hashable, Sendable {
        /// What keeps the calls apart.
        public let isolation: Isolation
        /// How often calls may be made; nil for no limit.
        public let limiter: RateLimiter.Settings?
        /// When to stop calling; nil for no breaker.
        public let breaker: CircuitBreaker.Settings?
        /// What to answer instead.
        public let fallback: Fallback.Settings
        /// What the end of a call means to the breaker.
        public let detector: FailureDetector

        /// Settings whose parts have been checked.
        /// - Parameters:
        ///   - isolation: threads or a semaphore.
        ///   - limiter: nil for no limit.
        ///   - breaker: nil for no breaker.
        ///   - fallback: nil for nothing to answer instead.
        ///   - detector: the usual one if nil.
        /// - Throws: nothing that the parts have not thrown before.
        public init(
            isolation: Isolation, limiter: RateLimiter.Settings? = nil, breaker: CircuitBreaker.Settings? = nil,
            fallback: Fallback.Settings? = nil, detector: FailureDetector? = nil
        ) throws(SettingError) {
            self.isolation = isolation
            self.limiter = limiter
            self.breaker = breaker
            if let fallback {
                self.fallback = fallback
            } else {
                self.fallback = try Fallback.Settings(source: nil)
            }
            self.detector = detector ?? .usual
        }
    }
}
