import Simulation
import Timeline

/// The kinds of guards that calls can pass through.
enum GuardKind: String, CaseIterable, Sendable {
    case bulkhead
    case retry
    case breaker
    case timeout

    /// What can be set of a guard: one value, or several by their keys.
    enum Settings: Sendable {
        case one(any Setting)
        case several(Section)
    }

    var settings: Settings {
        switch self {
        case .bulkhead: .several(BulkheadKeys.section)
        case .retry: .several(RetryKeys.section)
        case .breaker: .several(BreakerKeys.section)
        case .timeout: .one(EdgeKeys.timeout)
        }
    }

    var meaning: String {
        switch self {
        case .bulkhead: "at most so many calls under way, and so many waiting"
        case .retry: "failed calls are tried again"
        case .breaker: "calls are refused while the service is seen to fail"
        case .timeout: "a call that takes longer has failed"
        }
    }
}

/// The keys of an edge.
enum EdgeKeys {
    static let network = Key(
        "network", DistributionNotation(), standard: "constant 0s", "how long the network takes, each way")
    static let deadlines = Key(
        "deadlines", FlagNotation(), standard: "no",
        "whether calls are told when their caller stops waiting, so that none begins after that")
    static let cancels = Key(
        "cancels", FlagNotation(), standard: "no",
        "whether a call ends, with all that it holds, when its caller has gone")
    static let timeout = Key(
        "timeout", TimeNotation.positive, GuardKind.timeout.meaning)

    static let guardsPattern = "[\(GuardKind.allCases.map(\.rawValue).joined(separator: ", "))]"

    static let section = Section(
        title: "an edge",
        fields: [
            .setting(network), .setting(deadlines), .setting(cancels),
            .special(
                "guards", pattern: guardsPattern,
                meaning:
                    "what calls pass through, outermost first, at most \(EdgePlan.guardLimit); "
                    + "of two of a kind, \"timeout 2\" is the second"
            ),
        ] + GuardKind.allCases.map(Field.guards))
}

/// The keys of a bulkhead.
enum BulkheadKeys {
    static let threads = Key(
        "threads", CountNotation(range: 1...1_000_000), "how many calls may be under way, always")
    static let core = Key(
        "core", CountNotation(range: 0...1_000_000), "how many calls may be under way before any waits")
    static let maximum = Key(
        "max", CountNotation(range: 1...1_000_000),
        "how many calls may be under way when the queue is full; core if left out")
    static let queue = Key("queue", CountNotation(range: 0...10_000_000), standard: "0", "how many calls may wait")
    static let keepAlive = Key(
        "keep alive", TimeNotation.any, standard: "60s",
        "after how long an idle thread above the core ends")

    static let section = Section(
        title: "a bulkhead",
        fields: [.setting(threads), .setting(core), .setting(maximum), .setting(queue), .setting(keepAlive)],
        choices: [Section.Choice(options: [["threads"], ["core", "max"]], isRequired: true)])
}

/// The keys of a retry.
enum RetryKeys {
    static let attempts = Key(
        "attempts", CountNotation(range: 1...1_000), standard: "3", "how often a call is tried, the first time included"
    )
    static let backoff = Key(
        "backoff", BackoffNotation(), standard: "exponential 100ms to 2s", "how the wait between attempts grows")
    static let jitter = Key("jitter", JitterNotation.jitter, standard: "full", "how chance spreads the wait")

    static let section = Section(
        title: "a retry", fields: [.setting(attempts), .setting(backoff), .setting(jitter)])
}

/// The keys of a circuit breaker.
enum BreakerKeys {
    private static let time = TimeNotation.positive

    static let window = Key("window", WindowNotation(), standard: "100 calls", "which calls it judges by")
    static let failures = Key(
        "failures", ShareNotation(allowsZero: false), standard: "50%", "the share of failures that opens it")
    static let minimum = Key(
        "minimum", CountNotation(range: 1...100_000, unit: ("call", "calls")),
        "with fewer calls nothing is judged; the whole window if left out, or 20 calls of a window of time")
    static let slow = Key(
        "slow", SlowCallsNotation(), standard: "none", "the share of calls over a limit that opens it")
    static let open = Key("open", time, standard: "60s", "how long it stays open")
    static let probes = Key(
        "probes", CountNotation(range: 1...10_000), standard: "10", "how many calls it lets through half-open")
    static let halfOpenLimit = Key(
        "half-open limit", time, "how long it may be half-open; as long as it stays open, if left out")

    static let section = Section(
        title: "a breaker",
        fields: [
            .setting(window), .setting(failures), .setting(minimum), .setting(slow), .setting(open), .setting(probes),
            .setting(halfOpenLimit),
        ])
}
