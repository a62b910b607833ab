import Resilience
import Simulation
import Timeline

/// The keys of a circuit breaker.
enum BreakerKeys {
    /// What ends the open time.
    enum HalfOpening: CaseIterable, Sendable {
        case call, time, reading
    }

    static let preset = Key(
        "preset",
        ChoiceNotation<CircuitBreaker.Preset?>(
            choices: [("none", nil)] + CircuitBreaker.Preset.allCases.map { ($0.rawValue, $0) }),
        standard: "none", isLive: false, "the rules and defaults of a library, which other settings then change")
    static let window = Key("window", WindowNotation(), standard: "100 calls", "which calls it judges by")
    static let rule = Key(
        "rule", TripRuleNotation(), standard: "rate",
        "what opens it besides slow calls: the share of failures, a number of them, so many in a row, or a share of all "
            + "calls let through, as a rule of one's own would have it")
    static let failures = Key(
        "failures", ShareNotation(allowsZero: false), standard: "50%", "the share of failures that opens it")
    static let minimum = Key(
        "minimum", CountNotation(range: 1...100_000, unit: ("call", "calls")),
        "with fewer calls no share is judged; the whole window if left out, or 20 calls of a window of time")
    static let slow = Key(
        "slow", SlowCallsNotation(), standard: "none", "the share of calls over a limit that opens it")
    static let judges = Key(
        "judges",
        ChoiceNotation<CircuitBreaker.Judging>(choices: [("results", .everyResult), ("failures", .failures)]),
        standard: "results", "whether a good result too can open it, since it completes the minimum")
    static let counts = Key(
        "counts", FailureNotation(), standard: "transient",
        "which failures speak against the service; the others count as good answers")
    static let ignores = Key(
        "ignores", FailureNotation(), standard: "rejections cancelled expired", "which failures do not count at all")
    static let open = Key("open", TimeNotation.period, standard: "60s", "how long it stays open")
    static let growth = Key(
        "open growth", GrowthNotation(), standard: "none",
        "how that grows each time that it opens without closing first")
    static let strict = Key(
        "strict", FlagNotation(), standard: "no", "whether the open time is over only after its last moment")
    static let halfOpens = Key(
        "half-opens", ChoiceNotation<HalfOpening>(), standard: "call",
        "what ends the open time: the next call, time alone, or a look at the breaker's state")
    static let probes = Key(
        "probes", CountNotation(range: 1...10_000), standard: "10", "how many calls it lets through half-open")
    static let probeLimit = Key(
        "probe limit",
        ChoiceNotation<CircuitBreaker.ProbeLimit>(choices: [("in-all", .total), ("at-a-time", .concurrent)]),
        standard: "in-all", "whether that many in all, or at the same time")
    static let probeRule = Key(
        "probe rule", ProbeRuleNotation(), standard: "rate", "what the probes must do to close it")
    static let ignoredProbe = Key(
        "ignored probe",
        ChoiceNotation<CircuitBreaker.IgnoredProbe>(choices: [("frees-its-place", .freesPlace), ("reopens", .reopens)]),
        standard: "frees-its-place", "what a probe does whose result is ignored")
    static let halfOpenLimit = Key(
        "half-open limit", TimeNotation.period, "how long it may be half-open; as long as it stays open, if left out")
    static let afterLimit = Key(
        "after limit", ChoiceNotation<CircuitBreaker.AfterLimit>(choices: [("open", .open), ("closed", .closed)]),
        standard: "open", "what it becomes after that")
    static let each = Key(
        "each", ChoiceNotation<BreakerPlan.Scope>(), standard: "edge", isLive: false,
        "for what there is one breaker each; caller: one for all that the caller calls through breakers that say so, with the "
            + "settings of the first")
    static let health = Key(
        "health",
        ChoiceNotation<CircuitBreaker.HealthReaction>(choices: [
            ("ignored", .ignored), ("opens", .opens), ("half-opens", .halfOpens), ("closes", .closes),
        ]), standard: "ignored", "what it does with the word of a health checker outside it")

    static let section = Section(
        title: "a breaker",
        fields: [
            .setting(preset), .setting(window), .setting(rule), .setting(failures), .setting(minimum), .setting(slow),
            .setting(judges), .setting(counts), .setting(ignores), .setting(open), .setting(growth), .setting(strict),
            .setting(halfOpens), .setting(probes), .setting(probeLimit), .setting(probeRule), .setting(ignoredProbe),
            .setting(halfOpenLimit), .setting(afterLimit), .setting(each), .setting(health),
        ])
}
