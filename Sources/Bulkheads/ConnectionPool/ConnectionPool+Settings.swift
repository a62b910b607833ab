public import Timeline

extension ConnectionPool {
    /// How a pool is set; every value has been checked.
    ///
    /// The defaults are HikariCP's. Its lower bounds (250 ms for timeouts, 10 s for `idleTimeout`, 30 s for
    /// `maxLifetime` and `keepalive`) are advice for production, and not enforced here.
    public struct Settings: Hashable, Sendable {
        /// The most connections there may be.
        public let maximum: Int
        /// How many connections to keep idle.
        public let minimumIdle: Int
        /// How long a request waits if it brings no deadline of its own.
        public let connectionTimeout: Duration
        /// How many requests may wait, those not counted for which a connection is being validated.
        public let waiters: Int
        /// How long after its last use an idle connection may be closed; nil for never.
        public let idleTimeout: Duration?
        /// How long a connection may live; nil for ever.
        public let maxLifetime: Duration?
        /// How often an idle connection is pinged to keep it alive; nil for never.
        public let keepalive: Duration?
        /// How often the housekeeper looks for idle connections to close, and for too few of them.
        public let housekeeping: Duration
        /// How long after its last use a connection is still handed out without validation; nil for always.
        public let validateAfter: Duration?
        /// How long a validation may take before the connection counts as dead.
        public let validationTimeout: Duration
        /// After how long in use a connection is reported as a leak; nil for never.
        public let leakThreshold: Duration?
        /// After how long in use a connection is taken from its holder and closed; nil for never.
        public let reclaimAfter: Duration?
        /// How many connections may be under creation at once.
        public let concurrentCreations: Int
        /// The wait after a first failed creation; it doubles with each further one.
        public let creationBackoff: Duration
        /// The longest wait after a failed creation.
        public let creationBackoffLimit: Duration
        /// How far the clock may step back before all connections are evicted; nil for any distance.
        public let clockTolerance: Duration?

        /// As many waiting requests as there may be.
        public static let unbounded = Int.max
        /// The most connections that a pool can number.
        public static let mostConnections = 65_536

        /// Checks the settings.
        /// - Parameters:
        ///   - maximum: 1 to 65 536.
        ///   - minimumIdle: 0 to `maximum`; the same as `maximum` by default: a pool of fixed size.
        ///   - connectionTimeout: zero or more. With zero a request gets an idle connection that needs no
        ///     validation, or nothing (in HikariCP zero is for ever).
        ///   - waiters: 0 or more; ``unbounded`` for no limit. With 0 there are never more connections than the
        ///     minimum of idle ones asks for.
        ///   - idleTimeout: more than zero, or nil.
        ///   - maxLifetime: more than zero, or nil. Above 10 s each connection lives up to 2.5 % less, by chance, so
        ///     that they do not all end together.
        ///   - keepalive: more than zero and less than `maxLifetime`, or nil. Each connection's is up to 10 % less.
        ///   - housekeeping: more than zero.
        ///   - validateAfter: zero or more, or nil.
        ///   - validationTimeout: more than zero.
        ///   - leakThreshold: more than zero, or nil.
        ///   - reclaimAfter: more than zero, or nil.
        ///   - concurrentCreations: 1 or more; after a failure it is one until a creation succeeds.
        ///   - creationBackoff: more than zero.
        ///   - creationBackoffLimit: `creationBackoff` or more.
        ///   - clockTolerance: zero or more, or nil.
        /// - Throws: a ``SettingError`` that names the first setting out of its range.
        public init(
            maximum: Int = 10,
            minimumIdle: Int? = nil,
            connectionTimeout: Duration = .seconds(30),
            waiters: Int = Settings.unbounded,
            idleTimeout: Duration? = .minutes(10),
            maxLifetime: Duration? = .minutes(30),
            keepalive: Duration? = nil,
            housekeeping: Duration = .seconds(30),
            validateAfter: Duration? = .milliseconds(500),
            validationTimeout: Duration = .seconds(5),
            leakThreshold: Duration? = nil,
            reclaimAfter: Duration? = nil,
            concurrentCreations: Int = 1,
            creationBackoff: Duration = .milliseconds(10),
            creationBackoffLimit: Duration = .seconds(5),
            clockTolerance: Duration? = .milliseconds(128)
        ) throws(SettingError) {
            try Self.check("maximum", maximum, in: 1...Self.mostConnections)
            try Self.check("minimumIdle", minimumIdle ?? maximum, in: 0...maximum)
            try Self.check("connectionTimeout", connectionTimeout, atLeast: .zero)
            try Self.check("waiters", waiters, in: 0...Self.unbounded)
            try Self.check("idleTimeout", idleTimeout, atLeast: .nanoseconds(1))
            try Self.check("maxLifetime", maxLifetime, atLeast: .nanoseconds(1))
            try Self.check("keepalive", keepalive, atLeast: .nanoseconds(1))
            if let keepalive, let maxLifetime, keepalive >= maxLifetime {
                throw SettingError("keepalive", given: keepalive, allowed: "less than maxLifetime, \(maxLifetime)")
            }
            try Self.check("housekeeping", housekeeping, atLeast: .nanoseconds(1))
            try Self.check("validateAfter", validateAfter, atLeast: .zero)
            try Self.check("validationTimeout", validationTimeout, atLeast: .nanoseconds(1))
            try Self.check("leakThreshold", leakThreshold, atLeast: .nanoseconds(1))
            try Self.check("reclaimAfter", reclaimAfter, atLeast: .nanoseconds(1))
            try Self.check("concurrentCreations", concurrentCreations, in: 1...Int.max)
            try Self.check("creationBackoff", creationBackoff, atLeast: .nanoseconds(1))
            try Self.check("creationBackoffLimit", creationBackoffLimit, atLeast: creationBackoff)
            try Self.check("clockTolerance", clockTolerance, atLeast: .zero)
            self.maximum = maximum
            self.minimumIdle = minimumIdle ?? maximum
            self.connectionTimeout = connectionTimeout
            self.waiters = waiters
            self.idleTimeout = idleTimeout
            self.maxLifetime = maxLifetime
            self.keepalive = keepalive
            self.housekeeping = housekeeping
            self.validateAfter = validateAfter
            self.validationTimeout = validationTimeout
            self.leakThreshold = leakThreshold
            self.reclaimAfter = reclaimAfter
            self.concurrentCreations = concurrentCreations
            self.creationBackoff = creationBackoff
            self.creationBackoffLimit = creationBackoffLimit
            self.clockTolerance = clockTolerance
        }

        private static func check(
            _ name: String, _ value: Int, in allowed: ClosedRange<Int>
        ) throws(SettingError) {
            guard !allowed.contains(value) else { return }
            let open = allowed.upperBound == .max
            let range = open ? "\(allowed.lowerBound) or more" : "\(allowed.lowerBound) to \(allowed.upperBound)"
            throw SettingError(name, given: value, allowed: range)
        }

        private static func check(
            _ name: String, _ value: Duration?, atLeast least: Duration
        ) throws(SettingError) {
            guard let value, value < least else { return }
            let allowed = least == .nanoseconds(1) ? "more than 0s" : least == .zero ? "0s or more" : "\(least) or more"
            throw SettingError(name, given: value, allowed: allowed)
        }
    }
}
