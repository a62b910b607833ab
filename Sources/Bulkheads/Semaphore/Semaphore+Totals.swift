public import Timeline

extension Semaphore {
    /// Counts since the start.
    ///
    /// At every moment `asked` = `permitted` + `rejected` + `withdrawn` + the callers that wait, and
    /// `permitted` = `finished` + the permits in use.
    public struct Totals: Hashable, Sendable {
        /// Callers that asked for a permit.
        public internal(set) var asked = 0
        /// Callers that got one, at once or after waiting.
        public internal(set) var permitted = 0
        /// Permits handed back.
        public internal(set) var finished = 0
        /// Of these, how many after work that nobody waited for any more.
        public internal(set) var forNobody = 0
        /// Callers refused, at once or at the end of their wait.
        public internal(set) var rejected = 0
        /// Of these, how many at the end of their wait.
        public internal(set) var timedOut = 0
        /// Callers that left the queue by themselves.
        public internal(set) var withdrawn = 0
        /// The most permits there ever were in use at once.
        public internal(set) var mostInUse = 0
        /// How long those had waited that got a permit, together; those that got it at once count zero.
        public internal(set) var waited = Duration.zero
        /// The longest of these.
        public internal(set) var longestWait = Duration.zero
    }
}
