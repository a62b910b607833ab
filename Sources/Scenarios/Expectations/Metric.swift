import Simulation

/// What expectations can measure: the table from which metrics are parsed, evaluated and explained.
public enum Metric: String, CaseIterable, Hashable, Sendable {
    case p50, p90, p99, p999, max, mean
    case rate
    case okRate = "ok rate"
    case errorShare = "error share"
    case failed, rejected
    case timedOut = "timed out"
    case queue, busy, utilisation
    case inFlight = "in flight"
    case bulkheadUse = "bulkhead use"
    case bulkheadQueue = "bulkhead queue"
    case connectionsInUse = "connections in use"
    case connectionWaiters = "connection waiters"
    case connectionTimeouts = "connection timeouts"
    case memoryUse = "memory use"
    case hitRatio = "hit ratio"
    case loads
    case staleHits = "stale hits"
    case lostWrites = "lost writes"
    case unwritten
    case running, compensating, completed, compensated
    case compensationFailed = "compensation failed"
    case overdue, attention, killed, recovered, stuck, alarms
    case leftOut = "left out"
    case orphaned
    case stock, oversold
    case attempts, retries, timeouts, trips, conflicts
    case attemptRate = "attempt rate"
    case ejected, unhealthy, eligible
    case busiestShare = "busiest share"
    case replicas
    case limit
    case rateLimited = "rate limited"
    case throttledShare = "throttled share"
    case faultsActive = "faults active"
    case appended
    case lostEvents = "lost events"
    case versionConflicts = "version conflicts"
    case storeTimeouts = "store timeouts"
    case conflictingEvents = "conflicting events"
    case diverged
    case projected
    case projectedTwice = "projected twice"
    case unprojected
    case lag
    case lagTime = "lag time"
    case deadLetters = "dead letters"
    case staleReads = "stale reads"
    case ownWritesMissed = "own writes missed"
    case commandsWaiting = "commands waiting"
    case commandsDone = "commands done"
    case commandRetries = "command retries"
    case overLimit = "over limit"
    case unauthorized, unrouted
    case invalidRequests = "invalid requests"
    case storedAnswers = "stored answers"
    case serverErrors = "server errors"
    case believedHeaders = "believed headers"
    case keyFetches = "key fetches"

    /// What stands in the parentheses behind a metric.
    enum Argument: String {
        /// Nothing, and no parentheses.
        case none = ""
        /// An operation, a saga or a load; with `ok` before it, only what ended well.
        case latencies = "[ok] CALLS"
        /// An operation, a saga or a load.
        case calls = "CALLS"
        case service = "SERVICE"
        case cache = "SERVICE[.LEVEL] | PROJECTION"
        case cached = "SERVICE with a cache"
        case edge = "EDGE"
        case breaker = "BREAKER"
        case bulkhead = "BULKHEAD"
        case balancer = "BALANCER"
        case concurrency = "CONCURRENCY"
        case saga = "SAGA"
        case flows = "SAGA | CHOREOGRAPHY"
        case choreography = "CHOREOGRAPHY"
        case connections = "CONNECTIONS"
        case memory = "MEMORY"
        case store = "STORE"
        case projection = "PROJECTION"
        case bus = "BUS"
        case letters = "PROJECTION | BUS | CHOREOGRAPHY"
        case gateway = "GATEWAY"
    }

    /// When a metric has a value.
    enum Timing: String {
        /// At every instant.
        case instant = "at once"
        /// At the end of every second, of the seconds before it.
        case windowed = "windowed"
    }

    /// What it is measured of.
    var argument: Argument {
        switch self {
        case .p50, .p90, .p99, .p999, .max, .mean: .latencies
        case .rate, .okRate, .errorShare, .failed, .rejected, .timedOut: .calls
        case .queue, .busy, .utilisation, .conflicts, .stock, .oversold, .replicas: .service
        case .inFlight, .faultsActive: .none
        case .bulkheadUse, .bulkheadQueue: .bulkhead
        case .connectionsInUse, .connectionWaiters, .connectionTimeouts: .connections
        case .memoryUse: .memory
        case .hitRatio: .cache
        case .loads, .staleHits, .lostWrites, .unwritten: .cached
        case .running, .compensating, .completed, .compensated, .attention, .killed: .flows
        case .compensationFailed, .overdue, .recovered, .leftOut, .stuck, .alarms: .saga
        case .orphaned: .choreography
        case .attempts, .attemptRate, .retries, .timeouts, .rateLimited, .throttledShare: .edge
        case .limit: .concurrency
        case .trips: .breaker
        case .ejected, .unhealthy, .eligible, .busiestShare: .balancer
        case .appended, .lostEvents, .versionConflicts, .storeTimeouts, .conflictingEvents, .diverged: .store
        case .projected, .projectedTwice, .unprojected, .lag, .lagTime, .staleReads, .ownWritesMissed: .projection
        case .deadLetters: .letters
        case .commandsWaiting, .commandsDone, .commandRetries: .bus
        case .overLimit, .unauthorized, .unrouted, .invalidRequests, .storedAnswers, .serverErrors, .believedHeaders,
            .keyFetches:
            .gateway
        }
    }

    /// What it is a number of.
    var unit: Unit {
        switch self {
        case .p50, .p90, .p99, .p999, .max, .mean, .lagTime: .time
        case .rate, .okRate, .attemptRate: .rate
        case .errorShare, .utilisation, .hitRatio, .memoryUse, .throttledShare, .busiestShare: .share
        case .failed, .rejected, .timedOut, .queue, .busy, .inFlight, .bulkheadUse, .bulkheadQueue, .running,
            .compensating, .completed, .compensated, .compensationFailed, .overdue, .attention, .killed, .recovered,
            .leftOut, .orphaned, .stuck, .alarms, .stock, .oversold, .attempts, .retries, .timeouts,
            .trips, .conflicts, .ejected, .unhealthy, .eligible, .replicas, .faultsActive, .connectionsInUse,
            .connectionWaiters, .connectionTimeouts, .limit, .rateLimited, .appended, .lostEvents, .versionConflicts,
            .storeTimeouts,
            .conflictingEvents, .diverged, .projected, .projectedTwice, .unprojected, .lag, .deadLetters, .staleReads,
            .loads, .staleHits, .lostWrites, .unwritten,
            .ownWritesMissed,
            .commandsWaiting, .commandsDone, .commandRetries, .overLimit, .unauthorized, .unrouted, .invalidRequests,
            .storedAnswers, .serverErrors, .believedHeaders, .keyFetches:
            .count
        }
    }

    /// The changes after which it may have another value.
    var watch: Watch {
        switch self {
        case .staleHits, .lostWrites, .unwritten, .overLimit, .unauthorized, .unrouted, .invalidRequests,
            .storedAnswers,
            .serverErrors, .believedHeaders, .keyFetches:
            .calls
        case .queue, .busy, .bulkheadUse, .bulkheadQueue, .connectionsInUse, .connectionWaiters, .memoryUse, .limit:
            .queues
        case .inFlight: .calls
        case .running, .compensating, .completed, .compensated, .compensationFailed, .overdue, .attention, .killed,
            .recovered, .leftOut, .orphaned, .stuck, .alarms:
            .sagas
        case .stock, .oversold: .ledger
        case .trips: .breakers
        case .ejected, .unhealthy, .eligible, .replicas: .replicas
        case .faultsActive: .faults
        case .appended, .lostEvents, .versionConflicts, .storeTimeouts, .conflictingEvents, .diverged: .stores
        case .projected, .projectedTwice, .staleReads, .ownWritesMissed: .projections
        case .deadLetters: [.projections, .buses, .sagas]
        case .commandsWaiting: .buses
        case .p50, .p90, .p99, .p999, .max, .mean, .rate, .okRate, .errorShare, .failed, .rejected, .timedOut,
            .utilisation, .hitRatio, .loads, .attempts, .attemptRate, .retries, .timeouts, .conflicts,
            .connectionTimeouts, .busiestShare,
            .rateLimited, .throttledShare, .unprojected, .lag, .lagTime, .commandsDone, .commandRetries:
            .windows
        }
    }

    /// When it has a value.
    var timing: Timing { watch == .windows ? .windowed : .instant }

    /// What it says.
    var meaning: String {
        switch self {
        case .p50: "half of the calls that ended took no longer, failures too"
        case .p90: "90% of the calls that ended took no longer"
        case .p99: "99% of the calls that ended took no longer"
        case .p999: "99.9% of the calls that ended took no longer"
        case .max: "the longest that a call took"
        case .mean: "what a call took on average"
        case .rate: "calls that began, in a second"
        case .okRate: "calls that ended well, in a second"
        case .errorShare: "the share of the calls that ended and did so badly"
        case .failed: "calls that ended badly"
        case .rejected: "calls that were turned away before any work"
        case .timedOut: "calls that took longer than their limit"
        case .queue: "calls in a service's queue"
        case .busy: "workers of a service that are busy"
        case .utilisation: "the share of a service's workers that are busy, on average of the seconds' ends"
        case .inFlight: "calls under way, late ones included"
        case .bulkheadUse: "calls in a bulkhead"
        case .bulkheadQueue: "calls in line at a bulkhead"
        case .connectionsInUse: "connections in use, of all pools of an edge"
        case .connectionWaiters: "calls in line for a connection"
        case .connectionTimeouts: "calls that waited for a connection in vain"
        case .memoryUse: "the share in use of a service's memory, or of the limit of an edge's memory guard"
        case .hitRatio:
            "lookups that the cache answered; of a level: of the lookups that came to it; of a projection: queries "
                + "since the beginning that an answer from before was good for"
        case .loads: "loads that the misses of a cache made, those in the background included"
        case .lostWrites: "writes that were answered with success and that no store ever got, since the beginning"
        case .unwritten: "writes of a cache that wait for their store, batches on their way included"
        case .staleHits: "answers of a cache that were older than the latest write of their key, since the beginning"
        case .running: "sagas on their way forward, or flows in which nothing has failed"
        case .compensating: "sagas on their way back, or flows in which something has failed or not come in time"
        case .completed: "sagas that did all their steps, or flows that ended well, since the beginning"
        case .compensated: "sagas that took back all that they had done, or flows that ended badly, since the beginning"
        case .compensationFailed: "sagas that could not take back all that they had done, since the beginning"
        case .overdue: "sagas that went past their limit with no way back, since the beginning"
        case .attention:
            "sagas that wait for an operator: a step or an undo does, they are paused, or something of them is not undone; "
                + "flows that are orphaned or parked"
        case .stuck: "sagas that get no further, for as long as their monitor says"
        case .alarms: "times that the monitor of a saga has called an operator, since the beginning"
        case .killed: "sagas or flows that an operator ended as they stood, since the beginning"
        case .recovered: "times that a saga was taken over after a crash of its orchestrator, since the beginning"
        case .orphaned:
            "flows of a choreography that nothing can move any more but an operator: no event, call or timeout of theirs is "
                + "under way, and yet they have not ended"
        case .leftOut: "sagas that did their steps without some that are not critical, since the beginning"
        case .stock: "pieces that a service has in stock"
        case .oversold: "how many more pieces than there were a service has given away, at the worst"
        case .attempts: "calls that went out on an edge, every attempt counted"
        case .attemptRate: "calls that went out on an edge, every attempt counted, in a second"
        case .conflicts: "writings of a service's versioned row that found it changed"
        case .retries: "attempts on an edge that repeat a failed one"
        case .timeouts: "calls on an edge that took longer than its time limit"
        case .trips: "times that a breaker opened by itself, since the beginning"
        case .ejected: "replicas that a balancer's outlier detection has ejected"
        case .unhealthy: "replicas that a balancer's health checks find unhealthy"
        case .eligible: "replicas that are neither ejected nor unhealthy to a balancer"
        case .busiestShare: "the share of a balancer's calls that the replica got that got most, since the beginning"
        case .replicas: "replicas of a service that run"
        case .limit: "calls that an adaptive limit lets be under way"
        case .rateLimited: "calls that the limiters of an edge refused"
        case .throttledShare: "the share of the calls that came to the throttles of an edge and were held back there"
        case .faultsActive: "faults in force"
        case .appended: "events that an event store has said to count, since the beginning"
        case .lostEvents: "events that an event store had said to count and has lost, since the beginning"
        case .versionConflicts: "commands that somebody else's append came in between, since the beginning"
        case .storeTimeouts: "commands whose service waited in vain for an event store, since the beginning"
        case .conflictingEvents:
            "events that were appended to one stream on two nodes at once, as far as nodes know, since the beginning; "
                + "0 where consistency is preferred"
        case .diverged: "streams that nodes that are up do not have alike; 0 where consistency is preferred"
        case .projected: "events that a projection has taken in"
        case .projectedTwice: "times that a projection has taken an event in that it had before"
        case .unprojected: "events that count and that a projection has neither taken in, set aside nor left out"
        case .lag: "places of the log between a projection and the end of what it hears of"
        case .lagTime: "how long ago the first event was appended that a projection has not dealt with"
        case .deadLetters:
            "events that a projection or the broker of a choreography has set aside, or commands that a bus has"
        case .staleReads: "queries that did not see everything that counted, since the beginning"
        case .ownWritesMissed: "queries that did not see what their own request had written, since the beginning"
        case .commandsWaiting: "commands in the queue of a bus"
        case .commandsDone: "commands that a bus has had carried out, since the beginning"
        case .commandRetries: "attempts of a bus that repeat a failed one, since the beginning"
        case .overLimit: "requests that a gateway refused since all together or their tenant asked for too much (429)"
        case .unauthorized: "requests of which a gateway did not know who asks, or they may not (401, 403)"
        case .unrouted: "requests that no route of a gateway takes (404, 405)"
        case .invalidRequests:
            "requests that a gateway refused as malformed, suspicious, of the wrong body or beyond a transform (4xx)"
        case .storedAnswers: "requests that a gateway answered with a stored response, since the beginning"
        case .serverErrors: "requests that a gateway answered with 5xx, since the beginning"
        case .believedHeaders: "requests whose spoofed headers a gateway believed, since the beginning"
        case .keyFetches: "times that the replicas of a gateway have fetched the keys of an issuer"
        }
    }

    /// How it is written.
    var syntax: String { argument == .none ? rawValue : "\(rawValue)(\(argument.rawValue))" }
}
