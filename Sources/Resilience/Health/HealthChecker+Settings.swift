public import Timeline

extension HealthChecker {
    /// Kinds of failures.
    public struct Failures: OptionSet, Hashable, Sendable {
        /// The kinds as bits.
        public let rawValue: UInt8

        /// The kinds with these bits.
        public init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        init(_ failure: Failure) {
            rawValue = 1 << failure.rawValue
        }

        /// ``Failure/connection``.
        public static let connection = Failures(.connection)
        /// ``Failure/timeout``.
        public static let timeout = Failures(.timeout)
        /// ``Failure/unexpectedStatus``.
        public static let unexpectedStatus = Failures(.unexpectedStatus)
    }

    /// How long to wait from the end of one check to the next; the names in brackets are Envoy's.
    public struct Intervals: Hashable, Sendable {
        /// After a success, if nothing else is set (`interval`).
        public var normal: Duration
        /// After a failure of an unhealthy host, and when a host has become unhealthy (`unhealthy_interval`); by
        /// default the normal one.
        public var unhealthy: Duration?
        /// After a failure of a host that still counts as healthy (`unhealthy_edge_interval`); by default
        /// ``unhealthy``.
        public var unhealthyEdge: Duration?
        /// After a success of a host that still counts as unhealthy (`healthy_edge_interval`); by default the normal
        /// one.
        public var healthyEdge: Duration?
        /// As long as the host has had no traffic (`no_traffic_interval`, there 60 s); by default traffic does not
        /// matter.
        public var withoutTraffic: Duration?
        /// Up to so much more, at random each time (`interval_jitter`).
        public var jitter: Duration
        /// Up to this share of the interval more, at random each time (`interval_jitter_percent`).
        public var jitterShare: Double
        /// Up to so much before the first check, at random (`initial_jitter`).
        public var initialJitter: Duration

        /// The intervals; ``Settings`` checks them.
        public init(
            normal: Duration = .seconds(10), unhealthy: Duration? = nil, unhealthyEdge: Duration? = nil,
            healthyEdge: Duration? = nil, withoutTraffic: Duration? = nil, jitter: Duration = .zero,
            jitterShare: Double = 0, initialJitter: Duration = .zero
        ) {
            self.normal = normal
            self.unhealthy = unhealthy
            self.unhealthyEdge = unhealthyEdge
            self.healthyEdge = healthyEdge
            self.withoutTraffic = withoutTraffic
            self.jitter = jitter
            self.jitterShare = jitterShare
            self.initialJitter = initialJitter
        }
    }

    /// How a health checker is set; every value has been checked.
    public struct Settings: Hashable, Sendable {
        /// How often to check.
        public let intervals: Intervals
        /// The time for one check.
        public let timeout: Duration
        /// How many good results in a row make an unhealthy host healthy.
        public let healthyThreshold: Int
        /// How many bad results in a row make a healthy host unhealthy.
        public let unhealthyThreshold: Int
        /// The kinds of failures that make a healthy host unhealthy at once.
        public let immediateFailures: Failures

        /// Checks the settings. The defaults are those of Kubernetes' readiness probe; Envoy has none.
        /// - Parameters:
        ///   - intervals: each interval more than zero, jitter zero or more, its share from 0 to 10.
        ///   - timeout: more than zero.
        ///   - healthyThreshold: 1 or more.
        ///   - unhealthyThreshold: 1 or more.
        ///   - immediateFailures: unexpected statuses by default, as in Envoy; empty for none.
        /// - Throws: a ``SettingError`` that names the first setting out of its range.
        public init(
            intervals: Intervals = Intervals(),
            timeout: Duration = .seconds(1),
            healthyThreshold: Int = 1,
            unhealthyThreshold: Int = 3,
            immediateFailures: Failures = .unexpectedStatus
        ) throws(SettingError) {
            try intervals.check()
            guard timeout > .zero else { throw SettingError("timeout", given: timeout, allowed: "more than 0s") }
            guard healthyThreshold >= 1 else {
                throw SettingError("healthyThreshold", given: healthyThreshold, allowed: "1 or more")
            }
            guard unhealthyThreshold >= 1 else {
                throw SettingError("unhealthyThreshold", given: unhealthyThreshold, allowed: "1 or more")
            }
            self.intervals = intervals
            self.timeout = timeout
            self.healthyThreshold = healthyThreshold
            self.unhealthyThreshold = unhealthyThreshold
            self.immediateFailures = immediateFailures
        }
    }
}

extension HealthChecker.Intervals {
    fileprivate func check() throws(SettingError) {
        let lengths: [(String, Duration?)] = [
            ("intervals.normal", normal), ("intervals.unhealthy", unhealthy),
            ("intervals.unhealthyEdge", unhealthyEdge), ("intervals.healthyEdge", healthyEdge),
            ("intervals.withoutTraffic", withoutTraffic),
        ]
        for case (let setting, let length?) in lengths where length <= .zero {
            throw SettingError(setting, given: length, allowed: "more than 0s")
        }
        for (setting, length) in [("intervals.jitter", jitter), ("intervals.initialJitter", initialJitter)]
        where length < .zero {
            throw SettingError(setting, given: length, allowed: "0s or more")
        }
        // Also refuses what is not a number.
        guard jitterShare >= 0, jitterShare <= 10 else {
            throw SettingError("intervals.jitterShare", given: jitterShare, allowed: "0 to 10")
        }
    }
}

extension HealthChecker.Settings {
    /// The wait from the end of one check to the next, with jitter.
    func interval(
        afterSuccess: Bool, isPending: Bool, hasTraffic: Bool, using random: inout RandomStream
    ) -> Duration {
        let base = baseInterval(afterSuccess: afterSuccess, isPending: isPending, hasTraffic: hasTraffic)
        let share = Self.jitter(upTo: base * intervals.jitterShare, using: &random)
        return base + share + Self.jitter(upTo: intervals.jitter, using: &random)
    }

    private func baseInterval(afterSuccess: Bool, isPending: Bool, hasTraffic: Bool) -> Duration {
        if !hasTraffic, let withoutTraffic = intervals.withoutTraffic { return withoutTraffic }
        let unhealthy = intervals.unhealthy ?? intervals.normal
        return switch (afterSuccess, isPending) {
        case (true, false): intervals.normal
        case (true, true): intervals.healthyEdge ?? intervals.normal
        case (false, false): unhealthy
        case (false, true): intervals.unhealthyEdge ?? unhealthy
        }
    }

    /// From zero to just below so much; nothing is drawn for zero.
    static func jitter(upTo most: Duration, using random: inout RandomStream) -> Duration {
        most > .zero ? Duration(nanoseconds: Int64(random.below(UInt64(most.nanoseconds)))) : .zero
    }
}
