public import Timeline

/// A time limit of any kind: fixed, or learned from the calls of one service.
public struct Timeout: Hashable, Sendable {
    /// How the limit is found.
    public enum Rule: Hashable, Sendable {
        /// Always the same.
        case fixed(TimeLimit)
        /// A percentile of the latest calls times a margin.
        case percentile(AdaptiveTimeout.Settings)
        /// The smoothed round trip plus four times its deviation.
        case rfc6298(RoundTripTimeout.Settings)
    }

    /// The rule in force; ``changeRule(_:at:)`` replaces it.
    public private(set) var rule: Rule
    /// Everything told since the start.
    public private(set) var totals = TimedCalls()

    // Both stand side by side, the idle ones empty: an enum payload would be moved out and back at every call.
    private var adaptive: AdaptiveTimeout
    private var roundTrip: RoundTripTimeout

    /// A timeout that has not learned anything yet.
    public init(_ rule: Rule) {
        self.rule = rule
        adaptive = .unused
        roundTrip = RoundTripTimeout(.unused)
        switch rule {
        case .fixed: break
        case .percentile(let settings): adaptive = AdaptiveTimeout(settings)
        case .rfc6298(let settings): roundTrip = RoundTripTimeout(settings)
        }
    }

    /// The limit for an attempt that starts now.
    public mutating func limit(at now: Instant) -> Duration {
        switch rule {
        case .fixed(let fixed): fixed.limit
        case .percentile: adaptive.limit(at: now)
        case .rfc6298: roundTrip.limit
        }
    }

    /// The limit as of the latest ``limit(at:)`` or ``record(took:outcome:at:)``.
    public var currentLimit: Duration {
        switch rule {
        case .fixed(let fixed): fixed.limit
        case .percentile: adaptive.currentLimit
        case .rfc6298: roundTrip.limit
        }
    }

    /// Decides about an attempt that would start now; it expires at once if the caller's deadline has come.
    public mutating func start(at now: Instant, callersDeadline: Deadline = .never) -> TimeLimit.Start {
        // A learned limit can be zero, if so allowed, and an attempt must have some time.
        TimeLimit.start(until: now + max(.nanoseconds(1), limit(at: now)), at: now, callersDeadline)
    }

    /// Tells how a call went; a fixed limit only counts it.
    public mutating func record(took: Duration, outcome: TimedCalls.Outcome, at now: Instant) {
        totals.count(outcome)
        switch rule {
        case .fixed: break
        case .percentile: adaptive.record(took: took, outcome: outcome, at: now)
        case .rfc6298: roundTrip.record(took: took, outcome: outcome)
        }
    }

    /// Replaces the rule; new settings of the same kind keep what has been learned, another kind starts anew.
    public mutating func changeRule(_ new: Rule, at now: Instant) {
        switch (rule, new) {
        case (.percentile, .percentile(let settings)): adaptive.changeSettings(settings, at: now)
        case (.rfc6298, .rfc6298(let settings)): roundTrip.changeSettings(settings)
        default:
            let counted = totals
            self = Timeout(new)
            totals = counted
        }
        rule = new
    }

    /// The percentile's window and settings, for a display; nil under another rule.
    public var learnedPercentile: AdaptiveTimeout? {
        if case .percentile = rule { adaptive } else { nil }
    }

    /// The estimator's state, for a display; nil under another rule.
    public var learnedRoundTrip: RoundTripTimeout? {
        if case .rfc6298 = rule { roundTrip } else { nil }
    }
}
