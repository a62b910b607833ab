public import Resilience
public import Timeline

extension Rebuild {
    /// How a rebuild is set; every value has been checked.
    public struct Settings: Hashable, Sendable {
        /// How many positions the new version may be behind when it takes over.
        public let switchLag: Int64
        /// Whether and when steps are tried again.
        public let retry: RetryPolicy
        /// Over how long rates are taken.
        public let rateWindow: Duration

        /// Checks the settings.
        /// - Parameters:
        ///   - switchLag: zero or more; zero by default. Reads may go back by that much when the new version takes over.
        ///   - retry: by default as often as it takes; see ``ProjectionRun/Settings/retry``.
        ///   - rateWindow: 10 ms or more; 10 s by default.
        /// - Throws: a ``SettingError`` that names the first setting out of its range.
        public init(
            switchLag: Int64 = 0, retry: RetryPolicy? = nil, rateWindow: Duration = .seconds(10)
        ) throws(SettingError) {
            guard switchLag >= 0 else { throw SettingError("switchLag", given: switchLag, allowed: "0 or more") }
            _ = try LagMeter(window: rateWindow)
            self.retry = if let retry { retry } else { try .persistent() }
            self.switchLag = switchLag
            self.rateWindow = rateWindow
        }
    }
}
