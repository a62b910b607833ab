import Caching
import Simulation
import Timeline

extension CacheKeys {
    /// The keys of what is loaded before it is asked for.
    enum WarmingKeys {
        static let keys = Key(
            "keys", WarmingNotation(), standard: "none",
            "which keys are loaded ahead, and when; also by the command warm")
        static let concurrency = Key(
            "concurrency", CountNotation(range: 1...10_000), standard: "8",
            "how many of them each replica loads at once")
        static let rate = Key(
            "rate", OptionalNotation(RateNotation()), standard: "none",
            "how many loads a second each replica begins at most")
        static let timeout = Key(
            "timeout", TimeNotation.positive, standard: "1m", "after how long a replica gives up what is not loaded")
        static let day = Key(
            "day", TimeNotation(range: .milliseconds(24)...(.minutes(8784 * 60))), standard: "24h", isLive: false,
            "how long a day of 24 hours is here, for keys of the coming hour")

        static let section = Section(
            title: "the warming of a cache",
            fields: [.setting(keys), .setting(concurrency), .setting(rate), .setting(timeout), .setting(day)],
            isImplied: true)
    }
}
