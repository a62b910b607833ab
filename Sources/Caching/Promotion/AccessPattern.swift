public import Timeline

/// What an ``AccessHistory`` knows of a key at a moment.
public struct AccessPattern: Hashable, Sendable {
    /// How often it was used since the history has known it.
    public let accesses: Int
    /// How often it was used within the window; nothing older is counted.
    public let frequency: Int
    /// How long ago its last use is; ``Duration/maximum`` if none is known.
    public let recency: Duration
    /// 0 to 1: the share of its uses within the window that came soon after the one before, by
    /// ``AccessHistorySettings/closeGap``.
    ///
    /// It is the hit ratio that the key would have had in a cache that drops whatever was not used for that long: its
    /// working-set hit ratio (P. J. Denning, "The working set model for program behavior", 1968). The first use of a
    /// key is never a hit. Uses at random, r an hour, give `1 - e^(-r·gap)`; with a gap of 5 minutes the guide's 0.4,
    /// 0.6 and 0.8 are reached by chance alone at about 6, 11 and 19 uses an hour, and by bursts at any frequency. A key
    /// used at even gaps that are longer has 0.
    public let locality: Double
    /// 0 to 1: how much its uses keep to certain hours of the day.
    ///
    /// With the number of days on which each hour saw the key, N of them in all, and their entropy H:
    /// `(1 - H / ln min(24, N, hours that the key is known for)) · (1 - 1/N)`. A burst counts as one visit, and neither
    /// few visits nor a short acquaintance pass for a habit: N visits all in different hours give 0.
    public let seasonality: Double
    /// 0 to 1: how well its uses were foretold lately, the better of two guesses.
    ///
    /// - The gap between its uses: `1 - deviation / mean`, with the running mean and mean deviation of RFC 6298; the
    ///   first gap has a deviation as large as itself. A clock gives 1 in the end, chance about 1/4.
    /// - What is used next: the share of the last few times that the same key followed it.
    public let predictability: Double

    /// A pattern with these values.
    public init(
        accesses: Int, frequency: Int, recency: Duration, locality: Double, seasonality: Double, predictability: Double
    ) {
        self.accesses = accesses
        self.frequency = frequency
        self.recency = recency
        self.locality = locality
        self.seasonality = seasonality
        self.predictability = predictability
    }

    /// A key that was never seen, or is forgotten.
    public static let unseen = AccessPattern(
        accesses: 0, frequency: 0, recency: .maximum, locality: 0, seasonality: 0, predictability: 0)

    /// Whether too little is known to judge the key: at most one use, the one that its value is being loaded for.
    public var isNewcomer: Bool { accesses <= 1 }
}
