public import Timeline

/// A circuit breaker: stops calling what keeps failing, and tries it again with a few probes.
///
/// Ask ``admit(at:)`` before a call and tell ``record(_:took:permit:retryAfter:at:)`` its result, with the permit
/// in between. The permit says which generation of the breaker the call belongs to; a result that arrives after
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
/// ``admit(at:)`` or ``record(_:took:permit:retryAfter:at:)``, and counts from the moment when it was due; a
/// caller that wants it on the dot calls ``advance(to:)`` at ``nextTimedTransition``.
///
/// The settings name what the libraries in use differ by; a ``Preset`` has the rules and defaults of one of
/// them. All of it has permits with a generation (after sony/gobreaker) and a half-open phase with a limit: a
/// probe whose result never comes does not block the breaker for ever.
public struct CircuitBreaker: Hashable, Sendable {
    /// The settings in force; ``changeSettings(_:at:)`` replaces them.
    public internal(set) var settings: Settings
    /// What the breaker does with calls now.
    public internal(set) var phase = Phase.closed {
        didSet { state = phase.state }
    }
    /// What a dashboard calls that phase; kept, since the phase itself tells it only by all its words.
    public private(set) var state = State.closed
    /// Grows with every change of phase, every reset and every step of an interval; wraps after four thousand
    /// million.
    public internal(set) var generation: UInt32 = 0
    /// How often the breaker opened, except by order.
    public internal(set) var trips = 0
    /// How often it has opened since it was last closed: resilience4j's `attempts`, which the open time grows
    /// with. Polly's `HalfOpenAttempts` are one less.
    public internal(set) var consecutiveOpenings = 0
    /// Everything counted since the start, whatever the phase.
    public internal(set) var totals = Totals()
    /// The latest change of phase; nil before the first.
    public internal(set) var lastTransition: Transition?
    /// The latest opening that was not by order; nil before the first.
    public internal(set) var lastTrip: Transition?
    /// The thresholds that were exceeded since a metrics-only phase began; else empty.
    public internal(set) var exceeded: Thresholds = []

    var window: RollingWindow
    /// What has happened since the phase or the interval began.
    var counts = Counts()
    /// What the breaker was judged by when it opened.
    var tallyAtOpening = CallTally()
    /// How many generations back a permit may be, because their buckets are still in the window.
    var reach: UInt32 = 0
    var reported: Thresholds = []
    /// Whether the open phase has a time of its own, which new settings leave alone.
    var hasOwnOpenTime = false

    /// A breaker with an empty window, in a state of choice.
    public init(_ settings: Settings, in state: State = .closed, at now: Instant = .zero) {
        self.settings = settings
        window = RollingWindow(settings.window, at: now)
        if state != .closed { begin(phase(for: state, openFor: nil, at: now), at: now) }
    }
}
