import Resilience
import Timeline

/// How the wait between attempts grows: `exponential 50ms to 2s`.
struct BackoffNotation: Notation {
    /// The shortest first wait.
    var least = Duration.zero

    var pattern: String {
        let none = least == .zero ? ", none" : " (a first wait of at least \(least))"
        return "exponential 50ms to 2s, linear 50ms to 1s, constant 100ms\(none)"
    }

    func read(_ text: String) throws(SyntaxProblem) -> Backoff {
        var words = Words(text, as: pattern)
        let backoff = try read(&words)
        try words.finish()
        return backoff
    }

    func read(_ words: inout Words) throws(SyntaxProblem) -> Backoff {
        let kind = try words.word()
        switch kind.text {
        case "none" where least == .zero:
            return .constant(.zero)
        case "constant":
            return .constant(try time(&words, from: least))
        case "linear":
            let (initial, cap) = try range(&words)
            return .linear(initial: initial, cap: cap)
        case "exponential":
            let (initial, cap) = try range(&words)
            return .exponential(initial: initial, cap: cap)
        default:
            throw words.refusal(of: kind)
        }
    }

    private func range(_ words: inout Words) throws(SyntaxProblem) -> (Duration, Duration) {
        let initial = try time(&words, from: least)
        try words.literal("to")
        return (initial, try time(&words, from: initial))
    }

    private func time(_ words: inout Words, from least: Duration) throws(SyntaxProblem) -> Duration {
        try words.value(TimeNotation(range: least...TimeNotation.longest))
    }
}

/// How often a step or an undo of a saga is tried: `3 attempts`, `until done exponential 100ms to 5s full jitter`.
struct PersistenceNotation: Notation {
    /// How often something is tried, and how long it waits in between.
    struct Persistence: Sendable {
        /// How many attempts; nil until one succeeds.
        var attempts: Int?
        var backoff: Backoff
        var jitter: Jitter
    }

    /// What a wait without a backoff of its own grows from and to.
    private static let (shortest, longest) = (Duration.milliseconds(100), Duration.seconds(5))
    /// No end of attempts, with the backoff and the jitter that are meant if none is written.
    static let untilDone = "until done exponential \(shortest) to \(longest) \(Jitter.full) jitter"

    /// A wait that is always zero would let a saga try for ever without time going on.
    private static let backoff = BackoffNotation(least: .milliseconds(1))
    private static let attempts = CountNotation(range: 1...1_000)

    let pattern = "until done or 3 attempts, then if wanted a backoff: \(Self.untilDone)"

    func read(_ text: String) throws(SyntaxProblem) -> Persistence {
        var words = Words(text, as: pattern)
        var persistence = Persistence(
            attempts: nil, backoff: .exponential(initial: Self.shortest, cap: Self.longest), jitter: .full)
        if words.takes("until") {
            try words.literal("done")
        } else {
            persistence.attempts = try words.value(Self.attempts)
            if !words.takes("attempt") { try words.literal("attempts") }
        }
        if let next = words.next, !JitterNotation.words.contains(String(next)) {
            persistence.backoff = try Self.backoff.read(&words)
        }
        if words.next != nil {
            persistence.jitter = try words.value(JitterNotation())
            try words.literal("jitter")
        }
        try words.finish()
        return persistence
    }
}
