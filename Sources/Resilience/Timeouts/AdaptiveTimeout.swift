public import Timeline

/// A time limit that follows the latencies of one service: a percentile of the latest calls times a margin.
///
/// One value belongs to one service: a slow service must not relax the limit of another.
///
/// A call that the limit cut off is a sample too, of the time that it was given. Left out, the percentile would be
/// that of the survivors and hold the limit down for ever after latencies have risen. Counted, it is at the top of
/// the window: as soon as the percentile falls among such calls the limit becomes the margin times what was not
/// enough, and so on until the answers come in time again or the maximum is reached. So it climbs by
/// ``Settings/factor`` for every few calls cut off, and comes down when newer samples have pushed those calls out.
/// During an outage it therefore rises to ``Settings/maximum``, which should be what a caller can bear; to stop
/// calling is a breaker's work.
public struct AdaptiveTimeout: Hashable, Sendable {
    /// The settings in force; ``changeSettings(_:at:)`` replaces them.
    public private(set) var settings: Settings
    /// Everything told since the start.
    public private(set) var totals = TimedCalls()
    /// The latencies that the limit is taken from.
    public private(set) var window: WindowedQuantile

    /// A timeout without samples.
    public init(_ settings: Settings) {
        self.settings = settings
        window = WindowedQuantile(capacity: settings.samples, within: settings.within)
    }

    /// For a place where this kind is not used.
    static let unused = AdaptiveTimeout(.unused)

    /// The limit for an attempt that starts now.
    public mutating func limit(at now: Instant) -> Duration {
        window.advance(to: now)
        return currentLimit
    }

    /// The limit as of the latest ``limit(at:)`` or ``record(took:outcome:at:)``.
    public var currentLimit: Duration {
        guard window.count >= settings.minimumSamples, let length = window.quantile(settings.percentile) else {
            return settings.base
        }
        return min(max(settings.minimum, length * settings.factor), settings.maximum)
    }

    /// Whether there are enough samples to set the limit by them.
    public var isAdapted: Bool { window.count >= settings.minimumSamples }

    /// Tells how a call went; one that was cut off counts with the time that it was given.
    public mutating func record(took: Duration, outcome: TimedCalls.Outcome, at now: Instant) {
        totals.count(outcome)
        switch outcome {
        case .answered, .ambiguous, .timedOut: window.record(took, at: now)
        case .ignored: break
        }
    }

    /// Replaces the settings; the newest samples that fit stay and are judged by the new ones.
    public mutating func changeSettings(_ new: Settings, at now: Instant) {
        if new.samples != settings.samples || new.within != settings.within {
            window = window.resized(capacity: new.samples, within: new.within, at: now)
        }
        settings = new
    }
}

extension AdaptiveTimeout {
    /// How an adaptive timeout is set; every value has been checked.
    public struct Settings: Hashable, Sendable {
        /// The percentile that the limit follows, as a share.
        public let percentile: Double
        /// What it is multiplied by.
        public let factor: Double
        /// The limit while there are too few samples.
        public let base: Duration
        /// No limit is shorter.
        public let minimum: Duration
        /// No limit is longer.
        public let maximum: Duration
        /// How many samples are kept.
        public let samples: Int
        /// How old a sample may become; nil for any age.
        public let within: Duration?
        /// With fewer samples than this the base limit holds.
        public let minimumSamples: Int

        /// Checks the settings.
        /// - Parameters:
        ///   - percentile: more than 0, at most 1.
        ///   - factor: more than 1, finite: with 1, a limit that is too short could not rise.
        ///   - base: from the minimum to the maximum; 1 s by default, as in resilience4j.
        ///   - minimum: more than zero; 10 ms by default, the shortest that Polly allows.
        ///   - maximum: the minimum or more; 30 s by default, Polly's limit.
        ///   - samples: 1 to 100 000.
        ///   - within: more than zero; nil for any age.
        ///   - minimumSamples: 1 to the number of samples kept.
        /// - Throws: a ``SettingError`` that names the first setting out of its range.
        public init(
            percentile: Double = 0.99,
            factor: Double = 1.5,
            base: Duration = .seconds(1),
            minimum: Duration = .milliseconds(10),
            maximum: Duration = .seconds(30),
            samples: Int = 100,
            within: Duration? = nil,
            minimumSamples: Int = 10
        ) throws(SettingError) {
            guard percentile > 0, percentile <= 1 else {
                throw SettingError("percentile", given: percentile, allowed: "a share of more than 0 and at most 1")
            }
            guard factor > 1, factor.isFinite else {
                throw SettingError("factor", given: factor, allowed: "more than 1, finite")
            }
            guard minimum > .zero else { throw SettingError("minimum", given: minimum, allowed: "more than 0s") }
            guard maximum >= minimum else {
                throw SettingError("maximum", given: maximum, allowed: "the minimum of \(minimum) or more")
            }
            guard base >= minimum, base <= maximum else {
                throw SettingError("base", given: base, allowed: "\(minimum) to \(maximum)")
            }
            try WindowedQuantile.check(samples: samples, within: within)
            guard (1...samples).contains(minimumSamples) else {
                throw SettingError("minimumSamples", given: minimumSamples, allowed: "1 to \(samples)")
            }
            self.init(percentile, factor, base, minimum, maximum, samples, within, minimumSamples)
        }

        private init(
            _ percentile: Double, _ factor: Double, _ base: Duration, _ minimum: Duration, _ maximum: Duration,
            _ samples: Int, _ within: Duration?, _ minimumSamples: Int
        ) {
            self.percentile = percentile
            self.factor = factor
            self.base = base
            self.minimum = minimum
            self.maximum = maximum
            self.samples = samples
            self.within = within
            self.minimumSamples = minimumSamples
        }

        fileprivate static let unused = Settings(1, 2, .maximum, .maximum, .maximum, 0, nil, 1)
    }
}
