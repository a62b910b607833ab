public import Timeline

extension Fallback {
    /// Where the answer comes from.
    public enum Source: UInt8, Hashable, Sendable, CaseIterable {
        /// A value that is always the same.
        case value
        /// The last good answer that was kept.
        case cache
        /// Another service.
        case service
    }

    /// How a fallback is set; every value has been checked.
    public struct Settings: Hashable, Sendable {
        /// Where the answer comes from; nil if there is none.
        public let source: Source?
        /// The failures that are answered.
        public let kinds: FailureKinds
        /// How many answers may be made at the same time.
        public let limit: Int
        /// Whether the fallback is switched on.
        public let isEnabled: Bool

        /// Checks the settings.
        /// - Parameters:
        ///   - source: nil for a call that has nothing to answer instead.
        ///   - kinds: by default all but those that the caller has to answer for: a wrong request that gets a good
        ///     answer hides the error.
        ///   - limit: 0 or more; 10 by default (Hystrix's fallback semaphore).
        ///   - isEnabled: true by default.
        /// - Throws: a ``SettingError`` for a negative limit.
        public init(
            source: Source?, kinds: FailureKinds = [.transient, .rejections], limit: Int = 10, isEnabled: Bool = true
        ) throws(SettingError) {
            guard limit >= 0 else { throw SettingError("limit", given: limit, allowed: "0 or more") }
            self.source = source
            self.kinds = kinds
            self.limit = limit
            self.isEnabled = isEnabled
        }
    }
}
