public import Timeline

/// A time limit by TCP's estimator: the smoothed round trip plus four times its smoothed deviation (RFC 6298).
///
/// It remembers two numbers instead of a window, follows a change within some ten calls, and by doubling comes up
/// from a limit that is much too short in a few. It knows nothing of percentiles: of latencies with a long tail it
/// cuts off more than ``AdaptiveTimeout`` does.
public struct RoundTripTimeout: Hashable, Sendable {
    /// The settings in force; ``changeSettings(_:)`` replaces them.
    public private(set) var settings: Settings
    /// Everything told since the start.
    public private(set) var totals = TimedCalls()
    /// How often the limit has been doubled since the latest sample.
    public private(set) var doublings = 0

    // In nanoseconds; the first is negative before the first sample.
    private var smoothed = -1.0
    private var deviation = 0.0

    /// A timeout without samples.
    public init(_ settings: Settings) {
        self.settings = settings
    }

    /// The smoothed round trip (SRTT); nil before the first sample.
    public var smoothedTime: Duration? { smoothed < 0 ? nil : Duration(roundingNanoseconds: smoothed) }

    /// The smoothed deviation from it (RTTVAR); nil before the first sample.
    public var smoothedDeviation: Duration? { smoothed < 0 ? nil : Duration(roundingNanoseconds: deviation) }

    /// The limit for an attempt that starts now (RTO).
    public var limit: Duration {
        let estimate =
            smoothed < 0
            ? settings.initial
            : Duration(roundingNanoseconds: smoothed + max(Double(settings.granularity.nanoseconds), 4 * deviation))
        let single = min(max(settings.minimum, estimate), settings.maximum)
        // At least a nanosecond, so that doubling leads somewhere.
        return doublings == 0 ? single : min(max(.nanoseconds(1), single) * (Int64(1) << doublings), settings.maximum)
    }

    /// Tells how a call went.
    ///
    /// A call that timed out doubles the limit until the next sample, if it had been given the limit in force: of
    /// many calls that time out side by side only the first does. An ambiguous answer is no sample (Karn).
    public mutating func record(took: Duration, outcome: TimedCalls.Outcome) {
        totals.count(outcome)
        switch outcome {
        case .answered: sample(Double(max(.zero, took).nanoseconds))
        case .timedOut: if took >= limit { double() }
        case .ambiguous, .ignored: break
        }
    }

    /// Replaces the settings; what has been learned stays.
    public mutating func changeSettings(_ new: Settings) {
        settings = new
    }

    /// Two to the power of this times a nanosecond is the longest length there is, nearly.
    private static let mostDoublings = 62

    private mutating func double() {
        if limit < settings.maximum { doublings = min(doublings + 1, Self.mostDoublings) }
    }

    private mutating func sample(_ time: Double) {
        doublings = 0
        guard smoothed >= 0 else {
            smoothed = time
            deviation = time / 2
            return
        }
        // The deviation first, from the smoothed time before: section 2.3 of the RFC.
        deviation = 0.75 * deviation + 0.25 * abs(smoothed - time)
        smoothed = 0.875 * smoothed + 0.125 * time
    }
}

extension RoundTripTimeout {
    /// How the estimator is set; every value has been checked.
    public struct Settings: Hashable, Sendable {
        /// The limit before the first sample.
        public let initial: Duration
        /// No limit is shorter.
        public let minimum: Duration
        /// No limit is longer.
        public let maximum: Duration
        /// The clock's granularity G, the least margin over the smoothed time.
        public let granularity: Duration

        /// Checks the settings.
        /// - Parameters:
        ///   - initial: from the minimum to the maximum, more than zero; 1 s by default, as in the RFC.
        ///   - minimum: zero or more. The RFC has 1 s, for networks; 10 ms by default, for services.
        ///   - maximum: more than zero, the minimum or more; 60 s by default, the least that the RFC allows.
        ///   - granularity: zero or more.
        /// - Throws: a ``SettingError`` that names the first setting out of its range.
        public init(
            initial: Duration = .seconds(1),
            minimum: Duration = .milliseconds(10),
            maximum: Duration = .seconds(60),
            granularity: Duration = .milliseconds(1)
        ) throws(SettingError) {
            guard minimum >= .zero else { throw SettingError("minimum", given: minimum, allowed: "0s or more") }
            guard maximum > .zero, maximum >= minimum else {
                throw SettingError("maximum", given: maximum, allowed: "more than 0s, the minimum or more")
            }
            guard initial > .zero, initial >= minimum, initial <= maximum else {
                throw SettingError("initial", given: initial, allowed: "more than 0s, \(minimum) to \(maximum)")
            }
            guard granularity >= .zero else {
                throw SettingError("granularity", given: granularity, allowed: "0s or more")
            }
            self.init(initial, minimum, maximum, granularity)
        }

        private init(_ initial: Duration, _ minimum: Duration, _ maximum: Duration, _ granularity: Duration) {
            self.initial = initial
            self.minimum = minimum
            self.maximum = maximum
            self.granularity = granularity
        }

        static let unused = Settings(.maximum, .maximum, .maximum, .zero)
    }
}
