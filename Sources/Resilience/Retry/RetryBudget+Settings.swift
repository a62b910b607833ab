public import Timeline

extension RetryBudget {
    /// How a budget is set; every value has been checked.
    public struct Settings: Hashable, Sendable {
        /// What the budget is counted in.
        public let kind: Kind

        /// Checks the settings.
        /// - Throws: a ``SettingError`` that names the first setting out of its range; the ranges are with the kinds.
        public init(_ kind: Kind) throws(SettingError) {
            switch kind {
            case .throttle(let maxTokens, let ratio):
                try Self.check("maxTokens", maxTokens, 0.001...1_000)
                try Self.check("tokenRatio", ratio, 0.001...1_000)
            case .quota(let capacity, let costs, let deposit):
                try Self.check("capacity", capacity)
                try Self.check("costs.usual", costs.usual)
                try Self.check("costs.special", costs.special)
                try Self.check("deposit", deposit)
            case .inFlight(let maxRate, let minConcurrency):
                try Self.check("maxRate", maxRate, 0...1)
                try Self.check("minConcurrency", minConcurrency)
            case .window(let length, let share, let minPerSecond):
                guard length >= .seconds(1), length <= .seconds(60) else {
                    throw SettingError("window", given: length, allowed: "1s to 60s")
                }
                try Self.check("share", share, 0...1_000)
                try Self.check("minPerSecond", minPerSecond, 0...1_000_000)
            }
            self.kind = kind
        }

        private static func check(
            _ setting: String, _ value: Double, _ range: ClosedRange<Double>
        ) throws(SettingError) {
            // Also refuses what is not a number.
            guard range.contains(value) else {
                throw SettingError(
                    setting, given: value, allowed: "\(range.lowerBound) to \(range.upperBound)")
            }
        }

        private static func check(_ setting: String, _ value: Int) throws(SettingError) {
            guard (0...1_000_000).contains(value) else {
                throw SettingError(setting, given: value, allowed: "0 to 1000000")
            }
        }
    }

    /// What a budget is counted in.
    public enum Kind: Hashable, Sendable {
        /// Tokens from 0 to a maximum: each failed attempt takes one, each good one brings the ratio, and attempts
        /// after the first are made only while more than half of the tokens are there. Both from 0.001 to 1000, in
        /// thousandths. Source: gRPC, proposal A6, `retryThrottling`.
        case throttle(maxTokens: Double = 10, tokenRatio: Double = 0.1)
        /// Units from 0 to a capacity: each retry costs some, which come back if it succeeds; a call that succeeds
        /// at once brings the deposit. All from 0 to 1 000 000. Source: the AWS SDKs' standard retry mode.
        case quota(capacity: Int = 500, costs: Costs = Costs(), deposit: Int = 1)
        /// One more attempt while fewer retries and hedges are under way than the minimum, or their share in all
        /// attempts under way is at most the rate. A rate of 0 makes it a plain limit. Source: failsafe-go's
        /// budget, 20 % and 3; Envoy's differs by counting the one more in the share.
        case inFlight(maxRate: Double = 0.2, minConcurrency: Int = 3)
        /// A share of the calls that began in a window of 1 to 60 s, and so many a second besides. The share may be
        /// above 1, up to 1000, and is rounded to a millionth. Source: Finagle's `RetryBudget`, 20 % and 10 a second in
        /// 10 s.
        case window(Duration = .seconds(10), share: Double = 0.2, minPerSecond: Double = 10)
    }

    /// What a retry costs of a quota.
    public struct Costs: Hashable, Sendable {
        /// The cost of a retry after most failures, and of a hedge.
        public let usual: Int
        /// The failures with another cost.
        public let exceptions: FailureKinds
        /// The cost of a retry after those.
        public let special: Int

        /// By default 5 units, and 10 after a timeout.
        public init(_ usual: Int = 5, after exceptions: FailureKinds = .timeout, _ special: Int = 10) {
            self.usual = usual
            self.exceptions = exceptions
            self.special = special
        }
    }
}

extension RetryBudget.Kind {
    /// What a permit takes from the stock, and brings back.
    func cost(after failure: FailureKind?) -> Int64 {
        guard case .quota(_, let costs, _) = self else { return 0 }
        guard let failure, costs.exceptions.includes(failure) else { return Int64(costs.usual) }
        return Int64(costs.special)
    }

    static func thousandths(_ tokens: Double) -> Int64 {
        Duration(roundingNanoseconds: tokens * 1_000).nanoseconds
    }

    static func millionths(_ share: Double) -> Int64 {
        Duration(roundingNanoseconds: share * 1_000_000).nanoseconds
    }
}

extension RetryBudget.Settings {
    var fullStock: Int64 {
        switch kind {
        case .throttle(let maxTokens, _): RetryBudget.Kind.thousandths(maxTokens)
        case .quota(let capacity, _, _): Int64(capacity)
        case .inFlight, .window: 0
        }
    }

    var emptyWindow: TokenWindow {
        guard case .window(let length, _, _) = kind else { return TokenWindow() }
        return TokenWindow(length)
    }
}
