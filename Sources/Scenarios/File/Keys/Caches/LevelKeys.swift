import Caching
import Simulation
import Timeline

extension CacheKeys {
    /// The keys of a level with a name of its own.
    enum LevelKeys {
        static let size = Key("entries", CacheKeys.sizes, standard: "0 entries", "how much it holds")
        static let latency = Key(
            "latency", DistributionNotation(), standard: "constant 50us", "how long it takes to ask it")
        static let policy = Key(
            "policy", CacheKeys.policy, standard: "lru", isLive: false, "who leaves it when there is no more room")
        static let shared = Key(
            "shared", FlagNotation(), standard: "no", isLive: false, "whether all replicas share it, or each has one")

        static let section = Section(
            title: "a level of a cache",
            fields: [.setting(size), .setting(latency), .setting(policy), .setting(shared)])
    }
}
