public import Timeline

/// A circuit breaker: stops calling what keeps failing, and tries it again with a few probes.
///
/// Ask ``admit(at:)`` before a call and tell ``record(_:took:permit:at:)`` its result, with the permit in
/// between. The permit says which generation of the breaker the call belongs to; a result that arrives after
/// the breaker has moved on is counted as stale and changes nothing else, so a late result never counts in
/// a window that it does not belong to.
///
/// ```
/// closed ── rate reached ──▶ open ── open time over, next call ──▶ half-open ── probes good ──▶ closed
///                             ▲                                      │
///                             └───── probes bad, or limit over ◀─────┘
/// ```
///
/// The breaker reads no clock and keeps no timer. Whatever time alone brings about is noticed by the next
/// ``admit(at:)`` or ``record(_:took:permit:at:)``, and counts from the moment when it was due; a caller that
/// wants it on the dot calls ``advance(to:)`` at ``nextTimedTransition``.
///
/// The rules are those of resilience4j's `CircuitBreakerStateMachine`, except that permits have a generation
/// (after sony/gobreaker) and that a half-open phase always has a limit: a probe whose result never comes
/// does not block the breaker for ever.
public struct CircuitBreaker: Hashable, Sendable {
    /// The settings in force; ``changeSettings(_:at:)`` replaces them.
    public internal(set) var settings: Settings
    /// What the breaker does with calls now.
    public internal(set) var phase = Phase.closed
    /// Grows with every change of phase and every reset; wraps after four thousand million.
    public internal(set) var generation: UInt32 = 0
    /// How often the breaker opened by itself, from closed or from half-open.
    public internal(set) var trips = 0
    /// Everything counted since the start, whatever the phase.
    public internal(set) var totals = Totals()
    /// The latest change of phase; nil before the first.
    public internal(set) var lastTransition: Transition?

    var window: RollingWindow

    /// A closed breaker with an empty window.
    public init(_ settings: Settings) {
        self.settings = settings
        window = RollingWindow(settings.window)
    }
}

extension CircuitBreaker {
    /// What a dashboard calls the phase that the breaker is in.
    public var state: State { phase.state }

    /// The counts that the breaker judges by: the probes' while half-open, else the window's.
    ///
    /// While open this is the window that tripped it, empty if probes did; while forced it is empty.
    public func tally(at now: Instant) -> CallTally {
        switch phase {
        case .halfOpen(let probes): probes.tally
        case .closed, .open, .forcedOpen, .forcedClosed: window.tally(at: now)
        }
    }

    /// The share of failed calls, 0 to 1; nil while there are fewer than it takes to judge.
    public func failureRate(at now: Instant) -> Double? {
        let counts = tally(at: now)
        return counts.calls >= callsToJudge ? counts.failureRate : nil
    }

    /// The share of slow calls, 0 to 1; nil while there are fewer than it takes to judge.
    public func slowCallRate(at now: Instant) -> Double? {
        let counts = tally(at: now)
        return counts.calls >= callsToJudge ? counts.slowCallRate : nil
    }

    /// The calls in a window of calls, oldest to newest; empty for a window of time.
    public var recentCalls: [CallMarks] { window.marks }

    private var callsToJudge: Int {
        switch phase {
        case .halfOpen: settings.probes
        case .closed, .open, .forcedOpen, .forcedClosed: settings.minimumCalls
        }
    }
}
