import Resilience
import Simulation
import Timeline

/// The keys of a rate limiter.
enum LimiterKeys {
    static let algorithm = Key(
        "algorithm", LimiterNotation.algorithms, standard: "token-bucket",
        "how permits are given: saved up to a burst, spread evenly, or so many in each window")
    static let rate = Key("rate", LimiterNotation(), "how many calls may be made in how long a time")
    static let burst = Key(
        "burst", CountNotation(range: 1...Rate.largestLimit),
        "of a token bucket, how many permits it saves; the number of the rate if left out")
    static let wait = Key(
        "wait", TimeNotation.any, standard: "0s",
        "how long a call may wait for the permit that it reserves; a longer wait is a refusal")
    static let per = Key(
        "per", ChoiceNotation<LimiterPlan.Scope>(), standard: "edge", isLive: false,
        "for what there is one limiter each: the edge, or each tenant of the loads")
    static let givesBack = Key(
        "gives back", FlagNotation(), standard: "no",
        "whether a permit comes back when a guard further in refuses the call at once; otherwise an open breaker behind "
            + "a limiter uses its permits up")

    static let section = Section(
        title: "a limiter",
        fields: [
            .setting(algorithm), .setting(rate), .setting(burst), .setting(wait), .setting(per), .setting(givesBack),
        ])
}

/// The keys of a client's own throttle.
enum ThrottleKeys {
    static let threshold = Key(
        "threshold", ShareNotation(allowsZero: false), standard: "90%",
        "the share of accepted calls below which calls are held back; 50% is the K of 2 of Google's SRE book")
    static let limit = Key(
        "at most", ShareNotation(allowsZero: true), standard: "90%",
        "the largest share of calls that is held back, so that some always find out how it is")
    static let minimum = Key(
        "minimum", CountNotation(range: 0...1_000_000, unit: ("call", "calls")), standard: "0 calls",
        "with fewer calls in the window none is held back")
    static let window = Key("window", TimeNotation.positive, standard: "60s", "how far back calls count")

    static let section = Section(
        title: "a throttle", fields: [.setting(threshold), .setting(limit), .setting(minimum), .setting(window)])
}

/// The keys of an adaptive concurrency limit.
enum ConcurrencyKeys {
    /// How a limit is found.
    enum Algorithm: CaseIterable, Sendable {
        case aimd, vegas, gradient2
    }

    private static let count = CountNotation(range: 1...1_000_000_000)
    private static let calls = CountNotation(range: 0...1_000_000)

    static let algorithm = Key(
        "algorithm", ChoiceNotation<Algorithm>(), standard: "gradient2",
        "what the limit follows: dropped and slow calls (aimd), the queue that times tell of (vegas), or the ratio of "
            + "long-term to present times (gradient2)")
    static let start = Key("start", count, "the limit at first; 20 if left out, within min and max")
    static let least = Key("min", count, "the lowest limit; 20 if left out, and 1 of vegas")
    static let most = Key("max", count, "the highest limit; 200 if left out, and 1000 of vegas")
    static let backoff = Key(
        "backoff", ShareNotation(allowsZero: false), standard: "90%",
        "of aimd: what is left of the limit after a bad call")
    static let timeout = Key(
        "timeout", TimeNotation.positive, standard: "5s", "of aimd: a call that takes longer is bad")
    static let alpha = Key(
        "alpha", calls, "of vegas: with fewer calls queued the limit rises; 3 for each digit of the limit but the first"
    )
    static let beta = Key(
        "beta", calls, "of vegas: with more calls queued the limit falls; 6 for each digit of the limit but the first")
    static let queue = Key("queue", calls, standard: "4", "of gradient2: how many calls may queue")
    static let tolerance = Key(
        "tolerance", FactorNotation(range: 1...1_000), standard: "1.5",
        "of gradient2: how many times as long as in the long term calls may take before the limit falls")
    static let smoothing = Key(
        "smoothing", ShareNotation(allowsZero: false),
        "how much of a new limit counts at once; 20% of gradient2 and 100% of vegas if left out")
    static let window = Key(
        "window", OptionalNotation(TimeNotation(range: .milliseconds(100)...TimeNotation.longest)),
        "over how long calls are summed up to one sample, as is wise where times vary much, or none; 1s of gradient2 and "
            + "none of the others if left out")

    static let section = Section(
        title: "a concurrency limit",
        fields: [
            .setting(algorithm), .setting(start), .setting(least), .setting(most), .setting(backoff),
            .setting(timeout), .setting(alpha), .setting(beta), .setting(queue), .setting(tolerance),
            .setting(smoothing), .setting(window),
        ])
}
