public import Resilience

/// How a call ended.
public enum Outcome: Hashable, Sendable {
    /// It did what it was asked.
    case ok
    /// It did not, or nobody knows.
    case failed(Failure)

    /// Whether it did what it was asked.
    public var isOK: Bool { self == .ok }

    /// What kind of failure it was to the guards around the call; nil if it was none.
    var failureKind: FailureKind? { if case .failed(let failure) = self { failure.kind } else { nil } }

    var code: UInt64 {
        switch self {
        case .ok: 0
        case .failed(let failure): 1 + UInt64(failure.rawValue)
        }
    }
}

/// In which way a call failed.
public enum Failure: UInt8, CaseIterable, Hashable, Sendable {
    /// The service replied with an error.
    case error
    /// No reply came within the time limit.
    case timedOut
    /// An open circuit breaker refused it.
    case breakerOpen
    /// A bulkhead had no room.
    case bulkheadFull
    /// The service's queue was full.
    case queueFull
    /// Nobody listened: the service is down.
    case refused
    /// The service went down while it had the call.
    case connectionLost
    /// The service has voided the call's idempotency key, since its undo came first.
    case voided
    /// A call that the operation makes itself failed.
    case dependency
    /// The simulation holds as many calls as it can.
    case outOfRoom
    /// A saga took back what it had done.
    case compensated
    /// A saga could not take back all that it had done.
    case leftUndone
    /// The caller asked for something that the service never does.
    case invalid
    /// A rate limiter had no permit left.
    case rateLimited
    /// The caller held it back itself, since the service turned so many away.
    case throttled
    /// An adaptive limit on calls under way was reached.
    case limitReached
    /// No connection came free in time.
    case noConnection
    /// A memory pool had no room.
    case outOfMemory
    /// Whoever wants the answer had stopped waiting before the work began.
    case deadlineExceeded
    /// It was dropped from a queue.
    case dropped
    /// The row had changed since it was read.
    case conflict
    /// Its caller withdrew it.
    case cancelled
    /// No replica may be called.
    case noReplica
    /// There was nothing left in stock.
    case soldOut
    /// A gateway did not know who asked, or they may not ask for this.
    case unauthorized
    /// A gateway has no route for it.
    case notFound
    /// A gateway refused it, since all together or its tenant asked for too much.
    case overLimit
}

extension Failure {
    /// Where a call ended that failed in this way.
    private enum Reach {
        /// It never left its caller.
        case caller
        /// It was turned away by the service, before any work.
        case door
        /// It failed at work, and the work was not done.
        case work
        /// Nobody knows whether the work was done.
        case unknown
    }

    private var reach: Reach {
        switch self {
        case .breakerOpen, .bulkheadFull, .outOfRoom, .rateLimited, .throttled, .limitReached, .noConnection,
            .outOfMemory, .noReplica:
            .caller
        case .queueFull, .refused, .deadlineExceeded, .dropped, .unauthorized, .notFound, .overLimit: .door
        case .error, .voided, .compensated, .leftUndone, .invalid, .conflict, .soldOut: .work
        case .timedOut, .connectionLost, .dependency, .cancelled: .unknown
        }
    }

    /// What kind of failure it is to the guards around the call.
    public var kind: FailureKind {
        switch self {
        case .timedOut: .timeout
        case .refused, .connectionLost: .network
        case .breakerOpen: .circuitOpen
        case .voided, .invalid, .conflict, .soldOut, .unauthorized, .notFound: .client
        case .overLimit: .rateLimit
        case .cancelled: .cancelled
        case .deadlineExceeded: .expired
        case .error, .queueFull, .dropped, .dependency, .compensated, .leftUndone: .server
        case .bulkheadFull, .outOfRoom, .rateLimited, .throttled, .limitReached, .noConnection, .outOfMemory,
            .noReplica:
            .rejected
        }
    }

    /// Whether a guard or the service turned the call away before any work.
    public var isRejection: Bool { reach == .caller || reach == .door }

    /// Whether the call never left its caller, so that it says nothing about the service.
    public var isLocal: Bool { reach == .caller }

    /// Whether the service may have done the work all the same.
    public var mayHaveHappened: Bool { reach == .unknown }

    /// Whether it is the service itself that says so, and knows that it has not done the work.
    var isVerdict: Bool { reach == .work }
}
