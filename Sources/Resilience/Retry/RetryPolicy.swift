public import Timeline

/// Whether and when to try again after a failure.
///
/// Chance comes from the caller's random stream; without jitter nothing is drawn.
public struct RetryPolicy: Hashable, Sendable {
    /// How often a call is tried at most, the first time included.
    public let attempts: Int
    /// How the wait between attempts grows.
    public let backoff: Backoff
    /// How chance spreads the wait.
    public let jitter: Jitter

    /// As many attempts as it takes.
    public static let unlimited = Int.max

    /// Checks the settings.
    /// - Parameters:
    ///   - attempts: 1 or more, the first attempt included; ``unlimited`` to go on until it succeeds.
    ///   - backoff: delays of zero or more, a cap of at least the initial delay, a factor of 1 or more.
    ///   - jitter: full by default.
    /// - Throws: a ``SettingError`` that names the first setting out of its range.
    public init(attempts: Int, backoff: Backoff, jitter: Jitter = .full) throws(SettingError) {
        guard attempts >= 1 else { throw SettingError("attempts", given: attempts, allowed: "1 or more") }
        guard backoff.initial >= .zero else {
            throw SettingError("backoff.initial", given: backoff.initial, allowed: "0s or more")
        }
        guard backoff.cap >= backoff.initial else {
            throw SettingError("backoff.cap", given: backoff.cap, allowed: "the initial delay or more")
        }
        if case .exponential(_, let factor, _) = backoff {
            guard factor >= 1, factor.isFinite else {
                throw SettingError("backoff.factor", given: factor, allowed: "1 or more, finite")
            }
        }
        self.attempts = attempts
        self.backoff = backoff
        self.jitter = jitter
    }

    /// The wait after the n-th attempt, counted from 1; never negative, never above the backoff's cap.
    /// - Parameter previous: the wait before this one, zero if there was none; only
    ///   ``Jitter/decorrelated`` looks at it.
    public func delay(
        afterAttempt attempt: Int, previous: Duration, using random: inout RandomStream
    ) -> Duration {
        let share = jitter == .none ? 0 : random.uniform()
        return backoff.delay(afterAttempt: attempt, previous: previous, jitter: jitter, share: share)
    }

    /// How long to wait before the next attempt once the n-th has failed; nil to give up.
    /// - Parameter retryAfter: what the callee, or a guard before it, asked for: the wait is at least that long,
    ///   even above the cap.
    public func next(
        afterAttempt attempt: Int, previous: Duration, retryAfter: Duration? = nil,
        using random: inout RandomStream
    ) -> Duration? {
        guard attempt < attempts else { return nil }
        return max(delay(afterAttempt: attempt, previous: previous, using: &random), retryAfter ?? .zero)
    }
}
