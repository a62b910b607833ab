public import Timeline

/// How chance spreads the waits of many callers, so that they do not all come back at once.
///
/// Source: Marc Brooker, *Exponential Backoff And Jitter*, AWS Architecture Blog, 2015, for the first four. The code
/// behind that post counts `base · 2^n` from n = 1, which is an exponential backoff of twice the base; its
/// decorrelated jitter begins at the base itself.
public enum Jitter: Hashable, Sendable {
    /// None: callers that failed together come back together.
    case none
    /// Anything from zero to the backoff's delay: the least work for the callee.
    case full
    /// Half the backoff's delay, and anything from zero to the other half: never comes back at once.
    case equal
    /// Anything from the initial delay to three times the delay before, at most the cap; grows by itself, so
    /// that the backoff's own growth does not matter.
    case decorrelated
    /// The differences of `factor^t · tanh √(4t)` at one random t between n - 1 and n for the n-th wait, with medians
    /// near those of an exponential backoff and no peaks (Polly's `DecorrelatedJitterBackoffV2`, by George Polevoy).
    /// A backoff that is not exponential is spread by a quarter either way, as in Polly.
    case decorrelatedV2
    /// The delay, give or take a share of it from 0 to 1 (resilience4j's `randomizationFactor`, failsafe-go's
    /// jitter factor; 0.25 is Polly's).
    case proportional(Double)
    /// The delay, give or take a length of zero or more, but not below zero (failsafe-go's jitter duration).
    case plusMinus(Duration)
    /// Anything from a least wait to the backoff's delay: full jitter with a floor. failsafe-go's random delay from
    /// a to b is a ``Backoff/constant(_:)`` of b with a floor of a.
    case floor(Duration)
}

extension Jitter: CaseIterable {
    /// Every kind that needs no amount.
    public static let allCases: [Jitter] = [.none, .full, .equal, .decorrelated, .decorrelatedV2]
}

extension Jitter {
    /// Whether there is anything to draw.
    var isRandom: Bool {
        switch self {
        case .none: false
        case .proportional(let share): share > 0
        case .plusMinus(let length): length > .zero
        case .full, .equal, .decorrelated, .decorrelatedV2, .floor: true
        }
    }

    /// Refuses an amount out of its range.
    func check(cap: Duration) throws(SettingError) {
        switch self {
        case .none, .full, .equal, .decorrelated, .decorrelatedV2: return
        case .proportional(let share):
            // Also refuses what is not a number.
            guard share >= 0, share <= 1 else {
                throw SettingError("jitter.proportional", given: share, allowed: "a share of 0 to 1")
            }
        case .plusMinus(let length):
            guard length >= .zero else {
                throw SettingError("jitter.plusMinus", given: length, allowed: "0s or more")
            }
        case .floor(let least):
            guard least >= .zero, least <= cap else {
                throw SettingError("jitter.floor", given: least, allowed: "0s or more, at most the backoff's cap")
            }
        }
    }
}
