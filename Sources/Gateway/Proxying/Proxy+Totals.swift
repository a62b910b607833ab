extension Proxy {
    /// Counts since the start.
    public struct Totals: Hashable, Sendable {
        /// Requests that have come.
        public internal(set) var requests = 0
        /// How often one was sent to a backend.
        public internal(set) var attempts = 0
        /// How often one was to be tried again.
        public internal(set) var retries = 0
        /// How often one was not, because all together had tried too much again.
        public internal(set) var refusedByBudget = 0
        /// What was told of attempts that were over.
        public internal(set) var late = 0
        /// How many connections were opened, or tried to be.
        public internal(set) var newConnections = 0
        /// How many requests were answered, by cause.
        public internal(set) var answered: [Reply.Cause: Int] = [:]
    }
}
