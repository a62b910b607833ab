public import Timeline

/// How a ``CacheWarmer`` is set; every value has been checked.
public struct CacheWarmerSettings: Hashable, Sendable {
    /// From how many sources the values can be had.
    public let sources: Int
    /// How many loads run at once, at most.
    public let concurrency: Int
    /// How many loads a second begin at most, evenly spaced; nil for any number.
    public let rate: Double?
    /// How long a warming takes at most; what is not loaded then is given up.
    public let timeout: Duration
    /// How long a source that failed is avoided, unless one of its loads succeeds before.
    public let avoidance: Duration
    /// How long what is loaded is to live; nil for as long as the cache says.
    public let life: Duration?
    /// How many failed loads a report names, the first ones.
    public let failuresKept: Int

    /// The least time between the beginnings of two loads.
    var spacing: Duration {
        // Rounded up, so that the rate is never exceeded.
        rate.map { .nanoseconds(Int64((1e9 / $0).rounded(.up))) } ?? .zero
    }

    /// Checks the settings.
    /// - Parameters:
    ///   - sources: 1 to 1000; 1 by default.
    ///   - concurrency: 1 to 10 000; 8 by default. (None at all would wait for ever, as the guide's does.)
    ///   - rate: 0.001 to 1 000 000 loads a second, or nil, the default.
    ///   - timeout: more than zero; a minute by default.
    ///   - avoidance: zero or more; 5 s by default.
    ///   - life: more than zero, or nil, the default.
    ///   - failuresKept: 0 to 10 000; 100 by default.
    /// - Throws: a ``SettingError`` that names the first setting out of its range.
    public init(
        sources: Int = 1, concurrency: Int = 8, rate: Double? = nil, timeout: Duration = .minutes(1),
        avoidance: Duration = .seconds(5), life: Duration? = nil, failuresKept: Int = 100
    ) throws(SettingError) {
        let counts = [
            ("sources", sources, 1...1000), ("concurrency", concurrency, 1...10_000),
            ("failuresKept", failuresKept, 0...10_000),
        ]
        for (name, count, range) in counts where !range.contains(count) {
            throw SettingError(name, given: count, allowed: "\(range.lowerBound) to \(range.upperBound)")
        }
        if let rate {
            // Also refuses what is not a number.
            guard rate >= 0.001, rate <= 1e6 else {
                throw SettingError("rate", given: rate, allowed: "0.001 to 1000000 loads a second")
            }
        }
        guard timeout > .zero else { throw SettingError("timeout", given: timeout, allowed: "more than 0s") }
        guard avoidance >= .zero else { throw SettingError("avoidance", given: avoidance, allowed: "0s or more") }
        if let life, life <= .zero { throw SettingError("life", given: life, allowed: "more than 0s") }
        self.sources = sources
        self.concurrency = concurrency
        self.rate = rate
        self.timeout = timeout
        self.avoidance = avoidance
        self.life = life
        self.failuresKept = failuresKept
    }
}
