public import Timeline

/// A fault to inject: what it does, to whom, how likely, for how long.
public struct FaultPlan: Hashable, Sendable {
    /// What it does.
    public var kind: Kind
    /// To whom.
    public var target: Target
    /// The share of calls that it hits, 0 to 1.
    public var probability: Double
    /// How long it lasts; nil until it is healed.
    public var length: Duration?

    /// What a fault does.
    public enum Kind: Hashable, Sendable {
        /// Work, or the network, takes longer by about this much; jitter is a share of it, either way.
        case latency(add: Duration, jitter: Double)
        /// Work fails after it has taken its time.
        case error
        /// Work that begins does not end before the fault is healed.
        case hang
        /// A release that does not work: work fails as it begins, in no time.
        case badDeploy
        /// Connections are half open: calls are accepted and not answered. When the fault ends, those that still wait
        /// lose their connection.
        case halfOpen
        /// Work ends, after it has taken its time, with this status of HTTP: below 500 as the caller's fault, else as an
        /// error.
        case wrongStatus(Int)
        /// The service is down: what it had is lost, what comes is refused; it restarts when the fault ends.
        case crash
        /// This share of the workers is gone.
        case capacity(lose: Double)
        /// The cache is emptied, once.
        case flush
        /// So many workers of each replica take a call and do not finish it before the fault is healed.
        case stuck(workers: Int)
        /// Health checks on an edge do not come back before the fault is healed.
        case hungProbe
        /// Health checks on an edge fail that should not.
        case falseAlarm
        /// Calls that end do not give their connection back.
        case leak
        /// What drives a saga crashes when it comes to this point; another orchestrator takes the saga over.
        case interrupt(at: CrashPoint)
        /// A node of an event store is cut off from all other nodes and from the services.
        case cut
        /// A node of an event store stands still; when it goes on, it does not know that time has passed.
        case pause
        /// Messages between the nodes of an event store, its answers to services, or events for subscribers are lost.
        case lose
        /// The key that signs the tokens for a gateway is honoured no more, while their issuer goes on signing with it.
        case expiredKey
        /// Requests of a load say of themselves what only a proxy in front of the gateway may say.
        case spoofedHeader
        /// So many bytes more of the memory are taken each second, until it is full; all of them come back at the end.
        case allocate(perSecond: Int)
    }

    /// To whom a fault can happen.
    public enum Target: Hashable, Sendable {
        /// A service, with all its operations.
        case service(Int)
        /// One replica of a service, from 0.
        case replica(service: Int, Int)
        /// One operation.
        case operation(Int)
        /// The network of an edge.
        case edge(Int)
        /// A service's cache: level 1, level 2, or 0 for both.
        case cache(service: Int, level: Int)
        /// The connections of an edge.
        case connections(edge: Int)
        /// A service's memory.
        case memory(service: Int)
        /// All nodes of an event store.
        case store(Int)
        /// One node of an event store, from 0.
        case node(store: Int, Int)
        /// A projection.
        case projection(Int)
        /// The workers and handlers of a command bus.
        case bus(Int)
        /// One of the shards of a projection's query bus, from 0.
        case shard(projection: Int, Int)
        /// What drives the sagas of a plan.
        case saga(Int)
        /// The same, as far as one of their steps goes, from 0.
        case sagaStep(saga: Int, Int)
        /// The events of a choreography, on their way to all their subscribers.
        case choreography(Int)
        /// The requests of a load.
        case load(Int)
        /// The events on their way to the subscriber that one of its policies is, from 0.
        case policy(choreography: Int, Int)
    }

    /// A fault.
    public init(_ kind: Kind, on target: Target, probability: Double = 1, for length: Duration? = nil) {
        self.kind = kind
        self.target = target
        self.probability = probability
        self.length = length
    }
}
