public import Timeline

extension PositionWaiters {
    /// What happens to a reader that asks.
    public enum Admission: Hashable, Sendable {
        /// The projection is there.
        case reached
        /// It waits.
        case waiting
        /// Its deadline has passed.
        case tooLate
        /// Too many wait.
        case full
        /// The projection has stopped.
        case stopped(ProjectionRun.StopReason)
    }

    /// A reader that waits no more.
    public struct Woken: Hashable, Sendable {
        /// The reader.
        public let reader: UInt64
        /// Why.
        public let outcome: Outcome
        /// How long it has waited.
        public let waited: Duration
    }

    /// Why a reader waits no more.
    public enum Outcome: Hashable, Sendable {
        /// The projection is there.
        case reached
        /// The projection is there, but the very event that the reader waited for was set aside or skipped.
        case leftOut
        /// Its deadline has come.
        case timedOut
        /// The projection has stopped.
        case stopped(ProjectionRun.StopReason)
    }

    /// Counts since the start.
    public struct Totals: Hashable, Sendable {
        /// Readers whose position was there when they asked.
        public internal(set) var atOnce = 0
        /// Readers that had to wait.
        public internal(set) var waited = 0
        /// Readers that there was no room for.
        public internal(set) var refused = 0
        /// Readers whose deadline came first.
        public internal(set) var timedOut = 0
        /// The longest wait of a reader whose deadline did not come first.
        public internal(set) var longestWait = Duration.zero
    }
}
