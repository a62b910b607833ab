import Caching
import Simulation
import Timeline

/// The keys of a service's cache.
enum CacheKeys {
    private static let sizes = LevelSizeNotation()
    private static let policy = ChoiceNotation<PolicyName>(
        choices: PolicyName.allCases.filter { !$0.isOffline }.map { ($0.rawValue, $0) })

    /// One of the levels that every cache may have, by their number from 0: memory, a disk, the network, a database.
    struct Near: Sendable {
        let size: Key<LevelSizeNotation>
        let latency: Key<DistributionNotation>
        let policy: Key<ChoiceNotation<PolicyName>>

        fileprivate init(_ level: Int, _ what: String) {
            let name = "l\(level + 1)"
            size = Key(name, CacheKeys.sizes, standard: "0 entries", "how much level \(level + 1) holds, \(what)")
            self.latency = Key(
                "\(name) latency", DistributionNotation(), standard: "constant \(CachePlan.Level.latencies[level])",
                "how long it takes to ask it")
            policy = Key(
                "\(name) policy", CacheKeys.policy, standard: "lru", isLive: false,
                "who leaves it when there is no more room")
        }
    }

    static let near: [Near] = [
        Near(0, "in the memory of each replica"), Near(1, "on a disk of each replica"),
        Near(2, "on the network, for all replicas together"), Near(3, "in a database, for all replicas together"),
    ]

    static let inclusion = Key(
        "levels are", ChoiceNotation<LevelInclusion>(), standard: "inclusive", isLive: false,
        "inclusive: what is in a level is normally also in those behind it; exclusive: it is in one, and moves")
    static let promotion = Key(
        "promotion", ChoiceNotation<PromotionRule>(choices: [("always", .always), ("guide", .guide)]),
        standard: "always", isLive: false,
        "which levels a value goes to that was found further away: all nearer ones, or those that its key is worth by "
            + "frequency, recency and locality")
    static let placement = Key(
        "placement", ChoiceNotation<Placement>(choices: [("everywhere", .everywhere), ("guide", .guide)]),
        standard: "everywhere", isLive: false,
        "which levels a loaded value goes to: all, or those that its size and the use of its key are worth")
    static let valueSize = Key(
        "value size", SizeLawNotation(), isLive: false,
        "how large the values of keys are, where levels hold so many bytes; without it they hold so many entries")
    static let tags = Key(
        "tags", OptionalCountNotation(range: 1...1_000_000), standard: "none", isLive: false,
        "into how many tags keys are divided, in turn, such as categories; operations can write all of one")
    static let timeToLive = Key(
        "ttl", OptionalTimeNotation(time: TimeNotation.positive), standard: "none",
        "how long an entry may be served; none for ever")
    static let promotedLife = Key(
        "promoted life", ChoiceNotation(choices: [("carried", false), ("renewed", true)]), standard: "carried",
        "what is left to live for what a level near has from one behind it: the rest, or all of it anew, as the guide has it"
    )
    static let existing = Key(
        "existing keys", OptionalCountNotation(range: 0...Int(UInt32.max), word: "all"), standard: "all",
        "how many keys have a value, from 1 on; those above have none until an operation writes them")
    static let absence = Key(
        "absence", OptionalTimeNotation(time: TimeNotation.positive), standard: "none",
        "for how long it is remembered that a key has no value; none: each call for it asks the origin")
    static let singleFlight = Key(
        "single flight",
        ChoiceNotation<SingleFlight>(choices: [("no", .none), ("yes", .ofEach), ("shared", .ofAll)]), standard: "no",
        isLive: false,
        "whether each call that misses a key loads it, or waits for the one that does: of its replica, or of all")
    /// Of whom a load is the only one of its key.
    enum SingleFlight: Sendable {
        case none, ofEach, ofAll
    }

    static let failSafe = Key(
        "fail safe", OptionalTimeNotation(time: TimeNotation.positive), standard: "none",
        "for how long after its life an entry is served all the same if its load fails")
    static let failSafePause = Key(
        "fail safe pause", TimeNotation.any, standard: "1s", "for how long no new load is tried after one has failed")
    static let softTimeout = Key(
        "soft timeout", OptionalTimeNotation(time: TimeNotation.positive), standard: "none",
        "after how long a call is served such an entry rather than wait for its load")
    static let hardTimeout = Key(
        "hard timeout", OptionalTimeNotation(time: TimeNotation.positive), standard: "none",
        "after how long a call that waits for the load of another one gives up")
    static let refresh = Key(
        "refresh", RefreshNotation(), standard: "none",
        "when an entry is loaded anew in the background before its life is over")
    static let afterFailure = Key(
        "after failure", ChoiceNotation(choices: [("keep", false), ("delete", true)]), standard: "keep",
        "delete: a call whose load fails takes the cached entry to be broken, and deletes it")
    static let onWrite = Key(
        "on write", ChoiceNotation<CachePlan.WriteHandling>(), standard: "invalidate",
        "what an operation with writes does to the entries of its key, at its own replica and where all share them")

    static let section = Section(
        title: "a cache",
        fields: near.flatMap { [.setting($0.size), .setting($0.latency), .setting($0.policy)] }
            + [
                .named(
                    "levels", LevelKeys.section,
                    meaning: "instead of l1 to l4: levels by names of your own, the nearest first"),
                .setting(inclusion), .setting(promotion), .setting(placement), .setting(valueSize), .setting(tags),
                .setting(timeToLive), .setting(promotedLife),
                .setting(existing), .setting(absence), .setting(singleFlight), .setting(failSafe),
                .setting(failSafePause), .setting(softTimeout), .setting(hardTimeout),
                .setting(refresh), .setting(afterFailure), .setting(onWrite),
                .section("warming", WarmingKeys.section, meaning: "what is loaded before it is asked for"),
                .section(
                    "coherence", CoherenceKeys.section,
                    meaning: "how replicas hear of what others have written; without it they do not"),
                .section(
                    "write behind", WriteBehindKeys.section,
                    meaning: "writes are answered at once, and reach their store later"),
            ],
        choices: [
            Section.Choice(
                options: [["levels"], near.flatMap { [$0.size.name, $0.latency.name, $0.policy.name] }],
                isRequired: false)
        ])

    /// The keys of what is loaded before it is asked for.
    enum WarmingKeys {
        static let keys = Key(
            "keys", WarmingNotation(), standard: "none",
            "which keys are loaded ahead, and when; also by the command warm")
        static let concurrency = Key(
            "concurrency", CountNotation(range: 1...10_000), standard: "8",
            "how many of them each replica loads at once")
        static let rate = Key(
            "rate", OptionalRateNotation(), standard: "none", "how many loads a second each replica begins at most")
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

    /// The keys of how replicas hear of what others have written.
    enum CoherenceKeys {
        static let latency = Key(
            "latency", DistributionNotation(), standard: "constant 1ms", "how long a message takes to another replica")
        static let loss = Key(
            "loss", ShareNotation(allowsZero: true), standard: "0%", "the share of messages that are lost")
        static let recovery = Key(
            "recovery", OptionalTimeNotation(time: TimeNotation.period), standard: "none",
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

    /// The keys of writes that reach their store later than they are answered.
    enum WriteBehindKeys {
        static let call = Key(
            "call", OperationNotation(), isLive: false, "the operation that takes a batch of writes to the store")
        static let queue = Key(
            "queue", CountNotation(range: 1...10_000_000, unit: ("write", "writes")), standard: "1000 writes",
            isLive: false, "how many writes wait at each replica; what finds no room fails")
        static let batch = Key(
            "batch", CountNotation(range: 1...10_000_000, unit: ("write", "writes")), standard: "100 writes",
            isLive: false, "how many writes go with one call at most")
        static let delay = Key(
            "delay", TimeNotation.any, standard: "1s", isLive: false,
            "how long a write waits at most for others to go with")
        static let batches = Key(
            "batches", CountNotation(range: 1...1_000), standard: "1", isLive: false,
            "how many batches are on their way at once")
        static let attempts = Key(
            "attempts", CountNotation(range: 1...1_000_000), standard: "5", isLive: false,
            "how often a write is tried until it has failed, and leaves the cache")
        static let coalesce = Key(
            "coalesce", FlagNotation(), standard: "yes", isLive: false,
            "whether a write takes the place of one of its key that still waits")

        static let section = Section(
            title: "a queue of writes",
            fields: [
                .setting(call), .setting(queue), .setting(batch), .setting(delay), .setting(batches),
                .setting(attempts), .setting(coalesce),
            ])
    }

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
