extension Fallback {
    /// Counts since the start, by what became of each failed call; the names are those of `HystrixEventType`.
    public struct Totals: Hashable, Sendable {
        /// Answers made (`FALLBACK_SUCCESS`).
        public internal(set) var succeeded = 0
        /// Answers that failed in their turn (`FALLBACK_FAILURE`).
        public internal(set) var failed = 0
        /// Answers for whom nobody waited any more.
        public internal(set) var ignored = 0
        /// Failures that found the bulkhead full (`FALLBACK_REJECTION`).
        public internal(set) var rejected = 0
        /// Failures with nothing to answer instead (`FALLBACK_MISSING`).
        public internal(set) var missing = 0
        /// Failures while the fallback was switched off (`FALLBACK_DISABLED`).
        public internal(set) var disabled = 0
        /// Failures of a kind that the fallback is not meant for (Hystrix: `BAD_REQUEST`).
        public internal(set) var notFor = 0
    }
}
