public import Timeline

extension Backoff {
    /// The wait after the n-th attempt, counted from 1, with jitter from a given share of chance.
    ///
    /// Never negative and never above the cap. Only around a ``constant(_:)``, whose cap is its only delay,
    /// ``Jitter/proportional(_:)``, ``Jitter/plusMinus(_:)`` and ``Jitter/decorrelatedV2`` reach above it.
    /// - Parameters:
    ///   - share: from 0 for the shortest wait to 1 for the longest; anything else counts as the nearer of the two.
    ///   - memory: zero before the first wait, then what the call before left there: the last wait for
    ///     ``Jitter/decorrelated``, the sum of the waits without the cap for ``Jitter/decorrelatedV2``.
    public func delay(
        afterAttempt attempt: Int, jitter: Jitter, share: Double, memory: inout Duration
    ) -> Duration {
        let share = share > 0 ? min(share, 1) : 0
        let length = delay(afterAttempt: attempt)
        switch jitter {
        case .none:
            return length
        case .full:
            return fullJitter(afterAttempt: attempt, share: share)
        case .equal:
            let half = Duration(nanoseconds: length.nanoseconds / 2)
            return min(length, half + (length - half) * share)
        case .decorrelated:
            let least = max(.zero, initial)
            let most = max(least, max(memory, least) * Int64(3))
            memory = min(max(.zero, cap), least + (most - least) * share)
            return memory
        case .decorrelatedV2:
            guard case .exponential(let initial, let factor, _) = self else {
                return spread(afterAttempt: attempt, by: Self.quarter, share)
            }
            return decorrelatedV2(max(.zero, initial), factor, attempt, share, &memory)
        case .proportional(let part):
            return spread(afterAttempt: attempt, by: part, share)
        case .plusMinus(let radius):
            return bounded(length - radius + (radius * Int64(2)) * share)
        case .floor(let least):
            guard least < length else { return length }
            return min(length, max(.zero, least) + (length - max(.zero, least)) * share)
        }
    }

    /// Anything from zero to the delay; for a share of 0 to 1.
    @inline(__always)
    func fullJitter(afterAttempt attempt: Int, share: Double) -> Duration {
        let length = delay(afterAttempt: attempt)
        return min(length, length * share)
    }

    private static let quarter = 0.25

    /// The cap comes last, as in resilience4j and Polly: far beyond it all wait the same.
    private func spread(afterAttempt attempt: Int, by part: Double, _ share: Double) -> Duration {
        bounded(uncapped(afterAttempt: attempt) * (1 - part + 2 * part * share))
    }

    /// The wait within the cap after jitter; failsafe-go lets jitter exceed it.
    private func bounded(_ length: Duration) -> Duration {
        if case .constant = self { return max(.zero, length) }
        return min(max(.zero, length), max(.zero, cap))
    }
}
