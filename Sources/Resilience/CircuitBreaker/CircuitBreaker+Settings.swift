public import Timeline

extension CircuitBreaker {
    /// How a breaker is set; every value has been checked, together with the others.
    public struct Settings: Hashable, Sendable {
        /// The calls that a closed breaker judges by.
        public internal(set) var window = Window.calls(100)
        /// Which failures open a closed breaker.
        public internal(set) var tripRule = TripRule.rate
        /// With fewer calls than this in the window no rate is judged.
        public internal(set) var minimumCalls = 100
        /// The share of failures that opens the breaker; reaching it is enough.
        public internal(set) var failureRate = 0.5
        /// The rule about slow calls; nil if slowness does not matter.
        public internal(set) var slowCalls: SlowCalls?
        /// After which results a closed breaker is judged.
        public internal(set) var judging = Judging.everyResult
        /// How long the breaker stays open the first time.
        public internal(set) var openTime = Duration.seconds(60)
        /// How that grows with each further time.
        public internal(set) var growth = Growth.constant
        /// Whether the open time and an interval are over only after their last moment, not already at it.
        public internal(set) var strictEnds = false
        /// Whether time alone ends the open phase, so that ``CircuitBreaker/nextTimedTransition`` asks for it.
        public internal(set) var automaticHalfOpen = false
        /// Whether ``CircuitBreaker/advance(to:)`` ends an open phase whose time is over, as reading gobreaker's
        /// state does; else it takes a call.
        public internal(set) var halfOpensWhenRead = false
        /// How many calls a half-open phase lets through.
        public internal(set) var probes = 10
        /// How that number limits them.
        public internal(set) var probeLimit = ProbeLimit.total
        /// What they must do.
        public internal(set) var probeRule = ProbeRule.rate
        /// What becomes of one whose result is ignored.
        public internal(set) var ignoredProbe = IgnoredProbe.freesPlace
        /// How long a half-open phase may last; without a limit a probe that never reports would block for ever.
        public internal(set) var halfOpenLimit = Duration.seconds(60)
        /// Where it leads after that.
        public internal(set) var afterHalfOpenLimit = AfterLimit.open
        /// What ``CircuitBreaker/healthChanged(to:at:)`` does.
        public internal(set) var health = HealthReaction.halfOpens

        // What was asked for, or nothing, so that settings made from these derive it anew.
        var askedMinimum: Int?
        var askedHalfOpenLimit: Duration?

        /// The settings of ``standard``, before any check.
        init(standard _: Void) {}

        /// What `Settings()` gives: 50 % of the last 100 calls, 60 s open, 10 probes judged by the same rate.
        public static let standard = Settings(standard: ())
    }
}

extension CircuitBreaker.Settings {
    /// Checks the settings. What is left out is as in `base`, a preset for instance.
    ///
    /// - Parameters:
    ///   - base: where the rest comes from.
    ///   - window: at most 1 000 000 calls, or a time of more than zero, or an interval of zero or more.
    ///   - tripRule: a number of failures of 1 or more, and no more than a window of calls holds.
    ///   - minimumCalls: 1 or more, capped to a window of calls. If neither this nor the base says, a window of
    ///     calls must be full, and the others need 20 calls (Hystrix's request volume threshold).
    ///   - failureRate: more than 0, at most 1.
    ///   - slowCalls: a limit of zero or more, a rate of more than 0 and at most 1; ``SlowCalls/never`` takes away
    ///     the base's rule.
    ///   - judging: after which results to judge.
    ///   - openTime: more than zero.
    ///   - growth: a factor of 1 or more, a cap no shorter than the open time.
    ///   - strictEnds: whether ends are over only after their last moment.
    ///   - probes: 1 or more.
    ///   - probeLimit: whether that is their number in all or at a time.
    ///   - probeRule: a number of successes from 1 to that of the probes.
    ///   - ignoredProbe: what a probe with an ignored result does.
    ///   - halfOpenLimit: more than zero; if neither this nor the base says, the open time.
    ///   - afterHalfOpenLimit: open or closed.
    ///   - automaticHalfOpen: whether time alone ends the open phase.
    ///   - halfOpensWhenRead: whether ``CircuitBreaker/advance(to:)`` does.
    ///   - health: what a health checker may do.
    /// - Throws: a ``SettingError`` that names the first setting out of its range.
    public init(
        from base: Self = .standard,
        window: CircuitBreaker.Window? = nil,
        tripRule: CircuitBreaker.TripRule? = nil,
        minimumCalls: Int? = nil,
        failureRate: Double? = nil,
        slowCalls: CircuitBreaker.SlowCalls? = nil,
        judging: CircuitBreaker.Judging? = nil,
        openTime: Duration? = nil,
        growth: CircuitBreaker.Growth? = nil,
        strictEnds: Bool? = nil,
        probes: Int? = nil,
        probeLimit: CircuitBreaker.ProbeLimit? = nil,
        probeRule: CircuitBreaker.ProbeRule? = nil,
        ignoredProbe: CircuitBreaker.IgnoredProbe? = nil,
        halfOpenLimit: Duration? = nil,
        afterHalfOpenLimit: CircuitBreaker.AfterLimit? = nil,
        automaticHalfOpen: Bool? = nil,
        halfOpensWhenRead: Bool? = nil,
        health: CircuitBreaker.HealthReaction? = nil
    ) throws(SettingError) {
        self = base
        self.window = window ?? base.window
        self.tripRule = tripRule ?? base.tripRule
        self.failureRate = failureRate ?? base.failureRate
        self.slowCalls = slowCalls ?? base.slowCalls
        self.judging = judging ?? base.judging
        self.openTime = openTime ?? base.openTime
        self.growth = growth ?? base.growth
        self.strictEnds = strictEnds ?? base.strictEnds
        self.probes = probes ?? base.probes
        self.probeLimit = probeLimit ?? base.probeLimit
        self.probeRule = probeRule ?? base.probeRule
        self.ignoredProbe = ignoredProbe ?? base.ignoredProbe
        self.afterHalfOpenLimit = afterHalfOpenLimit ?? base.afterHalfOpenLimit
        self.automaticHalfOpen = automaticHalfOpen ?? base.automaticHalfOpen
        self.halfOpensWhenRead = halfOpensWhenRead ?? base.halfOpensWhenRead
        self.health = health ?? base.health
        askedMinimum = minimumCalls ?? base.askedMinimum
        askedHalfOpenLimit = halfOpenLimit ?? base.askedHalfOpenLimit
        try check()
        derive()
    }

    /// Works out what depends on other settings.
    mutating func derive() {
        if slowCalls == .never { slowCalls = nil }
        halfOpenLimit = askedHalfOpenLimit ?? openTime
        switch window {
        case .calls(let count): minimumCalls = min(askedMinimum ?? count, count)
        case .time, .interval: minimumCalls = askedMinimum ?? Self.defaultMinimumInTime
        }
    }

    private static let defaultMinimumInTime = 20
}
