import Caching
import Simulation

/// The keys of a service's cache.
enum CacheKeys {
    private static let entries = CountNotation(range: 0...10_000_000, unit: ("entry", "entries"))
    private static let policy = ChoiceNotation<PolicyName>(
        choices: PolicyName.allCases.filter { !$0.isOffline }.map { ($0.rawValue, $0) })

    /// One of the levels that every cache may have, by their number from 0: memory, a disk, the network, a database.
    struct Near: Sendable {
        let size: Key<CountNotation>
        let latency: Key<DistributionNotation>
        let policy: Key<ChoiceNotation<PolicyName>>

        fileprivate init(_ level: Int, _ what: String) {
            let name = "l\(level + 1)"
            size = Key(name, CacheKeys.entries, standard: "0 entries", "how much level \(level + 1) holds, \(what)")
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
    static let timeToLive = Key(
        "ttl", OptionalTimeNotation(time: TimeNotation.positive), standard: "none",
        "how long an entry may be served; none for ever")
    static let promotedLife = Key(
        "promoted life", ChoiceNotation(choices: [("carried", false), ("renewed", true)]), standard: "carried",
        "what is left to live for what a level near has from one behind it: the rest, or all of it anew, as the guide has it"
    )
    static let singleFlight = Key(
        "single flight", FlagNotation(), standard: "no",
        "whether calls that miss a key wait for the one that loads it, or each loads it for itself")
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
                .setting(inclusion), .setting(timeToLive), .setting(promotedLife), .setting(singleFlight),
                .setting(failSafe), .setting(failSafePause), .setting(softTimeout), .setting(hardTimeout),
                .setting(refresh), .setting(afterFailure), .setting(onWrite),
            ],
        choices: [
            Section.Choice(
                options: [["levels"], near.flatMap { [$0.size.name, $0.latency.name, $0.policy.name] }],
                isRequired: false)
        ])

    /// The keys of a level with a name of its own.
    enum LevelKeys {
        static let size = Key("entries", CacheKeys.entries, standard: "0 entries", "how much it holds")
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
