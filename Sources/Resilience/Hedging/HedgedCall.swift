public import Timeline

/// One call and its attempts, 16 bytes: number 0 is the first, the others are hedges.
///
/// Whoever makes the call starts it with ``begin(_:observed:at:)``, asks ``timer(_:observed:at:)`` when the next
/// hedge is due, reports each result with ``ended(_:failure:_:observed:at:)``, and does what the decision says.
/// Before it launches a hedge it may ask a ``RetryBudget``; if that says no, it tells ``refused(_:)``.
public struct HedgedCall: Hashable, Sendable {
    /// When the next hedge is due; ``Instant/distantFuture`` if none is.
    private var due = Instant.distantFuture
    /// One bit for each attempt that runs.
    private var running: UInt16 = 0
    private var numbered: UInt8 = 0
    private var hasNoBudget = false
    private var isSettled = false
    private var primaryFailure: FailureKind?

    /// A call that has not begun.
    public init() {}

    /// What to do next.
    public enum Decision: Hashable, Sendable {
        /// Launch the attempts of these numbers, and ask again when the next hedge is due, if one is.
        case launch(Range<Int>, nextHedge: Instant?)
        /// Wait for a result or until the next hedge is due.
        case wait(nextHedge: Instant?)
        /// The call has ended like that attempt: with a success if the failure is nil. What else runs is called off.
        case settle(winner: Int, failure: FailureKind?)
        /// Nothing: the call had ended, or nobody waited for this report.
        case late
    }

    /// How many attempts run.
    public var attemptsRunning: Int { running.nonzeroBitCount }

    /// Whether the attempt of that number runs; after a ``Decision/settle(winner:failure:)``, whether it is to be
    /// called off.
    public func isRunning(_ attempt: Int) -> Bool {
        (0..<Int(numbered)).contains(attempt) && running & 1 << UInt16(attempt) != 0
    }

    /// Begins the call: its first attempt, and all hedges with a delay of zero.
    /// - Parameter observed: see ``HedgePolicy/delay(observed:)``.
    public mutating func begin(_ policy: HedgePolicy, observed: Duration? = nil, at now: Instant) -> Decision {
        guard numbered == 0 else { return .late }
        return launch(policy, observed, now)
    }

    /// Asks for the next hedge, which is launched if it is due.
    public mutating func timer(_ policy: HedgePolicy, observed: Duration? = nil, at now: Instant) -> Decision {
        guard !isSettled else { return .late }
        guard due != .distantFuture, now >= due else { return .wait(nextHedge: nextHedge) }
        guard Int(numbered) <= policy.maxHedges, policy.delay(observed: observed) != nil else {
            due = .distantFuture
            return .wait(nextHedge: nil)
        }
        return launch(policy, observed, now)
    }

    /// Reports how an attempt has ended: well, without a failure.
    ///
    /// When all attempts have failed the call ends like its first (Polly).
    public mutating func ended(
        _ attempt: Int, failure: FailureKind?, _ policy: HedgePolicy, observed: Duration? = nil, at now: Instant
    ) -> Decision {
        guard isRunning(attempt) else { return .late }
        running &= ~(1 << UInt16(attempt))
        guard !isSettled else { return .late }
        if attempt == 0 { primaryFailure = failure }
        guard let failure, !policy.settling.includes(failure) else { return settle(attempt, failure) }
        if !hasNoBudget, Int(numbered) <= policy.maxHedges, policy.followsFailure(observed: observed) {
            return launch(policy, observed, now)
        }
        return waitOrSettle()
    }

    /// Tells that a hedge could not be launched for want of a budget; there will be no others.
    public mutating func refused(_ attempt: Int) -> Decision {
        guard attempt > 0, isRunning(attempt) else { return .late }
        running &= ~(1 << UInt16(attempt))
        guard !isSettled else { return .late }
        hasNoBudget = true
        due = .distantFuture
        return waitOrSettle()
    }

    private var nextHedge: Instant? { due == .distantFuture ? nil : due }

    private mutating func launch(
        _ policy: HedgePolicy, _ observed: Duration?, _ now: Instant
    ) -> Decision {
        let delay = policy.delay(observed: observed)
        let first = Int(numbered)
        let end = delay == .zero ? policy.maxHedges + 1 : first + 1
        for attempt in first..<end { running |= 1 << UInt16(attempt) }
        numbered = UInt8(end)
        due = .distantFuture
        if let delay, end <= policy.maxHedges { due = now + delay }
        return .launch(first..<end, nextHedge: nextHedge)
    }

    private mutating func waitOrSettle() -> Decision {
        running == 0 ? settle(0, primaryFailure) : .wait(nextHedge: nextHedge)
    }

    private mutating func settle(_ winner: Int, _ failure: FailureKind?) -> Decision {
        isSettled = true
        due = .distantFuture
        return .settle(winner: winner, failure: failure)
    }
}
