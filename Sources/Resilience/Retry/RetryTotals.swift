/// What became of calls that may be retried, since the start.
///
/// Kept by whoever runs the calls, since a ``RetryPolicy`` is only a rule.
public struct RetryTotals: Hashable, Sendable {
    /// Calls whose first attempt succeeded.
    public private(set) var succeededAtOnce = 0
    /// Calls that succeeded at a later attempt.
    public private(set) var succeededAfterRetry = 0
    /// Attempts after the first.
    public private(set) var retries = 0
    /// Calls that failed as often as they could be tried.
    public private(set) var attemptsExhausted = 0
    /// Calls that failed in a way that another attempt cannot help.
    public private(set) var notRetryable = 0
    /// Calls that failed for want of time.
    public private(set) var outOfTime = 0
    /// Calls that failed for want of a budget.
    public private(set) var budgetExhausted = 0

    /// Nothing yet.
    public init() {}

    /// Calls that failed in the end.
    public var failed: Int { attemptsExhausted + notRetryable + outOfTime + budgetExhausted }

    /// Counts a decision about a failed attempt.
    public mutating func count(_ decision: RetryPolicy.Decision) {
        switch decision {
        case .retry: retries += 1
        case .giveUp(.attemptsExhausted): attemptsExhausted += 1
        case .giveUp(.notRetryable): notRetryable += 1
        case .giveUp(.outOfTime): outOfTime += 1
        case .giveUp(.budgetExhausted): budgetExhausted += 1
        }
    }

    /// Counts a call that has succeeded.
    public mutating func countSuccess(_ state: RetryState) {
        if state.attempt == 1 { succeededAtOnce += 1 } else { succeededAfterRetry += 1 }
    }
}
