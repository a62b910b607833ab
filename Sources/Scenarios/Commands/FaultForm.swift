public import Simulation

/// The faults that `inject` knows, which targets each can have, and what can be said of it.
public enum FaultForm: String, CaseIterable, Hashable, Sendable {
    /// Work, or the network of an edge, takes longer.
    case latency
    /// Work fails, or a reply is lost.
    case error
    /// Work, or a message, does not come back.
    case hang
    /// A release does not work: work fails at once.
    case badDeploy = "bad-deploy"
    /// Calls are accepted and not answered.
    case halfOpen = "half-open"
    /// Work ends with a status that it should not.
    case wrongStatus = "wrong-status"
    /// A service is down.
    case crash
    /// A service has fewer workers.
    case capacity
    /// A cache is emptied.
    case flush
    /// Some workers take a call and do not finish it.
    case stuck
    /// Health checks do not come back.
    case hungProbe = "hung-probe"
    /// Health checks fail that should not.
    case falseAlarm = "false-alarm"
    /// Calls keep their connections.
    case leak
    /// A service's memory fills.
    case allocate
    /// A node of an event store is cut off.
    case cut
    /// A node of an event store stands still.
    case pause
    /// Messages of a node of an event store or of a projection, or events for subscribers, are lost.
    case lose
    /// What drives a saga crashes at a certain point.
    case interrupt
    /// The key that signs tokens for a gateway is honoured no more.
    case expiredKey = "expired-key"
    /// Requests of a load say of themselves what only a proxy may say.
    case spoofedHeader = "spoofed-header"

    /// The faults that a target can have.
    public static func possible(on target: FaultPlan.Target) -> [FaultForm] {
        allCases.filter { $0.targets.contains(TargetKind(target)) }
    }

    init(_ kind: FaultPlan.Kind) {
        self =
            switch kind {
            case .latency: .latency
            case .error: .error
            case .hang: .hang
            case .badDeploy: .badDeploy
            case .halfOpen: .halfOpen
            case .wrongStatus: .wrongStatus
            case .crash: .crash
            case .capacity: .capacity
            case .flush: .flush
            case .stuck: .stuck
            case .hungProbe: .hungProbe
            case .falseAlarm: .falseAlarm
            case .leak: .leak
            case .allocate: .allocate
            case .cut: .cut
            case .pause: .pause
            case .lose: .lose
            case .interrupt: .interrupt
            case .expiredKey: .expiredKey
            case .spoofedHeader: .spoofedHeader
            }
    }

    /// What a fault can happen to.
    enum TargetKind: String {
        case service = "a service"
        case replica = "a replica"
        case operation = "an operation"
        case edge = "an edge"
        case cache = "a service with a cache"
        case cacheLevel = "a level of a cache"
        case connections = "an edge with connections"
        case memory = "a service with memory"
        case store = "an event store"
        case node = "a node of an event store"
        case projection = "a projection"
        case bus = "a command bus"
        case shard = "a shard of a query bus"
        case saga = "a saga"
        case sagaStep = "a step of a saga"
        case choreography = "a choreography"
        case policy = "a policy of a choreography"
        case gateway = "a gateway with tokens"
        case load = "a load"

        init(_ target: FaultPlan.Target) {
            self =
                switch target {
                case .service: .service
                case .replica: .replica
                case .operation: .operation
                case .edge: .edge
                case .cache(_, let level): level == 0 ? .cache : .cacheLevel
                case .connections: .connections
                case .memory: .memory
                case .store: .store
                case .node: .node
                case .projection: .projection
                case .bus: .bus
                case .shard: .shard
                case .saga: .saga
                case .sagaStep: .sagaStep
                case .choreography: .choreography
                case .policy: .policy
                case .load: .load
                }
        }
    }

    /// The targets that it can have.
    var targets: [TargetKind] {
        switch self {
        case .latency:
            [
                .service, .replica, .operation, .edge, .cacheLevel, .store, .node, .projection, .bus, .shard,
                .choreography,
                .policy,
            ]
        case .error: [.service, .replica, .operation, .edge, .cacheLevel, .projection, .bus, .shard]
        case .hang: [.service, .replica, .operation, .edge]
        case .badDeploy: [.service, .replica]
        case .halfOpen: [.service, .replica, .edge]
        case .wrongStatus: [.service, .replica, .operation]
        case .crash: [.service, .replica, .store, .node, .projection, .bus, .shard]
        case .capacity, .stuck: [.service, .replica]
        case .cut, .pause: [.node]
        case .lose: [.store, .node, .projection, .choreography, .policy]
        case .hungProbe, .falseAlarm: [.edge]
        case .flush: [.cache, .cacheLevel]
        case .leak: [.connections]
        case .allocate: [.memory]
        case .interrupt: [.saga, .sagaStep]
        case .expiredKey: [.gateway]
        case .spoofedHeader: [.load]
        }
    }

    /// How it is written, behind `inject`.
    var syntax: String {
        switch self {
        case .latency: "latency on TARGET add DURATION [jitter SHARE] [with probability SHARE] [for DURATION]"
        case .error: "error on TARGET [with probability SHARE] [for DURATION]"
        case .hang: "hang on TARGET [with probability SHARE] [for DURATION]"
        case .badDeploy: "bad-deploy on SERVICE[#REPLICA] [with probability SHARE] [for DURATION]"
        case .halfOpen: "half-open on SERVICE[#REPLICA] | EDGE [with probability SHARE] [for DURATION]"
        case .wrongStatus: "wrong-status on TARGET status STATUS [with probability SHARE] [for DURATION]"
        case .crash: "crash on SERVICE[#REPLICA] | STORE[#NODE] | PROJECTION[#SHARD] | BUS [for DURATION]"
        case .cut: "cut on STORE#NODE [for DURATION]"
        case .pause: "pause on STORE#NODE [for DURATION]"
        case .lose: "lose on STORE[#NODE] | PROJECTION | CHOREOGRAPHY[.POLICY] [with probability SHARE] [for DURATION]"
        case .capacity: "capacity on SERVICE[#REPLICA] lose SHARE [for DURATION]"
        case .flush: "flush on SERVICE[.LEVEL]"
        case .stuck: "stuck on SERVICE[#REPLICA] workers COUNT [for DURATION]"
        case .hungProbe: "hung-probe on EDGE [with probability SHARE] [for DURATION]"
        case .falseAlarm: "false-alarm on EDGE [with probability SHARE] [for DURATION]"
        case .leak: "leak on EDGE [with probability SHARE] [for DURATION]"
        case .allocate: "allocate on SERVICE add BYTES [for DURATION]"
        case .interrupt: "interrupt on SAGA[.STEP] at POINT [with probability SHARE] [for DURATION]"
        case .expiredKey: "expired-key on GATEWAY [for DURATION]"
        case .spoofedHeader: "spoofed-header on LOAD [with probability SHARE] [for DURATION]"
        }
    }

    /// What it does.
    var meaning: String {
        switch self {
        case .latency:
            "work, a batch, an event, the network of an edge, the disk of a node, or a lookup in a level of a cache, takes "
                + "longer by about so much"
        case .cut: "a node of an event store cannot reach the other nodes, nor they it; services still reach it"
        case .pause: "a node of an event store stands still; it goes on as if no time had passed"
        case .lose:
            "messages from and to a node of an event store, to a projection and its answers, or events on their way to "
                + "those who have subscribed to them, are lost"
        case .error:
            "work fails after it has taken its time; on an edge the reply is lost; a level of a cache has no answer"
        case .badDeploy: "work fails as it begins, in no time; shallow health checks do not see it, deep ones do"
        case .halfOpen:
            "calls are accepted and not answered, without a worker or a queue; who opens a new connection, as a shallow "
                + "health check does, is refused; at the end the calls that still wait lose their connection"
        case .wrongStatus:
            "work ends with a status of HTTP after it has taken its time: 400 to 499 is the caller's fault, 500 to 599 an error"
        case .hang: "work, or a message, does not come back before the fault is healed"
        case .crash:
            "the service, the node, the projection, its shard or the workers of the bus are down: what they had is lost"
        case .capacity: "so many of the workers are gone; at least one stays"
        case .flush: "the cache is emptied, once"
        case .stuck: "so many workers of each replica take a call and do not finish it before the fault is healed"
        case .hungProbe: "health checks of the edge's balancer do not come back before the fault is healed"
        case .falseAlarm: "health checks of the edge's balancer fail, whatever the replica says"
        case .leak: "calls that end do not give their connection back"
        case .allocate: "so much more memory is taken each second, until it is full; all comes back at the end"
        case .expiredKey:
            "the key that signs the tokens of a gateway's clients is honoured no more, and its issuer goes on with it"
        case .spoofedHeader:
            "requests carry X-Forwarded-For, X-Forwarded-Host and X-Tenant-ID, as only a proxy before the gateway may"
        case .interrupt:
            "what drives a saga crashes at \(CrashPoint.allCases.map(\.rawValue).joined(separator: ", ")); another takes over"
        }
    }

    /// What may be said behind the target, by the word that it begins with.
    public enum Clause: String, CaseIterable, Hashable, Sendable {
        /// How much longer it takes.
        case add
        /// How many bytes more it takes each second.
        case bytes
        /// By what share the added latency varies.
        case jitter
        /// The share of the workers that are gone.
        case lose
        /// How many workers are stuck.
        case workers
        /// With which status work ends.
        case status
        /// At which point it happens.
        case point = "at"
        /// The share of the calls that it happens to.
        case probability = "with"
        /// How long it stays.
        case length = "for"

        /// The word that it begins with.
        var word: String { self == .bytes ? Self.add.rawValue : rawValue }

        /// The clause with a value, as a line has it: `with probability 5%`.
        public func text(_ value: String) -> String {
            switch self {
            case .add, .bytes, .jitter, .lose, .workers, .status, .point, .length: "\(word) \(value)"
            case .probability: "\(rawValue) probability \(value)"
            }
        }
    }

    /// The clauses that may follow the target.
    public var possibleClauses: [Clause] {
        switch self {
        case .latency: [.add, .jitter, .probability, .length]
        case .error, .hang, .badDeploy, .halfOpen, .leak, .hungProbe, .falseAlarm, .lose, .spoofedHeader:
            [.probability, .length]
        case .wrongStatus: [.status, .probability, .length]
        case .allocate: [.bytes, .length]
        case .crash, .cut, .pause, .expiredKey: [.length]
        case .capacity: [.lose, .length]
        case .stuck: [.workers, .length]
        case .flush: []
        case .interrupt: [.point, .probability, .length]
        }
    }

    /// The words that the clauses begin with.
    var clauses: [String] { possibleClauses.map(\.word) }
}
