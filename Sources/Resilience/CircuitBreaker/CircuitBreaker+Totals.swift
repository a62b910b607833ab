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
        /// Results that belonged to an older generation, or to no call.
        public internal(set) var stale = 0

        private var closed: UInt32 = 0
        private var opened: UInt32 = 0
        private var halfOpened: UInt32 = 0
        private var forcedOpen: UInt32 = 0
        private var disabled: UInt32 = 0
        private var metricsOnly: UInt32 = 0

        /// Calls let through whose result is still to come.
        public var inFlight: Int { max(0, permitted - succeeded - failed - ignored - stale) }

        /// How many transitions led to that state.
        public func transitions(to state: State) -> Int {
            switch state {
            case .closed: Int(closed)
            case .open: Int(opened)
            case .halfOpen: Int(halfOpened)
            case .forcedOpen: Int(forcedOpen)
            case .disabled: Int(disabled)
            case .metricsOnly: Int(metricsOnly)
            }
        }

        mutating func countTransition(to state: State) {
            switch state {
            case .closed: closed &+= 1
            case .open: opened &+= 1
            case .halfOpen: halfOpened &+= 1
            case .forcedOpen: forcedOpen &+= 1
            case .disabled: disabled &+= 1
            case .metricsOnly: metricsOnly &+= 1
            }
        }
    }
}
