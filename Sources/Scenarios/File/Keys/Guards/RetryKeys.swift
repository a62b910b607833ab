import Timeline

/// The keys of a retry.
enum RetryKeys {
    static let attempts = Key(
        "attempts", CountNotation(range: 1...1_000), standard: "3", "how often a call is tried, the first time included"
    )
    static let backoff = Key(
        "backoff", BackoffNotation(), standard: "exponential 100ms to 2s", "how the wait between attempts grows")
    static let jitter = Key("jitter", JitterNotation(), standard: "full", "how chance spreads the wait")
    static let on = Key("on", FailureNotation(), standard: "transient", "which failures are worth another attempt")
    static let longest = Key(
        "max time", OptionalNotation(TimeNotation.any), standard: "none",
        "how long after its start a call is still tried again")
    static let serverDelay = Key(
        "server delay", ServerDelayNotation(), standard: "obey",
        "what becomes of the wait that the service, or a guard further in, asks for")

    static let section = Section(
        title: "a retry",
        fields: [
            .setting(attempts), .setting(backoff), .setting(jitter), .setting(on), .setting(longest),
            .setting(serverDelay),
        ])
}

/// The keys of a hedge.
enum HedgeKeys {
    static let after = Key(
        "after", HedgeDelayNotation(), standard: "p95", "how long to wait for an answer before another attempt")
    static let hedges = Key(
        "hedges", CountNotation(range: 1...10), standard: "1", "how many attempts there may be besides the first")
    static let settles = Key(
        "settles", FailureNotation(), standard: "client cancelled expired",
        "which failures count as an answer; after others the next attempt is made at once")

    static let section = Section(title: "a hedge", fields: [.setting(after), .setting(hedges), .setting(settles)])
}

/// The keys of a fallback.
enum FallbackKeys {
    static let answer = Key(
        "answer", AnswerNotation(), isLive: false, "where the answer comes from")
    static let on = Key(
        "on", FailureNotation(), standard: "transient rejections",
        "which failures are answered; a wrong request that got a good answer would hide a mistake")
    static let limit = Key(
        "at most", CountNotation(range: 0...1_000_000), standard: "10",
        "how many answers may be made at the same time; as many more failures stand")

    static let section = Section(title: "a fallback", fields: [.setting(answer), .setting(on), .setting(limit)])
}
