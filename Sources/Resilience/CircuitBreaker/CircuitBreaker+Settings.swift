public import Timeline

extension CircuitBreaker {
    /// Which calls a closed breaker judges by.
    public enum Window: Hashable, Sendable {
        /// The last so many calls, 1 to 1 000 000.
        case calls(Int)
        /// The calls of the last stretch of time, more than zero, rolling on in tenths of its length.
        case time(Duration)
    }

    /// What counts as a slow call, and how many are too many.
    public struct SlowCalls: Hashable, Sendable {
        /// A call that takes longer than this is slow.
        public let limit: Duration
        /// The share of slow calls that opens the breaker: more than 0, at most 1.
        public let rate: Double

        /// Calls over the limit are slow; that share of them opens the breaker.
        public init(over limit: Duration, rate: Double) {
            self.limit = limit
            self.rate = rate
        }
    }

    /// How a breaker is set; every value has been checked.
    public struct Settings: Hashable, Sendable {
        /// The calls that a closed breaker judges by.
        public let window: Window
        /// With fewer calls than this in the window nothing is judged.
        public let minimumCalls: Int
        /// The share of failures that opens the breaker; reaching it is enough.
        public let failureRate: Double
        /// The rule about slow calls; nil if slowness does not matter.
        public let slowCalls: SlowCalls?
        /// How long the breaker stays open.
        public let openTime: Duration
        /// How many calls a half-open phase lets through and waits for.
        public let probes: Int
        /// How long a half-open phase may last before it goes back to open.
        public let halfOpenLimit: Duration
        /// Whether ``CircuitBreaker/advance(to:)`` ends the open phase without waiting for a call.
        public let automaticHalfOpen: Bool

        /// Checks the settings.
        /// - Parameters:
        ///   - window: at most 1 000 000 calls, or a time of more than zero.
        ///   - minimumCalls: 1 or more, capped to a window of calls. By default a window of calls must be full,
        ///     and a window of time needs 20 calls (Hystrix's request volume threshold).
        ///   - failureRate: more than 0, at most 1.
        ///   - slowCalls: a limit of zero or more, a rate of more than 0 and at most 1.
        ///   - openTime: more than zero.
        ///   - probes: 1 or more.
        ///   - halfOpenLimit: more than zero; by default the open time.
        /// - Throws: a ``SettingError`` that names the first setting out of its range.
        public init(
            window: Window = .calls(100),
            minimumCalls: Int? = nil,
            failureRate: Double = 0.5,
            slowCalls: SlowCalls? = nil,
            openTime: Duration = .seconds(60),
            probes: Int = 10,
            halfOpenLimit: Duration? = nil,
            automaticHalfOpen: Bool = false
        ) throws(SettingError) {
            try Self.check(window)
            try Self.check("failureRate", isShare: failureRate)
            if let slowCalls {
                try Self.check("slowCalls.rate", isShare: slowCalls.rate)
                guard slowCalls.limit >= .zero else {
                    throw SettingError("slowCalls.limit", given: slowCalls.limit, allowed: "0s or more")
                }
            }
            try Self.check("openTime", isPositive: openTime)
            try Self.check("halfOpenLimit", isPositive: halfOpenLimit ?? openTime)
            guard probes >= 1 else { throw SettingError("probes", given: probes, allowed: "1 or more") }
            let minimum = minimumCalls ?? Self.defaultMinimum(of: window)
            guard minimum >= 1 else { throw SettingError("minimumCalls", given: minimum, allowed: "1 or more") }

            self.window = window
            self.minimumCalls = Self.capped(minimum, to: window)
            self.failureRate = failureRate
            self.slowCalls = slowCalls
            self.openTime = openTime
            self.probes = probes
            self.halfOpenLimit = halfOpenLimit ?? openTime
            self.automaticHalfOpen = automaticHalfOpen
        }
    }
}

extension CircuitBreaker.Settings {
    /// A rule that a tally breaks, with its threshold.
    enum Exceeded {
        case failures(threshold: Double)
        case slowCalls(threshold: Double)
    }

    /// The rule that so many failures or slow calls break, failures first.
    func exceeded(by tally: CallTally) -> Exceeded? {
        // Divided, not multiplied out: 7 of 100 must reach a threshold of 0.07.
        if tally.failureRate >= failureRate { return .failures(threshold: failureRate) }
        if let slowCalls, tally.slowCallRate >= slowCalls.rate { return .slowCalls(threshold: slowCalls.rate) }
        return nil
    }

    private static let largestWindow = 1_000_000
    private static let defaultMinimumInTime = 20

    private static func check(_ window: CircuitBreaker.Window) throws(SettingError) {
        switch window {
        case .calls(let count):
            guard (1...largestWindow).contains(count) else {
                throw SettingError("window", given: "\(count) calls", allowed: "1 to \(largestWindow) calls")
            }
        case .time(let length):
            try check("window", isPositive: length)
        }
    }

    private static func check(_ setting: String, isPositive length: Duration) throws(SettingError) {
        guard length > .zero else { throw SettingError(setting, given: length, allowed: "more than 0s") }
    }

    private static func check(_ setting: String, isShare share: Double) throws(SettingError) {
        // Also refuses what is not a number.
        guard share > 0, share <= 1 else {
            throw SettingError(setting, given: share, allowed: "a share of more than 0 and at most 1")
        }
    }

    private static func defaultMinimum(of window: CircuitBreaker.Window) -> Int {
        switch window {
        case .calls(let count): count
        case .time: defaultMinimumInTime
        }
    }

    private static func capped(_ minimum: Int, to window: CircuitBreaker.Window) -> Int {
        switch window {
        case .calls(let count): min(minimum, count)
        case .time: minimum
        }
    }
}
