extension CircuitBreaker {
    /// Counts since the start that no change of phase resets.
    public struct Totals: Hashable, Sendable {
        /// Calls let through.
        public internal(set) var permitted = 0
        /// Calls not let through.
        public internal(set) var rejected = 0
        /// Results that were good.
        public internal(set) var succeeded = 0
        /// Results that were bad.
        public internal(set) var failed = 0
        /// Good and bad results that came too slowly.
        public internal(set) var slow = 0
        /// Results that said nothing about the callee.
        public internal(set) var ignored = 0
        /// Results that belonged to an older generation.
        public internal(set) var stale = 0

        /// Calls let through whose result is still to come.
        public var inFlight: Int { max(0, permitted - succeeded - failed - ignored - stale) }
    }
}
