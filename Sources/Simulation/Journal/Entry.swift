public import Bulkheads
public import CQRS
public import Sagas
public import Timeline

/// The number of a journal entry; entries are numbered from 1 in the order in which they happen.
public struct EntryID: Hashable, Comparable, Sendable {
    /// The number; 0 stands for none.
    public var number: UInt64

    /// An entry's number.
    public init(_ number: UInt64) {
        self.number = number
    }

    /// No entry.
    public static let none = EntryID(0)

    /// Whether the left entry was written first.
    public static func < (left: EntryID, right: EntryID) -> Bool {
        left.number < right.number
    }
}

/// One state transition: what happened where, when, why, for which request, and which entry caused it.
public struct Entry: Sendable {
    /// Its number.
    public var id: EntryID
    /// The entry that made it happen; none for an arrival or a command.
    public var cause: EntryID
    /// The request or saga that it belongs to; 0 for none. Requests are numbered from 1 as they arrive.
    public var request: UInt64
    /// When it happened.
    public var time: Instant
    /// Where it happened.
    public var place: Component
    /// What happened.
    public var what: What
    /// Why, in numbers.
    public var why: Why
}

/// A part of the simulated system, by its index in the plan.
public enum Component: Hashable, Sendable {
    /// The run as a whole.
    case system
    /// A service.
    case service(UInt16)
    /// One of several replicas of a service, from 0.
    case replica(service: UInt16, UInt8)
    /// An operation.
    case operation(UInt16)
    /// An edge.
    case edge(UInt16)
    /// The guard at a place of an edge's chain.
    case guardOn(edge: UInt16, stage: UInt8)
    /// One of the parts of such a guard: the breaker of an operation or of a replica, from 0.
    case guardPart(edge: UInt16, stage: UInt8, part: UInt16)
    /// A service's cache.
    case cache(service: UInt16)
    /// A saga of a plan.
    case saga(UInt16)
    /// A choreography.
    case choreography(UInt16)
    /// A load.
    case load(UInt16)
    /// A fault.
    case fault(UInt16)
    /// The ledger.
    case ledger
    /// An event store.
    case store(UInt16)
    /// A projection.
    case projection(UInt16)
    /// A command bus.
    case bus(UInt16)
    /// A shard of a projection's query bus, from 0.
    case shard(projection: UInt16, UInt16)
}

extension Component {
    /// One of so many parts of a guard; the guard itself if it has only one.
    func part(_ number: Int, of count: Int) -> Component {
        guard count > 1, case .guardOn(let edge, let stage) = self else { return self }
        return .guardPart(edge: edge, stage: stage, part: UInt16(number))
    }
}

/// What can happen.
public enum What: UInt8, CaseIterable, Sendable {
    // A request, from outside.
    case arrived, answered, failed
    // An attempt of a call on its way through an edge.
    case sent, replied, waits, rejected, timedOut, backsOff, gaveUp, cameTooLate, cancelled, hedged, fellBack
    // Work inside a service.
    case queued, startedWork, finishedWork, failedWork, turnedAway, connectionLost, dropped
    // A read through a service's cache.
    case foundInCache, missedCache, joinedLoad, servedStale
    // Writes of a cache that reach their store later.
    case flushedWrites, writesLost, warms
    // A circuit breaker.
    case opened, halfOpened, closed, forced
    // An adaptive limit.
    case limitChanged
    // The replicas of a service, as a balancer sees them.
    case unhealthy, healthy, ejected, readmitted, panicked, calmed
    // A pool of connections or of memory.
    case connected, disconnected, connectFailed, leaked, evicted, alerted
    // A saga.
    case sagaStarted, stepStarted, stepDone, stepFailed, stepBacksOff, compensates, undoStarted, undoDone, undoFailed
    case overdue, completed, compensated, compensationFailed
    // A saga, what drives it, and its operator.
    case sagaInterrupted, sagaRecovered, sagaStalled, sagaPaused, sagaResumed, sagaKilled, stepSkipped, undoResolved
    case lockAwaited, sagaLocked, ordered, deployed, operatorCalled
    // A choreography.
    case eventPublished, eventDelivered, undelivered, eventRepeated, eventRefused, reactionFailed, flowOrphaned,
        flowParked
    // A command on its way to an aggregate, and a query to a projection.
    case commandSent, decided, queried
    // An event store.
    case appended, conflicted, leads, eventsLost
    // An event store that prefers availability.
    case diverged, converged, concurrent, overruled
    // A projection.
    case projected, setAside, leftOut, projectedAgain, notPublished, projectionStopped, projectionStarted, replays
    case rebuilds, switched, readStale
    // A gateway.
    case passedStage, awaitsKeys, answeredByGateway, responded, keysFetched, keysRotated
    // Faults.
    case faultInjected, faultHit, faultHealed
    // A service under a fault.
    case crashed, restarted, flushed, resized, scaled
    // Money.
    case booked
    // The operator and the run.
    case settingChanged, loadStopped, outOfRoom

    /// Whether it happens to every healthy request, so that a summary leaves it out.
    public var isRoutine: Bool {
        switch self {
        case .arrived, .answered, .sent, .replied, .queued, .startedWork, .finishedWork, .joinedLoad, .flushedWrites,
            .waits, .booked, .sagaStarted, .sagaLocked, .stepStarted, .stepDone, .completed, .faultHit, .limitChanged,
            .connected, .disconnected, .eventPublished, .eventDelivered, .eventRepeated, .hedged, .appended, .projected,
            .passedStage, .responded, .foundInCache, .missedCache, .commandSent, .decided, .queried:
            true
        case .failed, .rejected, .timedOut, .backsOff, .gaveUp, .cameTooLate, .cancelled, .fellBack, .failedWork,
            .turnedAway, .connectionLost, .dropped, .servedStale, .writesLost, .warms, .opened, .halfOpened, .closed,
            .forced, .unhealthy, .healthy, .ejected, .readmitted, .panicked, .calmed, .connectFailed, .leaked, .evicted,
            .alerted, .stepFailed, .stepBacksOff, .compensates, .undoStarted, .undoDone, .undoFailed, .sagaInterrupted,
            .sagaRecovered, .sagaStalled, .sagaPaused, .sagaResumed, .sagaKilled, .stepSkipped, .undoResolved,
            .lockAwaited, .ordered, .deployed, .operatorCalled, .undelivered, .eventRefused, .reactionFailed,
            .flowOrphaned, .flowParked, .overdue, .compensated, .compensationFailed, .faultInjected, .faultHealed,
            .crashed, .restarted, .flushed, .resized, .scaled, .settingChanged, .loadStopped, .outOfRoom, .conflicted,
            .leads, .eventsLost, .diverged, .converged, .concurrent, .overruled, .setAside, .leftOut, .projectedAgain,
            .notPublished, .projectionStopped, .projectionStarted, .replays, .rebuilds, .switched, .readStale,
            .awaitsKeys, .answeredByGateway, .keysFetched, .keysRotated:
            false
        }
    }
}

extension What {
    /// Whether a component is different afterwards, rather than that a request has gone a step further: rare enough for a
    /// recording to keep every one.
    public var isTransition: Bool {
        switch self {
        case .opened, .halfOpened, .closed, .forced, .unhealthy, .healthy, .ejected, .readmitted, .panicked, .calmed,
            .alerted, .faultInjected, .faultHealed, .crashed, .restarted, .flushed, .resized, .scaled, .settingChanged,
            .loadStopped, .leads, .eventsLost, .diverged, .converged, .projectionStopped, .projectionStarted, .replays,
            .rebuilds, .switched, .keysFetched, .keysRotated:
            true
        default:
            false
        }
    }
}

/// Why it happened, in numbers.
public enum Why: Hashable, Sendable {
    /// What happened says it all.
    case itself
    /// Attempt so many of at most so many; 0 for no limit.
    case attempt(UInt16, of: UInt16)
    /// It took so long.
    case took(Duration)
    /// A limit of so long has passed.
    case limit(Duration)
    /// The next try is so far off.
    case delay(Duration)
    /// It is of no use to try again before so long has passed.
    case retryAfter(Duration)
    /// So much was in use of so much.
    case occupancy(used: UInt32, of: UInt32)
    /// A share of bad results reached its threshold.
    case rate(RateKind, bad: UInt32, of: UInt32, threshold: Float)
    /// So many of so many failed, where so many are too many; 0 where a rule of the caller's own says so.
    case failures(UInt32, of: UInt32, limit: UInt32)
    /// So many in a row failed, where so many are too many.
    case inARow(UInt32, limit: UInt32)
    /// A health checker found it well, or not.
    case health(isGood: Bool)
    /// So many probes came back well.
    case probes(ok: UInt16, of: UInt16)
    /// A call failed in this way.
    case failure(Failure)
    /// A step of a saga, in this attempt.
    case step(UInt8, attempt: UInt16)
    /// A step of a saga failed in this way.
    case stepFailure(UInt8, Failure)
    /// An event of a choreography, by its type.
    case flowEvent(UInt8)
    /// An event of a choreography changes nothing, for this reason.
    case refusedEvent(UInt8, Flow.Reason)
    /// The subscriber that a policy is, in this attempt to deliver to it.
    case policy(UInt8, attempt: UInt16)
    /// What a policy asks for has failed in this way.
    case policyFailure(UInt8, Failure)
    /// So many undos were left undone.
    case undone(UInt8, of: UInt8)
    /// So many cents were booked to an account.
    case cents(Int64, account: UInt16)
    /// A command of the operator or the scenario, by its number.
    case command(UInt32)
    /// So many of something.
    case count(UInt32)
    /// What so many events say that were read.
    case events(UInt32)
    /// A share has crossed its limit.
    case share(RateKind, Float, limit: Float)
    /// So many replicas may be called, of so many.
    case replicas(eligible: UInt16, of: UInt16)
    /// All callers together have retried as much as they may.
    case budgetSpent
    /// A connection was closed for this reason.
    case closing(ConnectionPool.CloseReason)
    /// So many bytes.
    case bytes(Float)
    /// So many bytes would have been in use of so many: the limit of the guard, or the memory of the caller.
    case noMemory(wanted: Float, of: Float, isOwnLimit: Bool)
    /// So many bytes are in use of so many, which is that critical.
    case memory(used: Float, of: Float, MemoryMonitor.Pressure)
    /// All will be full so soon, at so many bytes a second.
    case filling(in: Duration, growth: Float)
    /// This node, in this epoch.
    case node(UInt8, epoch: UInt32)
    /// This stream, from 0, at this node.
    case stream(UInt32, node: UInt8)
    /// An event, by its place in the log, cannot be dealt with.
    case event(position: UInt32, EventFailure)
    /// An operator should look at a saga for these reasons.
    case alarms(SagaMonitor.Alarms)
    /// A bus had the answer from before, or a shard has answered.
    case answer(isStored: Bool)
    /// A stage of a gateway, by its number, took so long.
    case stage(UInt8, took: Duration)
    /// A request ended with this status, in this way.
    case status(UInt16, GatewayEnd)
    /// It was so much, and now is so much.
    case changed(from: UInt32, to: UInt32)

    /// What a rate is of.
    public enum RateKind: UInt8, Sendable {
        /// Failed calls.
        case failures
        /// Slow calls.
        case slowCalls
        /// Calls that went well.
        case successes
        /// Calls that found no room, or no answer in time.
        case refusals
    }
}
