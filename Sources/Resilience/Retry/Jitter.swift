internal import Timeline

/// How chance spreads the waits of many callers, so that they do not all come back at once.
///
/// Source: Marc Brooker, *Exponential Backoff And Jitter*, AWS Architecture Blog, 2015.
public enum Jitter: Hashable, Sendable, CaseIterable {
    /// None: callers that failed together come back together.
    case none
    /// Anything from zero to the backoff's delay: the least work for the callee.
    case full
    /// Half the backoff's delay, and anything from zero to the other half: never comes back at once.
    case equal
    /// Anything from the initial delay to three times the delay before, at most the cap; grows by itself, so
    /// that the backoff's own growth does not matter.
    case decorrelated
}

extension Backoff {
    /// The wait after the n-th attempt with jitter from `share`, a number in 0..<1.
    func delay(afterAttempt attempt: Int, previous: Duration, jitter: Jitter, share: Double) -> Duration {
        let length = delay(afterAttempt: attempt)
        switch jitter {
        case .none:
            return length
        case .full:
            return min(length, length * share)
        case .equal:
            let half = Duration(nanoseconds: length.nanoseconds / 2)
            return min(length, half + (length - half) * share)
        case .decorrelated:
            let least = max(.zero, initial)
            let most = max(least, max(previous, least) * Int64(3))
            return min(max(.zero, cap), least + (most - least) * share)
        }
    }
}
