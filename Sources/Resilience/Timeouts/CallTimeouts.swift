public import Timeline

/// The two limits of a call that may be tried several times: one for each attempt, one for the whole with the waits
/// in between.
///
/// With only the first, three attempts of 1 s and their waits keep the caller for more than 3 s; with only the
/// second, one attempt that hangs uses up the time of all. (Failsafe and Polly nest two timeouts, outside and inside
/// the retry, for the same.)
public struct CallTimeouts: Hashable, Sendable {
    /// The limit for one attempt; nil if only the whole call is limited.
    public let attempt: TimeLimit?
    /// The limit for all attempts and the waits between them; nil if only attempts are limited.
    public let overall: TimeLimit?

    /// Checks the limits, each more than zero.
    /// - Throws: a ``SettingError`` that names the first limit out of its range.
    public init(attempt: Duration? = nil, overall: Duration? = nil) throws(SettingError) {
        for (setting, limit) in [("attempt", attempt), ("overall", overall)] {
            if let limit, limit <= .zero { throw SettingError(setting, given: limit, allowed: "more than 0s") }
        }
        self.attempt = try attempt.map { limit throws(SettingError) in try TimeLimit(limit) }
        self.overall = try overall.map { limit throws(SettingError) in try TimeLimit(limit) }
    }

    /// The deadline of a whole call that begins now: the earlier of its own and the caller's.
    public func deadline(from start: Instant, callersDeadline: Deadline = .never) -> Deadline {
        overall.map { callersDeadline.limited(to: $0.limit, from: start) } ?? callersDeadline
    }

    /// Decides about an attempt of a call with that deadline; ``TimeLimit/Bound/caller`` stands for the deadline.
    public func startAttempt(at now: Instant, deadline: Deadline) -> TimeLimit.Start {
        if let attempt { return attempt.start(at: now, callersDeadline: deadline) }
        return deadline.hasPassed(at: now)
            ? .expired(late: deadline.late(at: now)) : .run(until: deadline.moment, boundBy: .caller)
    }
}
