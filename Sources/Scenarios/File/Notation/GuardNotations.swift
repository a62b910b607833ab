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

/// How chance spreads waits.
typealias JitterNotation = ChoiceNotation<Jitter>

extension ChoiceNotation<Jitter> {
    static let jitter = JitterNotation(choices: Jitter.allCases.map { ("\($0)", $0) })
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
        if let next = words.next, !Jitter.allCases.contains(where: { "\($0)" == next }) {
            persistence.backoff = try Self.backoff.read(&words)
        }
        if words.next != nil {
            persistence.jitter = try words.value(JitterNotation.jitter)
            try words.literal("jitter")
        }
        try words.finish()
        return persistence
    }
}

/// Which calls a breaker judges by: `20 calls`, `10s`.
struct WindowNotation: Notation {
    private static let calls = CountNotation(range: 1...100_000, unit: ("call", "calls"))
    private static let time = TimeNotation(range: .milliseconds(1)...TimeNotation.longest)

    let pattern = "a number of calls such as 20 calls (at most 100000), or a length of time such as 10s"

    func read(_ text: String) throws(SyntaxProblem) -> CircuitBreaker.Window {
        if text.hasSuffix("call") || text.hasSuffix("calls") { return .calls(try Self.calls.read(text)) }
        if LeadingNumber.value(of: text) != nil {
            throw SyntaxProblem(at: 0, "\(text) needs a unit: write \(text) calls or \(text)s")
        }
        guard Duration(parsing: text) != nil else { throw refusal(of: text) }
        return .time(try Self.time.read(text))
    }
}

/// What counts as slow, and how much of it is too much: `60% over 500ms`.
struct SlowCallsNotation: Notation {
    let pattern = "a share and a limit such as 60% over 500ms, or none"

    func read(_ text: String) throws(SyntaxProblem) -> CircuitBreaker.SlowCalls? {
        var words = Words(text, as: pattern)
        if words.takes("none") {
            try words.finish()
            return nil
        }
        let share = try words.value(ShareNotation(allowsZero: false))
        try words.literal("over")
        let limit = try words.value(TimeNotation.any)
        try words.finish()
        return CircuitBreaker.SlowCalls(over: limit, rate: share)
    }
}
