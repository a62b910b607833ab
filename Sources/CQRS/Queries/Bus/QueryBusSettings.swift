public import Timeline

/// How a query bus is set; every value has been checked.
public struct QueryBusSettings: Hashable, Sendable {
    /// How many results are kept.
    public let cacheCapacity: Int
    /// For how many tags it is remembered when they changed; see ``QueryCache``.
    public let rememberedTags: Int
    /// What becomes of those that joined an execution that fails.
    public let sharedFailure: SharedFailure
    /// How long after its beginning an execution can still be joined. After that the next who asks begins another one:
    /// whoever executed the first may have vanished.
    public let sharedFor: Duration
    /// How many queries can be validated and executed at once.
    public let concurrency: Int
    /// How shards are set.
    public let shards: QueryShards.Settings

    /// What becomes of those that joined an execution that fails.
    public enum SharedFailure: Hashable, Sendable {
        /// It is their failure too.
        case isTold
        /// Only who asked first is told; for the others the query is executed again.
        case handsOver
    }

    /// Checks the settings.
    /// - Parameters:
    ///   - cacheCapacity: 0 or more; 10 000 by default.
    ///   - rememberedTags: 0 or more; 16 384 by default.
    ///   - sharedFailure: told by default.
    ///   - sharedFor: more than zero; 30 s by default.
    ///   - concurrency: 1 or more; 10 000 by default.
    ///   - shards: those of the shards.
    /// - Throws: a ``SettingError`` that names the first setting out of its range.
    public init(
        cacheCapacity: Int = 10_000, rememberedTags: Int = 16_384, sharedFailure: SharedFailure = .isTold,
        sharedFor: Duration = .seconds(30), concurrency: Int = 10_000, shards: QueryShards.Settings
    ) throws(SettingError) {
        guard cacheCapacity >= 0 else {
            throw SettingError("cacheCapacity", given: cacheCapacity, allowed: "0 or more")
        }
        guard rememberedTags >= 0 else {
            throw SettingError("rememberedTags", given: rememberedTags, allowed: "0 or more")
        }
        guard sharedFor > .zero else {
            throw SettingError("sharedFor", given: sharedFor, allowed: "more than 0s")
        }
        guard (1...1_000_000_000).contains(concurrency) else {
            throw SettingError("concurrency", given: concurrency, allowed: "1 to 1000000000")
        }
        self.cacheCapacity = cacheCapacity
        self.rememberedTags = rememberedTags
        self.sharedFailure = sharedFailure
        self.sharedFor = sharedFor
        self.concurrency = concurrency
        self.shards = shards
    }
}
