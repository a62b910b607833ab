public import Timeline

extension Semaphore {
    /// How a semaphore is set; every value has been checked.
    public struct Settings: Hashable, Sendable {
        /// How many calls may be under way at once; 0 refuses all.
        public let permits: Int
        /// How long a caller may wait for a permit, unless it says otherwise; zero for not at all, and
        /// ``Duration/maximum`` for ever.
        public let maximumWait: Duration

        /// Checks the settings.
        /// - Parameters:
        ///   - permits: 0 or more; 25 by default, as in resilience4j (Hystrix: 10).
        ///   - maximumWait: zero, which is the default of all three libraries, or more.
        /// - Throws: a ``SettingError`` that names the first setting out of its range.
        public init(permits: Int = 25, maximumWait: Duration = .zero) throws(SettingError) {
            guard permits >= 0 else { throw SettingError("permits", given: permits, allowed: "0 or more") }
            guard maximumWait >= .zero else {
                throw SettingError("maximumWait", given: maximumWait, allowed: "0s or more")
            }
            self.permits = permits
            self.maximumWait = maximumWait
        }
    }
}
