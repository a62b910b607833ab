import Caching
import Simulation
import Timeline

extension CacheKeys {
    /// The keys of how replicas hear of what others have written.
    enum CoherenceKeys {
        static let latency = Key(
            "latency", DistributionNotation(), standard: "constant 1ms", "how long a message takes to another replica")
        static let loss = Key(
            "loss", ShareNotation(allowsZero: true), standard: "0%", "the share of messages that are lost")
        static let recovery = Key(
            "recovery", OptionalNotation(TimeNotation.period), standard: "none",
            "after how long what was lost is sent again, of several messages about a key the latest")
        static let strategy = Key(
            "strategy", InvalidationNotation(), standard: "immediate",
            "what a replica does with the copy that it has of a key that another one has written")

        static let section = Section(
            title: "the coherence of a cache",
            fields: [
                .setting(latency), .setting(loss), .setting(recovery), .setting(strategy),
                .list(
                    "patterns", PatternKeys.section,
                    meaning:
                        "what replicas do with copies of certain keys; of all patterns that match the strongest holds"),
            ])
    }

    /// The keys of a pattern.
    enum PatternKeys {
        static let keys = Key("keys", KeyPatternNotation(), isLive: false, "which keys are meant")
        static let strategy = Key(
            "strategy", InvalidationNotation(), standard: "immediate", isLive: false,
            "what a replica does with its copy of such a key")
        static let tell = Key(
            "tell", ChoiceNotation<Propagation>(choices: [("others", .others), ("nobody", .none)]), standard: "others",
            isLive: false, "who hears of a write")

        static let section = Section(
            title: "a pattern of keys", fields: [.setting(keys), .setting(strategy), .setting(tell)])
    }
}
