public import Timeline

/// How much retrying and hedging all calls together may do, so that it does not multiply the load of a callee that
/// is already in trouble.
///
/// Whoever makes calls tells of each call's begin and end and of each attempt's result, and takes a ``Permit`` for
/// every attempt after the first, be it a retry or a hedge. What a permit costs, and when there is one, depends on
/// the ``Kind``.
public struct RetryBudget: Hashable, Sendable {
    /// How the budget is set.
    public internal(set) var settings: Settings
    /// Counts since the start.
    public internal(set) var totals = Totals()
    /// Calls that have begun and not ended.
    public internal(set) var callsInFlight = 0
    /// Thousandths of a token for a throttle, units for a quota.
    var stock: Int64 = 0
    var window = TokenWindow()
    var permits = Places()

    /// A full budget at a moment when nothing is under way.
    public init(_ settings: Settings) {
        self.settings = settings
        stock = settings.fullStock
        window = settings.emptyWindow
    }

    /// Permits that were taken and not handed back.
    public var extrasInFlight: Int { permits.taken }

    /// The share of retries and hedges in all attempts that are under way, from 0 to 1.
    public var extraShare: Double {
        let attempts = callsInFlight + permits.taken
        return attempts > 0 ? Double(permits.taken) / Double(attempts) : 0
    }

    /// A first attempt begins.
    public mutating func callBegan(at now: Instant) {
        totals.calls += 1
        callsInFlight += 1
        if case .window(_, let share, _) = settings.kind {
            window.add(Kind.millionths(share), at: now)
        }
    }

    /// An attempt has ended, and hands its permit back.
    /// - Parameters:
    ///   - outcome: a failure means one that a retry could help; other failures are ignored.
    ///   - permit: nil for a call's first attempt. A permit that had been handed back before changes nothing.
    public mutating func attemptEnded(_ outcome: CircuitBreaker.Outcome, permit: Permit?) {
        var refund: Int64?
        if let permit {
            guard let cost = permits.giveBack(permit.ticket) else { return }
            totals.returned += 1
            refund = Int64(cost)
        }
        switch (settings.kind, outcome) {
        case (.throttle, .failure): restock(by: -1_000)
        case (.throttle(_, let ratio), .success): restock(by: Kind.thousandths(ratio))
        case (.quota(_, _, let deposit), .success): restock(by: refund ?? Int64(deposit))
        default: break
        }
    }

    /// A call has ended, with all its attempts.
    public mutating func callEnded() {
        if callsInFlight > 0 { callsInFlight -= 1 }
    }

    /// Asks for one more attempt; nil if there is no budget for it.
    /// - Parameter failure: the kind of failure that a retry follows; nil for a hedge.
    public mutating func withdraw(after failure: FailureKind? = nil, at now: Instant) -> Permit? {
        let cost = settings.kind.cost(after: failure)
        guard affords(cost, at: now), let ticket = permits.take(note: UInt32(clamping: cost)) else {
            totals.refused += 1
            return nil
        }
        switch settings.kind {
        case .throttle, .inFlight: break
        case .quota: stock -= cost
        case .window: window.add(-TokenWindow.unit, at: now)
        }
        totals.granted += 1
        return Permit(ticket: ticket)
    }

    private mutating func affords(_ cost: Int64, at now: Instant) -> Bool {
        switch settings.kind {
        case .throttle(let maxTokens, _): stock > Kind.thousandths(maxTokens) / 2
        case .quota: stock >= cost
        case .inFlight(let maxRate, let minConcurrency):
            permits.taken < minConcurrency || extraShare <= maxRate
        case .window: window.sum(at: now) + reserve >= TokenWindow.unit
        }
    }

    private mutating func restock(by amount: Int64) {
        stock = min(max(0, stock + amount), settings.fullStock)
    }
}
