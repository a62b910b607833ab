public import Timeline

extension TokenBucket {
    /// How a token bucket is set; every value has been checked.
    public struct Settings: Hashable, Sendable {
        /// How fast permits are earned.
        public let rate: Rate
        /// How many permits the bucket holds when it is full.
        public let burst: Int

        /// Checks the settings.
        /// - Parameters:
        ///   - rate: permits earned per length of time.
        ///   - burst: 1 to 1 000 000 000 permits; by default the rate's limit.
        /// - Throws: a ``SettingError`` for a burst out of its range.
        public init(rate: Rate, burst: Int? = nil) throws(SettingError) {
            let burst = burst ?? rate.limit
            guard (1...Rate.largestLimit).contains(burst) else {
                throw SettingError("burst", given: burst, allowed: "1 to \(Rate.largestLimit) permits")
            }
            self.rate = rate
            self.burst = burst
        }

        init(rate: Rate, checkedBurst burst: Int) {
            self.rate = rate
            self.burst = burst
        }

        /// Checks a rate of so many permits per length of time, and the burst; see ``Rate``.
        public init(limit: Int, per: Duration, burst: Int? = nil) throws(SettingError) {
            try self.init(rate: try Rate(limit: limit, per: per), burst: burst)
        }
    }
}
