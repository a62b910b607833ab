public import Caching
public import Resilience
public import Timeline

/// How a cache of several levels is set; every value has been checked.
public struct LayeredCacheSettings: Hashable, Sendable {
    /// How long values live, and what is served if a load fails. Nobody waits here, so its timeouts have no meaning.
    public let reading: ReadSettings
    /// What goes up.
    public let promotion: PromotionRule
    /// Which levels a new value goes to, and which it may go up to, by the bytes that it has without key and tags.
    public let placement: Placement
    /// What is remembered of how keys were used; nil if neither promotion nor placement asks for it.
    public let history: AccessHistorySettings?
    /// How a write comes to the origin and to the levels.
    public let writing: WriteStrategy
    /// When a level that fails is left alone.
    public let breaker: CircuitBreaker.Settings
    /// For how many tags, and for how many keys of each level, it is remembered that they must not be read. Of others
    /// it is assumed when the last one is forgotten: a value may be loaded again without need, never wrongly served.
    public let rememberedNames: Int
    /// Decides ``Caching/ReadSettings/Refresh/early(beta:)``.
    public let seed: UInt64

    /// Checks the settings.
    /// - Parameters:
    ///   - reading: ``Caching/ReadSettings/plain`` by default. Without single flight nobody is ever told to wait.
    ///   - promotion: always by default.
    ///   - placement: everywhere by default. Limits are counted from ``LayeredCache/Level/memory`` on, also where a level
    ///     is left out; what goes to a level that is, goes to those behind it, or to the last one that there is.
    ///   - history: for 10 000 keys by default, if promotion or placement asks for it.
    ///   - writing: write-through by default.
    ///   - breaker: by default five failures among the last ten calls, which five in a row are, open it for 2 s, and one
    ///     probe closes it.
    ///   - rememberedNames: 1 to 1 000 000; 10 000 by default.
    ///   - seed: any number.
    /// - Throws: a ``Timeline/SettingError`` if a setting is out of its range.
    public init(
        reading: ReadSettings = .plain, promotion: PromotionRule = .always, placement: Placement = .everywhere,
        history: AccessHistorySettings? = nil, writing: WriteStrategy = .writeThrough,
        breaker: CircuitBreaker.Settings? = nil, rememberedNames: Int = 10_000, seed: UInt64 = 0
    ) throws(SettingError) {
        guard (1...1_000_000).contains(rememberedNames) else {
            throw SettingError("rememberedNames", given: rememberedNames, allowed: "1 to 1000000")
        }
        self.reading = reading
        self.promotion = promotion
        self.placement = placement
        if promotion == .always, !placement.asksForHeat {
            self.history = nil
        } else if let history {
            self.history = history
        } else {
            self.history = try AccessHistorySettings(keys: 10_000)
        }
        self.writing = writing
        if let breaker {
            self.breaker = breaker
        } else {
            self.breaker = try CircuitBreaker.Settings(
                window: .calls(10), tripRule: .failures(5), openTime: .seconds(2), probes: 1, probeRule: .consecutive)
        }
        self.rememberedNames = rememberedNames
        self.seed = seed
    }
}
