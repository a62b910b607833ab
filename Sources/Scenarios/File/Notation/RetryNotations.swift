import Resilience
import Simulation
import Timeline

/// How chance spreads waits: `full`, `20%`, `50ms`.
struct JitterNotation: Notation {
    private static let names = Jitter.allCases.map { ("\($0)" == "decorrelatedV2" ? "polly" : "\($0)", $0) }

    /// The words for the kinds of jitter.
    static let words = names.map(\.0)

    let pattern =
        "\(Self.words.joined(separator: ", ")), a share such as 20% or a length of time such as 50ms, either way"

    func read(_ text: String) throws(SyntaxProblem) -> Jitter {
        if let known = Self.names.first(where: { $0.0 == text }) { return known.1 }
        guard text.first?.isNumber == true else {
            let hint = Spelling.hint(for: text, among: Self.words)
            throw SyntaxProblem(at: 0, "\"\(text.clipped)\" is not one of the choices\(hint)")
        }
        if text.hasSuffix("%") { return .proportional(try ShareNotation(allowsZero: true).read(text)) }
        return .plusMinus(try TimeNotation.any.read(text))
    }
}

/// What a retry makes of the wait that a service asks for: `obey`, `ignore`, `at most 10s`.
struct ServerDelayNotation: Notation {
    let pattern = "obey, ignore, or at most and a length of time such as 10s"

    func read(_ text: String) throws(SyntaxProblem) -> RetryPolicy.ServerDelay {
        var words = Words(text, as: pattern)
        let word = try words.word()
        let delay: RetryPolicy.ServerDelay
        switch word.text {
        case "obey": delay = .atLeast(upTo: .maximum)
        case "ignore": delay = .ignored
        case "at":
            try words.literal("most")
            delay = .atLeast(upTo: try words.value(TimeNotation.any))
        default: throw words.refusal(of: word)
        }
        try words.finish()
        return delay
    }
}

/// How much retries and hedges together may do: `20% of calls`, `20% in flight`, `10 tokens`.
struct RetryBudgetNotation: Notation {
    let pattern =
        "20% of calls (of the last 10s, and 10/s besides), 20% in flight (and 3 besides), "
        + "10 tokens (one for each failure; a success brings 0.1; as long as half are left), or none"

    private static let tokens = CountNotation(range: 1...1_000)

    func read(_ text: String) throws(SyntaxProblem) -> RetryBudget.Settings? {
        var words = Words(text, as: pattern)
        if words.takes("none") {
            try words.finish()
            return nil
        }
        let first = try words.word()
        let kind: RetryBudget.Kind
        if first.text.hasSuffix("%") {
            let share = try ShareNotation(allowsZero: true).read(String(first.text))
            if words.takes("in") {
                try words.literal("flight")
                kind = .inFlight(maxRate: share)
            } else {
                try words.literal("of calls")
                kind = .window(share: share)
            }
        } else {
            let tokens = try Self.tokens.read(String(first.text))
            if !words.takes("token") { try words.literal("tokens") }
            kind = .throttle(maxTokens: Double(tokens))
        }
        try words.finish()
        return try checked { () throws(SettingError) in try RetryBudget.Settings(kind) }
    }
}

/// When a call is hedged: `50ms`, `p95`, `mean x 2`, `failure`.
struct HedgeDelayNotation: Notation {
    /// The delay, and what it is taken from.
    struct Delay: Sendable {
        var delay: HedgePolicy.Delay
        var observes = HedgePlan.Observation.quantile(0.95)
    }

    private static let factor = FactorNotation(range: 0...100)

    let pattern =
        "a length of time such as 50ms, p95 or mean of what calls took (from 20 calls on; x 1.5 for one and a half "
        + "times that), failure, or never"

    func read(_ text: String) throws(SyntaxProblem) -> Delay {
        var words = Words(text, as: pattern)
        let word = try words.word()
        var delay: Delay
        switch word.text {
        case "failure": delay = Delay(delay: .afterFailure)
        case "never": delay = Delay(delay: .never)
        case "mean": delay = Delay(delay: .observed(factor: try factor(&words)), observes: .mean)
        case let text where text.first?.isLetter == true:
            guard let share = TimeoutNotation.percentile(text) else { throw words.refusal(of: word) }
            delay = Delay(delay: .observed(factor: try factor(&words)), observes: .quantile(share))
        default: delay = Delay(delay: .fixed(try TimeNotation.any.read(String(word.text))))
        }
        try words.finish()
        return delay
    }

    private func factor(_ words: inout Words) throws(SyntaxProblem) -> Double {
        words.takes("x") ? try words.value(Self.factor) : 1
    }
}

/// Where the answer of a fallback comes from: `value`, `cache`, `call catalog.list`.
struct AnswerNotation: Notation {
    /// A source, and whom it asks if it asks somebody.
    enum Answer: Sendable {
        case value, cache, none
        case call(OperationNotation.Target)

        /// Where it comes from; nil for nowhere.
        var source: Fallback.Source? {
            switch self {
            case .value: .value
            case .cache: .cache
            case .call: .service
            case .none: nil
            }
        }
    }

    let pattern =
        "value (always the same), cache (the last good answer for the key), call and another service's operation, "
        + "or none"

    func read(_ text: String) throws(SyntaxProblem) -> Answer {
        var words = Words(text, as: pattern)
        let word = try words.word()
        let answer: Answer
        switch word.text {
        case "value": answer = .value
        case "cache": answer = .cache
        case "none": answer = .none
        case "call": answer = .call(try words.value(OperationNotation()))
        default: throw words.refusal(of: word)
        }
        try words.finish()
        return answer
    }
}
