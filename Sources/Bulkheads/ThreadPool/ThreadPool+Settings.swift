public import Timeline

extension ThreadPool {
    /// How a pool is set; every value has been checked.
    public struct Settings: Hashable, Sendable {
        /// Threads that are started before any task waits, and kept when idle.
        public let core: Int
        /// The most threads there may be.
        public let maximum: Int
        /// How many tasks may wait; 0 for a direct hand-off.
        public let queue: Int
        /// How long a thread above the core size may be idle before it ends.
        public let keepAlive: Duration

        /// A queue that never fills; then there are never more threads than the core size (one, if that is 0).
        public static let unbounded = Int.max

        /// Checks the settings.
        /// - Parameters:
        ///   - core: 0 or more.
        ///   - maximum: 1 or more, and not below `core`; the same as `core`, but at least 1, by default.
        ///   - queue: 0 or more; ``unbounded`` for no limit.
        ///   - keepAlive: zero or more.
        /// - Throws: a ``SettingError`` that names the first setting out of its range.
        public init(
            core: Int, maximum: Int? = nil, queue: Int, keepAlive: Duration = .seconds(60)
        ) throws(SettingError) {
            guard core >= 0 else { throw SettingError("core", given: core, allowed: "0 or more") }
            let least = max(core, 1)
            guard maximum ?? least >= least else {
                throw SettingError("maximum", given: maximum ?? least, allowed: "\(least) or more (core is \(core))")
            }
            guard queue >= 0 else { throw SettingError("queue", given: queue, allowed: "0 or more") }
            guard keepAlive >= .zero else {
                throw SettingError("keepAlive", given: keepAlive, allowed: "0s or more")
            }
            self.core = core
            self.maximum = maximum ?? least
            self.queue = queue
            self.keepAlive = keepAlive
        }
    }
}
