public import Bulkheads
public import Resilience
public import Timeline

/// The way that calls take from a caller to a service: the network and the guards in front of it.
public struct EdgePlan: Sendable {
    /// Who calls.
    public enum Source: Hashable, Sendable {
        /// A service.
        case service(Int)
        /// One operation of a service, whose own way goes before its service's.
        case operation(Int)
        /// A load, from outside.
        case load(Int)
    }

    /// Its name: `shop -> payment`.
    public var name: String
    /// Who calls.
    public var source: Source
    /// Who is called.
    public var target: Int
    /// How long the network takes, each way.
    public var network: Distribution
    /// Whether calls are told when their caller stops waiting.
    public var passesDeadline: Bool
    /// Whether a call ends, with all that it holds, when its caller has gone.
    public var passesCancellation: Bool
    /// How much all retries and hedges together may do; nil for as much as they like.
    public var retryBudget: RetryBudget.Settings?
    /// The guards, outermost first; at most ``guardLimit``.
    public var guards: [GuardPlan]
    /// Whether the scenario declares it; an edge that a call needs and nobody declares has no guards and no latency.
    public var isDeclared: Bool

    /// How many guards an edge can have.
    public static var guardLimit: Int { 8 }

    /// An edge without guards or latency.
    public init(name: String, source: Source, target: Int) {
        self.name = name
        self.source = source
        self.target = target
        network = .constant(.zero)
        passesDeadline = false
        passesCancellation = false
        guards = []
        isDeclared = false
    }

    /// The service that calls, with whichever of its operations; nil for a load.
    public func caller(in plan: Plan) -> Int? {
        switch source {
        case .service(let service): service
        case .operation(let operation): plan.operations[operation].service
        case .load: nil
        }
    }

    /// The name under which the guard at a place of the chain draws: the edge's, and from the second guard of a kind
    /// on its number.
    func streamName(ofGuardAt stage: Int) -> String {
        let ordinal = guards[...stage].count { $0.name == guards[stage].name }
        return ordinal == 1 ? name : "\(name) \(ordinal)"
    }
}

/// A guard that calls on an edge pass through.
public enum GuardPlan: Sendable {
    /// At most so many calls under way, and so many waiting.
    case bulkhead(ThreadPool.Settings)
    /// At most so many calls under way; others wait for a while, if they may.
    case semaphore(Semaphore.Settings)
    /// Failed calls are tried again.
    case retry(RetryPolicy)
    /// Calls are refused while the service is seen to fail.
    case breaker(BreakerPlan)
    /// A call that takes longer counts as failed.
    case timeout(Timeout.Rule)
    /// Further attempts are made while the first still runs.
    case hedge(HedgePlan)
    /// Something else is answered instead of a failure.
    case fallback(FallbackPlan)
    /// A replica of the service is chosen.
    case balancer(BalancerPlan)
    /// Each call holds a connection of a pool.
    case connections(ConnectionsPlan)
    /// Each call holds some memory.
    case memory(MemoryPlan)
    /// Calls are made so often at most.
    case limiter(LimiterPlan)
    /// The caller holds calls back itself, the more the more of them are turned away.
    case throttle(AdaptiveThrottle.Settings)
    /// At most so many calls under way as a limit says that follows how they fare.
    case concurrency(ConcurrencyLimit.Settings)
    /// Calls of different sorts go through compartments of their own.
    case isolator(IsolatorPlan)

    /// The kind's name, as scenarios write it.
    public var name: String {
        switch self {
        case .bulkhead: "bulkhead"
        case .semaphore: "semaphore"
        case .retry: "retry"
        case .breaker: "breaker"
        case .timeout: "timeout"
        case .hedge: "hedge"
        case .fallback: "fallback"
        case .balancer: "balancer"
        case .connections: "connections"
        case .memory: "memory"
        case .limiter: "limiter"
        case .throttle: "throttle"
        case .concurrency: "concurrency"
        case .isolator: "isolator"
        }
    }
}
