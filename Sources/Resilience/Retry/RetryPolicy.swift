public import Timeline

/// Whether and when to try again after a failure.
///
/// A call that fails keeps a ``RetryState`` and asks ``next(after:state:retryAfter:at:using:)``. Chance comes from the
/// caller's random stream; without jitter nothing is drawn.
public struct RetryPolicy: Hashable, Sendable {
    /// How often a call is tried at most, the first time included.
    public let attempts: Int
    /// How the wait between attempts grows.
    public let backoff: Backoff
    /// How chance spreads the wait.
    public let jitter: Jitter
    /// The failures that are worth another attempt.
    public let retryable: FailureKinds
    /// How long after the start of the first attempt the last may begin; nil for as long as it takes.
    public let maxDuration: Duration?
    /// What becomes of a wait that would end after ``maxDuration``.
    public let overrun: Overrun
    /// What a wait that the callee asked for counts.
    public let serverDelay: ServerDelay

    /// As many attempts as it takes.
    public static let unlimited = Int.max

    /// What becomes of a wait that would end after the longest duration.
    public enum Overrun: Hashable, Sendable {
        /// It is cut short, so that the last attempt begins just in time (failsafe-go). A wait that the callee asked
        /// for is not: there the call fails.
        case shortens
        /// The call fails (Temporal).
        case givesUp
    }

    /// What a wait that the callee asked for (`Retry-After`) counts, up to a limit.
    public enum ServerDelay: Hashable, Sendable {
        /// Nothing.
        case ignored
        /// The wait is at least that long, even above the backoff's cap.
        case atLeast(upTo: Duration)
        /// The wait is exactly that long, without jitter (Polly's delay generator).
        case exactly(upTo: Duration)
    }

    /// Checks the settings.
    /// - Parameters:
    ///   - attempts: 1 or more, the first attempt included; ``unlimited`` to go on until it succeeds.
    ///   - backoff: delays of zero or more, a cap of at least the initial delay, a factor of 1 or more.
    ///   - jitter: full by default; a share of 0 to 1, a length of zero or more, a floor up to the cap.
    ///   - retryable: by default what is ``FailureKinds/transient``. An open breaker's rejection is not: the breaker
    ///     knows how long it stays open, and a retry in front of it only knocks at the door.
    ///   - maxDuration: zero or more; nil, the default, for no limit.
    ///   - overrun: what becomes of a wait that would end after `maxDuration`.
    ///   - serverDelay: limits of zero or more; by default the callee's wait is the least, whatever its length.
    /// - Throws: a ``SettingError`` that names the first setting out of its range.
    public init(
        attempts: Int, backoff: Backoff, jitter: Jitter = .full, retryable: FailureKinds = .transient,
        maxDuration: Duration? = nil, overrun: Overrun = .shortens,
        serverDelay: ServerDelay = .atLeast(upTo: .maximum)
    ) throws(SettingError) {
        guard attempts >= 1 else { throw SettingError("attempts", given: attempts, allowed: "1 or more") }
        try backoff.check()
        try jitter.check(cap: backoff.cap)
        if let maxDuration, maxDuration < .zero {
            throw SettingError("maxDuration", given: maxDuration, allowed: "0s or more")
        }
        try serverDelay.check()
        self.attempts = attempts
        self.backoff = backoff
        self.jitter = jitter
        self.retryable = retryable
        self.maxDuration = maxDuration
        self.overrun = overrun
        self.serverDelay = serverDelay
    }
}

extension Backoff {
    /// Refuses what is out of its range.
    fileprivate func check() throws(SettingError) {
        guard initial >= .zero else {
            throw SettingError("backoff.initial", given: initial, allowed: "0s or more")
        }
        guard cap >= initial else {
            throw SettingError("backoff.cap", given: cap, allowed: "the initial delay or more")
        }
        if case .exponential(_, let factor, _) = self {
            guard factor >= 1, factor.isFinite else {
                throw SettingError("backoff.factor", given: factor, allowed: "1 or more, finite")
            }
        }
    }
}

extension RetryPolicy.ServerDelay {
    /// Refuses a limit below zero.
    fileprivate func check() throws(SettingError) {
        switch self {
        case .ignored: return
        case .atLeast(let limit), .exactly(let limit):
            guard limit >= .zero else {
                throw SettingError("serverDelay.upTo", given: limit, allowed: "0s or more")
            }
        }
    }
}
