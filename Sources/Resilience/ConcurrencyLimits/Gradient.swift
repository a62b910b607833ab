internal import Timeline

extension ConcurrencyLimit {
    /// Gradient2: the limit follows the ratio of a long average of times, with some tolerance, to the present time,
    /// and a small queue is always allowed on top.
    ///
    /// The ratio counts as 0.5 to 1, so that one slow window at most halves the target. With less than half of the
    /// limit in use the limit stays. Drops are not looked at: they show in the times. When times return to normal
    /// after a long overload, the long average shrinks faster than by averaging; but while an overload lasts, the
    /// average follows it and the limit climbs again.
    public struct Gradient: Hashable, Sendable {
        /// How many calls may queue: 0 to 1 000 000.
        public let queueSize: Int
        /// How many times the long average a time may be before the limit falls: 1 or more.
        public let tolerance: Double
        /// How much of a new limit counts at once: more than 0, at most 1.
        public let smoothing: Double
        /// The length of the long average, in samples: 1 to 1 000 000 000.
        public let longWindow: Int

        /// The defaults are concurrency-limits'.
        public init(queueSize: Int = 4, tolerance: Double = 1.5, smoothing: Double = 0.2, longWindow: Int = 600) {
            self.queueSize = queueSize
            self.tolerance = tolerance
            self.smoothing = smoothing
            self.longWindow = longWindow
        }

        func check() throws(SettingError) {
            guard (0...1_000_000).contains(queueSize) else {
                throw SettingError("queueSize", given: queueSize, allowed: "0 to 1000000")
            }
            guard tolerance >= 1, tolerance.isFinite else {
                throw SettingError("tolerance", given: tolerance, allowed: "1 or more")
            }
            try ConcurrencyLimit.checkSmoothing(smoothing)
            guard (1...1_000_000_000).contains(longWindow) else {
                throw SettingError("longWindow", given: longWindow, allowed: "1 to 1000000000")
            }
        }
    }
}

/// What a gradient limit has learnt.
struct GradientEstimator: Hashable, Sendable {
    private(set) var latest: Duration?
    private var average = WarmedAverage()

    var longAverage: Duration? {
        latest == nil ? nil : Duration(roundingNanoseconds: average.value)
    }

    mutating func update(
        _ estimate: Double, _ sample: ConcurrencyLimit.Sample, _ settings: ConcurrencyLimit.Gradient
    ) -> (estimate: Double, reason: ConcurrencyLimit.Change.Reason)? {
        latest = sample.took
        let short = Double(sample.took.nanoseconds)
        let long = average.add(short, window: settings.longWindow)
        if long / short > 2 { average.value *= 0.95 }
        if Double(sample.inFlight) < estimate / 2 { return nil }
        let gradient = max(0.5, min(1, settings.tolerance * long / short))
        let target = estimate * gradient + Double(settings.queueSize)
        return (estimate * (1 - settings.smoothing) + target * settings.smoothing, .gradient(gradient))
    }
}

/// An exponential average that is a plain one for its first ten samples.
struct WarmedAverage: Hashable, Sendable {
    var value = 0.0
    private var sum = 0.0
    private var count = 0
    private static let warmup = 10

    mutating func add(_ sample: Double, window: Int) -> Double {
        if count < Self.warmup {
            count += 1
            sum += sample
            value = sum / Double(count)
        } else {
            let factor = 2 / (Double(window) + 1)
            value = value * (1 - factor) + sample * factor
        }
        return value
    }
}
