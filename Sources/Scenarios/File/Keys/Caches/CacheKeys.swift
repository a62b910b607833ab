import Caching
import Simulation
import Timeline

/// The keys of a service's cache.
enum CacheKeys {
    static let sizes = LevelSizeNotation()
    static let policy = ChoiceNotation<PolicyName>(
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
        "tags", OptionalNotation(CountNotation(range: 1...1_000_000)), standard: "none", isLive: false,
        "into how many tags keys are divided, in turn, such as categories; operations can write all of one")
    static let timeToLive = Key(
        "ttl", OptionalNotation(TimeNotation.positive), standard: "none",
        "how long an entry may be served; none for ever")
    static let promotedLife = Key(
        "promoted life", ChoiceNotation(choices: [("carried", false), ("renewed", true)]), standard: "carried",
        "what is left to live for what a level near has from one behind it: the rest, or all of it anew, as the guide has it"
    )
    static let existing = Key(
        "existing keys", OptionalNotation(CountNotation(range: 0...Int(UInt32.max)), word: "all"), standard: "all",
        "how many keys have a value, from 1 on; those above have none until an operation writes them")
    static let absence = Key(
        "absence", OptionalNotation(TimeNotation.positive), standard: "none",
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
        "fail safe", OptionalNotation(TimeNotation.positive), standard: "none",
        "for how long after its life an entry is served all the same if its load fails")
    static let failSafePause = Key(
        "fail safe pause", TimeNotation.any, standard: "1s", "for how long no new load is tried after one has failed")
    static let softTimeout = Key(
        "soft timeout", OptionalNotation(TimeNotation.positive), standard: "none",
        "after how long a call is served such an entry rather than wait for its load")
    static let hardTimeout = Key(
        "hard timeout", OptionalNotation(TimeNotation.positive), standard: "none",
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
                .setting(timeToLive), .setting(promotedLife), .setting(existing), .setting(absence),
                .setting(singleFlight), .setting(failSafe), .setting(failSafePause), .setting(softTimeout),
                .setting(hardTimeout), .setting(refresh), .setting(afterFailure), .setting(onWrite),
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
}
