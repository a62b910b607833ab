public import Timeline

extension AdaptiveThrottle {
    /// How a throttle is set; every value has been checked.
    public struct Settings: Hashable, Sendable {
        /// The share of accepted requests below which it begins to reject.
        public let threshold: Double
        /// The highest probability of a rejection.
        public let maximumRejection: Double
        /// With fewer requests than this in the window nothing is rejected.
        public let minimumRequests: Int
        /// How far back requests count; it rolls on in tenths of its length.
        public let window: Duration

        /// Checks the settings; the defaults are failsafe-go's. Google's K of 2 is a threshold of 0.5.
        /// - Parameters:
        ///   - threshold: more than 0, at most 1.
        ///   - maximumRejection: 0 to 1; with 1, a callee that has refused everything for a window's length is not
        ///     asked again before the window has moved on.
        ///   - minimumRequests: zero or more.
        ///   - window: more than zero.
        /// - Throws: a ``SettingError`` that names the first setting out of its range.
        public init(
            threshold: Double = 0.9, maximumRejection: Double = 0.9, minimumRequests: Int = 0,
            window: Duration = .seconds(60)
        ) throws(SettingError) {
            guard threshold > 0, threshold <= 1 else {
                throw SettingError("threshold", given: threshold, allowed: "a share of more than 0 and at most 1")
            }
            guard maximumRejection >= 0, maximumRejection <= 1 else {
                throw SettingError("maximumRejection", given: maximumRejection, allowed: "0 to 1")
            }
            guard minimumRequests >= 0 else {
                throw SettingError("minimumRequests", given: minimumRequests, allowed: "0 or more")
            }
            guard window > .zero else { throw SettingError("window", given: window, allowed: "more than 0s") }
            self.threshold = threshold
            self.maximumRejection = maximumRejection
            self.minimumRequests = minimumRequests
            self.window = window
        }
    }
}
