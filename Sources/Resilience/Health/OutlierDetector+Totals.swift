extension OutlierDetector {
    /// Counts since the start.
    public struct Totals: Hashable, Sendable {
        /// Hosts found to be outliers while in use, whether they were ejected or not.
        public internal(set) var detected = ByRule()
        /// Those of them that were ejected.
        public internal(set) var enforced = ByRule()
        /// Those of them that were not, because too many hosts were out already.
        public internal(set) var overflow = 0
        /// Hosts that came back.
        public internal(set) var returned = 0
    }

    /// A count for each rule.
    public struct ByRule: Hashable, Sendable {
        private var errors = 0
        private var gatewayErrors = 0
        private var localFailures = 0
        private var successRate = 0
        private var localSuccessRate = 0
        private var failurePercentage = 0
        private var localFailurePercentage = 0

        /// The count for a rule.
        public subscript(rule: Rule) -> Int {
            switch rule {
            case .consecutiveErrors: errors
            case .consecutiveGatewayErrors: gatewayErrors
            case .consecutiveLocalFailures: localFailures
            case .successRate: successRate
            case .localSuccessRate: localSuccessRate
            case .failurePercentage: failurePercentage
            case .localFailurePercentage: localFailurePercentage
            }
        }

        /// The sum over all rules.
        public var sum: Int { Rule.allCases.reduce(0) { $0 &+ self[$1] } }

        mutating func count(_ rule: Rule) {
            switch rule {
            case .consecutiveErrors: errors &+= 1
            case .consecutiveGatewayErrors: gatewayErrors &+= 1
            case .consecutiveLocalFailures: localFailures &+= 1
            case .successRate: successRate &+= 1
            case .localSuccessRate: localSuccessRate &+= 1
            case .failurePercentage: failurePercentage &+= 1
            case .localFailurePercentage: localFailurePercentage &+= 1
            }
        }
    }
}
