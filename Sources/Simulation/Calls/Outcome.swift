/// How a call ended.
public enum Outcome: Hashable, Sendable {
    /// It did what it was asked.
    case ok
    /// It did not, or nobody knows.
    case failed(Failure)

    /// Whether it did what it was asked.
    public var isOK: Bool { self == .ok }

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

    /// Whether a guard or the service turned the call away before any work.
    public var isRejection: Bool {
        switch self {
        case .breakerOpen, .bulkheadFull, .queueFull, .refused, .outOfRoom: true
        case .error, .timedOut, .connectionLost, .voided, .dependency, .compensated, .leftUndone: false
        }
    }

    /// Whether the call never left its caller, so that it says nothing about the service.
    public var isLocal: Bool {
        switch self {
        case .breakerOpen, .bulkheadFull, .outOfRoom: true
        case .error, .timedOut, .queueFull, .refused, .connectionLost, .voided, .dependency, .compensated, .leftUndone:
            false
        }
    }

    /// Whether the service may have done the work all the same.
    public var mayHaveHappened: Bool {
        switch self {
        case .timedOut, .connectionLost, .dependency: true
        case .error, .breakerOpen, .bulkheadFull, .queueFull, .refused, .voided, .outOfRoom, .compensated, .leftUndone:
            false
        }
    }
}
