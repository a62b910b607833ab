public import Timeline

extension ConcurrencyLimit {
    /// The right to make one call.
    public struct Permit: Hashable, Sendable {
        /// How many calls were in flight when this one began, itself among them.
        public let inFlight: UInt32
    }

    /// The answer to a call that asks to begin.
    public enum Admission: Hashable, Sendable {
        /// It may; the permit goes to ``ConcurrencyLimit/end(_:_:at:using:)`` with its outcome.
        case admitted(Permit)
        /// It may not: so many are allowed, and so many are in flight.
        case rejected(limit: Int, inFlight: Int)

        /// The permit; nil if there is none.
        public var permit: Permit? {
            switch self {
            case .admitted(let permit): permit
            case .rejected: nil
            }
        }
    }

    /// How a call ended.
    public enum Outcome: Hashable, Sendable {
        /// It was served, in that time; less than a nanosecond counts as one.
        case success(took: Duration)
        /// It was shed or timed out by whoever serves it, after that time.
        case dropped(took: Duration)
        /// Its end says nothing about load, like a bad request that was refused at once.
        case ignored
    }

    /// A change of the limit.
    public struct Change: Hashable, Sendable {
        /// The limit before.
        public let from: Int
        /// The limit since.
        public let to: Int
        /// What led to it.
        public let reason: Reason
        /// When.
        public let at: Instant

        /// What led to a change, in numbers.
        public enum Reason: Hashable, Sendable {
            /// So many in flight came near the limit, and the call was served in time (AIMD).
            case used(inFlight: Int)
            /// A call was dropped.
            case dropped
            /// A call took longer than the timeout (AIMD).
            case timeout(took: Duration)
            /// So many calls seem to be queued (Vegas).
            case queue(Int)
            /// The ratio of the tolerated to the present time, as far as it counts: 0.5 to 1 (gradient).
            case gradient(Double)
            /// The settings were changed.
            case settings
        }
    }

    /// Counts since the start.
    public struct Totals: Hashable, Sendable {
        /// Calls admitted.
        public internal(set) var admitted = 0
        /// Calls not admitted.
        public internal(set) var rejected = 0
        /// Calls that were served.
        public internal(set) var succeeded = 0
        /// Calls that were dropped.
        public internal(set) var dropped = 0
        /// Calls whose end said nothing.
        public internal(set) var ignored = 0
        /// Ends without a call in flight.
        public internal(set) var stray = 0
        /// Changes to a higher limit.
        public internal(set) var raised = 0
        /// Changes to a lower limit.
        public internal(set) var lowered = 0
    }

    /// What an algorithm learns from: one call, or the summary of a window of calls.
    struct Sample: Hashable, Sendable {
        let took: Duration
        let inFlight: Int
        let isDropped: Bool
    }
}
