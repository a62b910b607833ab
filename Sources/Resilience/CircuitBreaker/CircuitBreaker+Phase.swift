public import Timeline

extension CircuitBreaker {
    /// What the breaker does with calls, and what it needs to know to do it.
    public enum Phase: Hashable, Sendable {
        /// Calls pass and their results fill the window.
        case closed
        /// Calls are rejected until the open time is over; for ever if that is ``Instant/distantFuture``.
        case open(since: Instant, until: Instant)
        /// A few probes pass; their results decide.
        case halfOpen(Probes)
        /// Calls are rejected until an operator says otherwise.
        case forcedOpen
        /// Calls pass and their results are not even counted in the window, until an operator says otherwise.
        case disabled
        /// Calls pass and their results fill the window but open nothing, until an operator says otherwise.
        case metricsOnly

        /// The phase without its particulars.
        public var state: State {
            switch self {
            case .closed: .closed
            case .open: .open
            case .halfOpen: .halfOpen
            case .forcedOpen: .forcedOpen
            case .disabled: .disabled
            case .metricsOnly: .metricsOnly
            }
        }
    }

    /// The name of a phase.
    public enum State: UInt8, Hashable, Sendable, CaseIterable {
        /// Calls pass and are judged.
        case closed
        /// Calls are rejected for a while.
        case open
        /// Probes pass.
        case halfOpen
        /// Calls are rejected by order.
        case forcedOpen
        /// Calls pass by order.
        case disabled
        /// Calls pass by order and are counted.
        case metricsOnly

        /// Whether a breaker may go from this state to that one: resilience4j's table of transitions.
        ///
        /// | from \ to    | closed | open | half-open | forced open | disabled | metrics only |
        /// |--------------|--------|------|-----------|-------------|----------|--------------|
        /// | closed       | yes    | yes  | no        | yes         | yes      | yes          |
        /// | open         | yes    | yes  | yes       | yes         | yes      | yes          |
        /// | half-open    | yes    | yes  | yes       | yes         | yes      | yes          |
        /// | forced open  | yes    | yes  | yes       | yes         | yes      | yes          |
        /// | disabled     | yes    | yes  | yes       | yes         | yes      | yes          |
        /// | metrics only | yes    | no   | no        | yes         | yes      | yes          |
        public func canBecome(_ next: State) -> Bool {
            switch (self, next) {
            case (.closed, .halfOpen), (.metricsOnly, .open), (.metricsOnly, .halfOpen): false
            default: true
            }
        }
    }

    /// One half-open phase: how many probes went out and what came back.
    public struct Probes: Hashable, Sendable {
        /// When the phase began.
        public let since: Instant
        /// When the phase is over even if probes are still out; ``Instant/distantFuture`` for never.
        public internal(set) var until: Instant
        /// Probes without a result yet.
        public internal(set) var inFlight = 0
        /// The results so far.
        public internal(set) var tally = CallTally()

        /// Probes let through; one whose result was ignored is not counted, its place is free again.
        public var issued: Int { inFlight + tally.calls }

        /// Whether the phase has lasted its limit.
        func areOver(at now: Instant) -> Bool { until <= now && until != .distantFuture }
    }
}
