public import Timeline

/// How long one attempt of a call may take.
///
/// The caller's own deadline still holds: whichever comes first ends the attempt.
public struct TimeLimit: Hashable, Sendable {
    /// The longest time for one attempt.
    public let limit: Duration

    /// Checks the limit, which must be more than zero.
    /// - Throws: a ``SettingError`` otherwise.
    public init(_ limit: Duration) throws(SettingError) {
        guard limit > .zero else { throw SettingError("timeout", given: limit, allowed: "more than 0s") }
        self.limit = limit
    }

    /// When an attempt that starts now must be over: the earlier of its own limit and the caller's deadline.
    public func deadline(from start: Instant, callersDeadline: Instant? = nil) -> Instant {
        min(start + limit, callersDeadline ?? .distantFuture)
    }

    /// Which of the two deadlines ends an attempt.
    public enum Bound: Hashable, Sendable {
        /// The limit for one attempt.
        case limit
        /// The deadline of whoever makes the call.
        case caller
    }

    /// Whether an attempt is worth starting.
    public enum Start: Hashable, Sendable {
        /// Start, and end it then at the latest, because of that bound.
        case run(until: Instant, boundBy: Bound)
        /// Do not start: the caller stopped waiting so long ago.
        case expired(late: Duration)
    }

    /// Decides about an attempt that would start now; it expires at once if the caller's deadline has come.
    public func start(at now: Instant, callersDeadline: Instant? = nil) -> Start {
        start(at: now, callersDeadline: callersDeadline.map { Deadline($0) } ?? .never)
    }
}

extension TimeLimit {
    /// When an attempt that starts now must be over: the earlier of its own deadline and the caller's.
    public func deadline(from start: Instant, callersDeadline: Deadline) -> Deadline {
        callersDeadline.limited(to: limit, from: start)
    }

    /// Decides about an attempt that would start now; it expires at once if the caller's deadline has come.
    public func start(at now: Instant, callersDeadline: Deadline) -> Start {
        Self.start(until: now + limit, at: now, callersDeadline)
    }

    /// Decides about an attempt whose own limit ends then.
    static func start(until own: Instant, at now: Instant, _ callersDeadline: Deadline) -> Start {
        guard callersDeadline.moment < own else { return .run(until: own, boundBy: .limit) }
        guard !callersDeadline.hasPassed(at: now) else { return .expired(late: callersDeadline.late(at: now)) }
        return .run(until: callersDeadline.moment, boundBy: .caller)
    }
}
