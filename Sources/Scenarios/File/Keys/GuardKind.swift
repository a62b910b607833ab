/// The kinds of guards that calls can pass through.
enum GuardKind: String, CaseIterable, Sendable {
    case semaphore
    case bulkhead
    case retry
    case hedge
    case breaker
    case timeout
    case fallback
    case balancer
    case connections
    case memory
    case limiter
    case throttle
    case concurrency
    case isolator

    /// What can be set of a guard: one value, or several by their keys.
    enum Settings: Sendable {
        case one(any Setting)
        case several(Section)
    }

    var settings: Settings {
        switch self {
        case .semaphore: .several(SemaphoreKeys.section)
        case .bulkhead: .several(BulkheadKeys.section)
        case .retry: .several(RetryKeys.section)
        case .hedge: .several(HedgeKeys.section)
        case .breaker: .several(BreakerKeys.section)
        case .timeout: .one(EdgeKeys.timeout)
        case .fallback: .several(FallbackKeys.section)
        case .balancer: .several(BalancerKeys.section)
        case .connections: .several(ConnectionKeys.section)
        case .memory: .several(MemoryKeys.section)
        case .limiter: .several(LimiterKeys.section)
        case .throttle: .several(ThrottleKeys.section)
        case .concurrency: .several(ConcurrencyKeys.section)
        case .isolator: .several(IsolatorKeys.section)
        }
    }

    var meaning: String {
        switch self {
        case .semaphore: "at most so many calls under way"
        case .bulkhead: "at most so many calls under way, and so many waiting, as a pool of threads has it"
        case .retry: "failed calls are tried again"
        case .hedge: "another attempt is made while the first still runs; the first good answer counts"
        case .breaker: "calls are refused while the service is seen to fail"
        case .timeout: "a call that takes longer has failed"
        case .fallback: "something else is answered instead of a failure"
        case .balancer: "one of several replicas is chosen; without one calls go to them in turn"
        case .connections: "each call holds a connection of a pool, and waits for one"
        case .memory: "each call holds some memory, of the calling service's if that has a limit"
        case .limiter: "calls are made so often at most"
        case .throttle: "the caller holds calls back itself, the more the more of them are turned away"
        case .concurrency: "at most as many calls under way as a limit says that follows how they fare"
        case .isolator: "calls of different sorts go through compartments of their own"
        }
    }
}
