public import Resilience
public import Timeline

/// One watertight part of a service: a bulkhead with a rate limiter before it, a circuit breaker, and a fallback.
///
/// A call asks ``ask(_:priority:deadline:at:)`` and meets the guards in this order: the limiter, the breaker, the
/// bulkhead. Whoever refuses it, the others lose nothing by it: an open breaker or a full bulkhead costs no token, and
/// a call that a full bulkhead refused is reported to the breaker as ignored, since it says nothing about the callee.
/// What has run is reported by ``ended(_:failure:forNobody:at:)``, which names the call that takes its place.
///
/// Every call that is let in has a permit until it has ended, or has been withdrawn, or has been dropped from the
/// queue; a permit handed back twice does nothing. Failures and refusals are offered to the fallback, which answers
/// those of the kinds that it is for.
///
/// The order is that of `HystrixCommand` (breaker, then semaphore or thread pool, then fallback).
public struct Compartment: Hashable, Sendable {
    /// The settings in force; ``changeSettings(_:at:)`` replaces them.
    public internal(set) var settings: Settings
    /// The limiter; nil if none is set.
    public internal(set) var limiter: RateLimiter?
    /// The breaker; nil if none was ever set.
    public internal(set) var breaker: CircuitBreaker?
    /// The threads that run the calls; nil if a semaphore guards them.
    public internal(set) var threads: ThreadPool?
    /// The semaphore that guards the calls; nil if threads run them.
    public internal(set) var semaphore: Semaphore?
    /// What answers instead of calls that fail or are refused.
    public internal(set) var fallback: Fallback
    /// Everything counted since the start.
    public internal(set) var totals = Totals()
    /// The latest call that was not let in, and why; nil before the first.
    public internal(set) var lastRefusal: Refusal?

    var calls = CallTable()

    /// An empty compartment.
    public init(_ settings: Settings) {
        self.settings = settings
        limiter = settings.limiter.map { RateLimiter($0) }
        breaker = settings.breaker.map { CircuitBreaker($0) }
        fallback = Fallback(settings.fallback)
        switch settings.isolation {
        case .threads(let threads): self.threads = ThreadPool(threads)
        case .semaphore(let semaphore): self.semaphore = Semaphore(semaphore)
        }
    }

    /// Calls that run.
    public var running: Int { calls.running }

    /// Calls that wait in the queue.
    public var queued: Int { calls.queued }

    /// When the call that has waited longest was let in; nil if none waits.
    public var oldestWaiterSince: Instant? { threads?.oldestWaiterSince ?? semaphore?.oldestWaiterSince }

    /// A call's number as long as it is in the compartment: its place, and how often the place has been used before.
    ///
    /// Four bytes, to be stored as they are. A place's count begins again after 4096 uses.
    public struct Permit: Hashable, Sendable {
        /// The number.
        public let number: UInt32

        /// The permit of a number, for a caller that stores the bare number.
        public init(number: UInt32) {
            self.number = number
        }
    }
}
