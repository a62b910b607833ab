extension OutlierDetector {
    /// A rule about errors in a row.
    public struct InARow: Hashable, Sendable {
        /// How many errors in a row make an outlier, 1 or more.
        public let inARow: Int
        /// In how many of 100 cases the host is really ejected, 0 to 100.
        public let enforcement: Int

        /// So many in a row, enforced in so many of 100 cases.
        public init(_ inARow: Int, enforcement: Int = 100) {
            self.inARow = inARow
            self.enforcement = enforcement
        }
    }

    /// The rule about success rates far below the others'.
    public struct SuccessRate: Hashable, Sendable {
        /// An outlier lies so many standard deviations below the mean, 0 or more.
        public let deviations: Double
        /// With fewer hosts that had enough calls, none is judged; 1 or more.
        public let minimumHosts: Int
        /// A host with fewer calls in an interval is not judged; 1 or more.
        public let minimumCalls: Int
        /// In how many of 100 cases the host is really ejected, 0 to 100.
        public let enforcement: Int
        /// The same for failures on this side, if they are told apart.
        public let localEnforcement: Int

        /// The rule; Envoy's defaults.
        public init(
            deviations: Double = 1.9, minimumHosts: Int = 5, minimumCalls: Int = 100, enforcement: Int = 100,
            localEnforcement: Int = 100
        ) {
            self.deviations = deviations
            self.minimumHosts = minimumHosts
            self.minimumCalls = minimumCalls
            self.enforcement = enforcement
            self.localEnforcement = localEnforcement
        }
    }

    /// The rule about too many failures, whatever the others' are.
    public struct FailurePercentage: Hashable, Sendable {
        /// With so many percent of failures a host is an outlier, 0 to 100.
        public let threshold: Int
        /// With fewer hosts that had enough calls, none is judged; 1 or more.
        public let minimumHosts: Int
        /// A host with fewer calls in an interval is not judged; 1 or more.
        public let minimumCalls: Int
        /// In how many of 100 cases the host is really ejected, 0 to 100.
        public let enforcement: Int
        /// The same for failures on this side, if they are told apart.
        public let localEnforcement: Int

        /// The rule; Envoy's defaults, which detect but do not eject.
        public init(
            threshold: Int = 85, minimumHosts: Int = 5, minimumCalls: Int = 50, enforcement: Int = 0,
            localEnforcement: Int = 0
        ) {
            self.threshold = threshold
            self.minimumHosts = minimumHosts
            self.minimumCalls = minimumCalls
            self.enforcement = enforcement
            self.localEnforcement = localEnforcement
        }
    }
}
