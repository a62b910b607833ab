/// What became of hedged calls, since the start.
///
/// Kept by whoever makes the calls, since a ``HedgePolicy`` is only a rule.
public struct HedgeTotals: Hashable, Sendable {
    /// Calls that have begun.
    public private(set) var calls = 0
    /// Hedges launched.
    public private(set) var hedges = 0
    /// Hedges that there was no budget for.
    public private(set) var refused = 0
    /// Calls that succeeded by their first attempt.
    public private(set) var wonByPrimary = 0
    /// Calls that succeeded by a hedge.
    public private(set) var wonByHedge = 0
    /// Calls that failed.
    public private(set) var failed = 0

    /// Nothing yet.
    public init() {}

    /// Counts a decision.
    public mutating func count(_ decision: HedgedCall.Decision) {
        switch decision {
        case .launch(let attempts, _):
            let isBegin = attempts.contains(0)
            calls += isBegin ? 1 : 0
            hedges += attempts.count - (isBegin ? 1 : 0)
        case .settle(let winner, nil):
            if winner == 0 { wonByPrimary += 1 } else { wonByHedge += 1 }
        case .settle:
            failed += 1
        case .wait, .late:
            break
        }
    }

    /// Counts a hedge that was to be launched, as not launched for want of a budget.
    public mutating func countRefusal() {
        hedges -= 1
        refused += 1
    }
}
