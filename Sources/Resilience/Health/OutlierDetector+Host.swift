public import Timeline

extension OutlierDetector {
    /// What is remembered of one host.
    struct Host: Hashable, Sendable {
        var isMember = true
        var isEjected = false
        /// Errors in a row; a good result makes all zero.
        var errors = 0
        var gatewayErrors = 0
        var localFailures = 0
        var external = Interval()
        var local = Interval()
        /// By what the base time was multiplied last, less the healthy intervals since.
        var factor = 0
        var ejections = 0
        var ejectionEnds = Instant.zero
        /// When it came back; meaningless before the first ejection.
        var returned = Instant.zero

        subscript(origin: Origin) -> Interval {
            get { origin == .external ? external : local }
            set {
                switch origin {
                case .external: external = newValue
                case .local: local = newValue
                }
            }
        }
    }

    /// The calls of the present interval, and what came of the one before.
    struct Interval: Hashable, Sendable {
        var calls = 0
        var succeeded = 0
        /// The success rate in percent; negative if there were too few calls.
        var rate = -1.0

        mutating func count(_ isGood: Bool) {
            calls &+= 1
            succeeded &+= isGood ? 1 : 0
        }

        var successRate: Double { Double(succeeded) * 100 / Double(calls) }
    }

    /// A change that callers must heed.
    public enum Change: Hashable, Sendable {
        /// The host must not be used until it comes back, at the end of an interval after that time.
        case ejected(Int, Rule, at: Instant, until: Instant)
        /// The host may be used again.
        case returned(Int, at: Instant)

        /// Which host.
        public var host: Int {
            switch self {
            case .ejected(let host, _, _, _), .returned(let host, _): host
            }
        }
    }

    /// By which rule a host is an outlier.
    public enum Rule: UInt8, Hashable, Sendable, CaseIterable {
        /// So many errors in a row, of any kind (`consecutive_5xx`).
        case consecutiveErrors
        /// So many gateway errors in a row (`consecutive_gateway_failure`).
        case consecutiveGatewayErrors
        /// So many failures in a row on this side (`consecutive_local_origin_failure`).
        case consecutiveLocalFailures
        /// A success rate far below the others' (`success_rate`).
        case successRate
        /// The same, of reaching the host (`success_rate_local_origin`).
        case localSuccessRate
        /// Too many failures (`failure_percentage`).
        case failurePercentage
        /// The same, of reaching the host (`failure_percentage_local_origin`).
        case localFailurePercentage
    }
}
