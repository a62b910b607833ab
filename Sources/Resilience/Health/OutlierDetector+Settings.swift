public import Timeline

extension OutlierDetector {
    /// How outliers are detected; every value has been checked.
    public struct Settings: Hashable, Sendable {
        /// How often rates are judged and hosts come back.
        public let interval: Duration
        /// How long the first ejection lasts.
        public let baseEjectionTime: Duration
        /// No ejection lasts longer, jitter apart.
        public let maxEjectionTime: Duration
        /// Up to so much more, at random, so that hosts do not come back all at once.
        public let ejectionJitter: Duration
        /// How many of 100 hosts may be ejected at a time.
        public let maxEjectionPercent: Int
        /// Whether one host may be ejected even if that is more than ``maxEjectionPercent``.
        public let alwaysEjectOne: Bool
        /// Errors of any kind in a row.
        public let errors: InARow
        /// Gateway errors in a row.
        public let gatewayErrors: InARow
        /// Failures in a row on this side, if they are told apart.
        public let localFailures: InARow
        /// The rule about success rates.
        public let successRate: SuccessRate
        /// The rule about failure percentages.
        public let failurePercentage: FailurePercentage
        /// Whether failures to reach a host are told apart from the errors that it answers.
        public let splitsOrigins: Bool

        /// Checks the settings; the defaults are Envoy's, except for `alwaysEjectOne`.
        /// - Parameters:
        ///   - interval: more than zero.
        ///   - baseEjectionTime: more than zero.
        ///   - maxEjectionTime: the base time or more; by default 300 s, or the base time if that is longer.
        ///   - ejectionJitter: zero or more.
        ///   - maxEjectionPercent: 0 to 100.
        ///   - alwaysEjectOne: yes by default, as Envoy did until 2024.
        ///   - errors: 1 or more in a row.
        ///   - gatewayErrors: 1 or more in a row; detected but not enforced by default.
        ///   - localFailures: 1 or more in a row.
        ///   - successRate: ranges as stated there.
        ///   - failurePercentage: ranges as stated there.
        ///   - splitsOrigins: no by default.
        /// - Throws: a ``SettingError`` that names the first setting out of its range.
        public init(
            interval: Duration = .seconds(10),
            baseEjectionTime: Duration = .seconds(30),
            maxEjectionTime: Duration? = nil,
            ejectionJitter: Duration = .zero,
            maxEjectionPercent: Int = 10,
            alwaysEjectOne: Bool = true,
            errors: InARow = InARow(5),
            gatewayErrors: InARow = InARow(5, enforcement: 0),
            localFailures: InARow = InARow(5),
            successRate: SuccessRate = SuccessRate(),
            failurePercentage: FailurePercentage = FailurePercentage(),
            splitsOrigins: Bool = false
        ) throws(SettingError) {
            guard interval > .zero else { throw SettingError("interval", given: interval, allowed: "more than 0s") }
            guard baseEjectionTime > .zero else {
                throw SettingError("baseEjectionTime", given: baseEjectionTime, allowed: "more than 0s")
            }
            let longest = maxEjectionTime ?? max(.seconds(300), baseEjectionTime)
            guard longest >= baseEjectionTime else {
                throw SettingError("maxEjectionTime", given: longest, allowed: "\(baseEjectionTime) or more")
            }
            guard ejectionJitter >= .zero else {
                throw SettingError("ejectionJitter", given: ejectionJitter, allowed: "0s or more")
            }
            try Self.check("maxEjectionPercent", isPercentage: maxEjectionPercent)
            try Self.check("errors", errors)
            try Self.check("gatewayErrors", gatewayErrors)
            try Self.check("localFailures", localFailures)
            try Self.check(successRate)
            try Self.check(failurePercentage)

            self.interval = interval
            self.baseEjectionTime = baseEjectionTime
            self.maxEjectionTime = longest
            self.ejectionJitter = ejectionJitter
            self.maxEjectionPercent = maxEjectionPercent
            self.alwaysEjectOne = alwaysEjectOne
            self.errors = errors
            self.gatewayErrors = gatewayErrors
            self.localFailures = localFailures
            self.successRate = successRate
            self.failurePercentage = failurePercentage
            self.splitsOrigins = splitsOrigins
        }
    }
}

extension OutlierDetector.Settings {
    /// Whether one more of so many hosts may be ejected when so many are. The limit holds after the ejection, not
    /// before it: with 10 %, one of 10 hosts and not two (Envoy's issues 26877 and 27066).
    func mayEject(another ejected: Int, of hosts: Int) -> Bool {
        100 * (ejected + 1) <= maxEjectionPercent * hosts || alwaysEjectOne && ejected == 0
    }

    /// How long an ejection lasts, jitter apart.
    func ejectionTime(factor: Int) -> Duration {
        min(baseEjectionTime * Int64(factor), maxEjectionTime)
    }

    /// The next factor, which stops growing where the maximum caps it.
    func raised(_ factor: Int) -> Int {
        baseEjectionTime * Int64(factor) < maxEjectionTime + baseEjectionTime ? factor + 1 : factor
    }

    func enforcement(of rule: OutlierDetector.Rule) -> Int {
        switch rule {
        case .consecutiveErrors: errors.enforcement
        case .consecutiveGatewayErrors: gatewayErrors.enforcement
        case .consecutiveLocalFailures: localFailures.enforcement
        case .successRate: successRate.enforcement
        case .localSuccessRate: successRate.localEnforcement
        case .failurePercentage: failurePercentage.enforcement
        case .localFailurePercentage: failurePercentage.localEnforcement
        }
    }

    private static func check(_ setting: String, _ rule: OutlierDetector.InARow) throws(SettingError) {
        try check("\(setting).inARow", isPositive: rule.inARow)
        try check("\(setting).enforcement", isPercentage: rule.enforcement)
    }

    private static func check(_ rule: OutlierDetector.SuccessRate) throws(SettingError) {
        guard rule.deviations >= 0, rule.deviations.isFinite else {
            throw SettingError("successRate.deviations", given: rule.deviations, allowed: "0 or more, finite")
        }
        try check("successRate.minimumHosts", isPositive: rule.minimumHosts)
        try check("successRate.minimumCalls", isPositive: rule.minimumCalls)
        try check("successRate.enforcement", isPercentage: rule.enforcement)
        try check("successRate.localEnforcement", isPercentage: rule.localEnforcement)
    }

    private static func check(_ rule: OutlierDetector.FailurePercentage) throws(SettingError) {
        try check("failurePercentage.threshold", isPercentage: rule.threshold)
        try check("failurePercentage.minimumHosts", isPositive: rule.minimumHosts)
        try check("failurePercentage.minimumCalls", isPositive: rule.minimumCalls)
        try check("failurePercentage.enforcement", isPercentage: rule.enforcement)
        try check("failurePercentage.localEnforcement", isPercentage: rule.localEnforcement)
    }

    private static func check(_ setting: String, isPositive count: Int) throws(SettingError) {
        guard count >= 1 else { throw SettingError(setting, given: count, allowed: "1 or more") }
    }

    private static func check(_ setting: String, isPercentage value: Int) throws(SettingError) {
        guard (0...100).contains(value) else { throw SettingError(setting, given: value, allowed: "0 to 100") }
    }
}
