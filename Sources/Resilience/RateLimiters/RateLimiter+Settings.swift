public import Timeline

extension RateLimiter {
    /// The kinds of rate limiter, by name.
    public enum Algorithm: String, Hashable, Sendable, CaseIterable {
        /// ``TokenBucket``.
        case tokenBucket
        /// ``SmoothLimiter``.
        case smooth
        /// ``FixedWindowLimiter``.
        case fixedWindow
        /// ``SlidingLogLimiter``.
        case slidingLog
        /// ``SlidingCounterLimiter``.
        case slidingCounter
    }

    /// Which rate limiter, and how it is set; every value has been checked.
    public struct Settings: Hashable, Sendable {
        /// The kind.
        public let algorithm: Algorithm
        /// Permits per length of time.
        public let rate: Rate
        /// The most permits that can be had at once: a token bucket's burst, 1 of a smooth limiter, else the limit.
        public let burst: Int

        /// Checks the settings.
        /// - Parameters:
        ///   - algorithm: the kind.
        ///   - limit: permits per ``per``; see ``Rate``. At most 1 000 000 for a sliding log.
        ///   - per: the length of time.
        ///   - burst: of a token bucket, by default the limit; the others have none of their own.
        /// - Throws: a ``SettingError`` that names the first value out of its range.
        public init(
            _ algorithm: Algorithm, limit: Int, per: Duration, burst: Int? = nil
        ) throws(SettingError) {
            let rate = try Rate(limit: limit, per: per)
            self.algorithm = algorithm
            self.rate = rate
            switch algorithm {
            case .tokenBucket:
                self.burst = try TokenBucket.Settings(rate: rate, burst: burst).burst
                return
            case .smooth: self.burst = 1
            case .slidingLog:
                try SlidingLogLimiter.check(rate)
                self.burst = limit
            case .fixedWindow, .slidingCounter: self.burst = limit
            }
            if let burst { throw SettingError("burst", given: burst, allowed: "none for \(algorithm.rawValue)") }
        }

        /// A token bucket.
        public static func tokenBucket(
            limit: Int, per: Duration, burst: Int? = nil
        ) throws(SettingError) -> Self {
            try Self(.tokenBucket, limit: limit, per: per, burst: burst)
        }

        /// Permits spread evenly.
        public static func smooth(limit: Int, per: Duration) throws(SettingError) -> Self {
            try Self(.smooth, limit: limit, per: per)
        }

        /// So many permits in each window, as bursty as they may come: failsafe-go's name for a fixed window.
        public static func bursty(limit: Int, per: Duration) throws(SettingError) -> Self {
            try Self(.fixedWindow, limit: limit, per: per)
        }

        /// So many permits in each aligned window.
        public static func fixedWindow(limit: Int, per: Duration) throws(SettingError) -> Self {
            try Self(.fixedWindow, limit: limit, per: per)
        }

        /// So many permits in any window, exactly.
        public static func slidingLog(limit: Int, per: Duration) throws(SettingError) -> Self {
            try Self(.slidingLog, limit: limit, per: per)
        }

        /// So many permits in any window, by an estimate from two counters.
        public static func slidingCounter(limit: Int, per: Duration) throws(SettingError) -> Self {
            try Self(.slidingCounter, limit: limit, per: per)
        }
    }
}
