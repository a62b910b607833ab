import Bulkheads
import Resilience
import Timeline

/// So many calls in a length of time, counted exactly: `100/s`, `600/m`, `50/10s`.
struct LimiterNotation: Notation {
    /// The calls, and the length of time.
    struct Limit: Sendable {
        let calls: Int
        let per: Duration
    }

    static let algorithms = ChoiceNotation<RateLimiter.Algorithm>(choices: [
        ("token-bucket", .tokenBucket), ("smooth", .smooth), ("bursty", .fixedWindow), ("fixed-window", .fixedWindow),
        ("sliding-log", .slidingLog), ("sliding-counter", .slidingCounter),
    ])

    let pattern = "a whole number in a length of time, such as 100/s, 600/m or 50/10s"

    func read(_ text: String) throws(SyntaxProblem) -> Limit {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let calls = Int(parts[0]), calls > 0 else { throw refusal(of: text) }
        guard parts.count > 1 else {
            throw SyntaxProblem(at: 0, "\(text) needs a unit: write \(text)/s, \(text)/m or \(text)/h")
        }
        guard parts.count == 2, let per = length(parts[1]) else { throw refusal(of: text) }
        do {
            let rate = try Rate(limit: calls, per: per)
            return Limit(calls: rate.limit, per: rate.per)
        } catch {
            throw SyntaxProblem(at: 0, "\(text) is out of range; allowed: \(error.allowed)")
        }
    }

    private func length(_ unit: Substring) -> Duration? {
        switch unit {
        case "s": .seconds(1)
        case "m": .minutes(1)
        case "h": .minutes(60)
        default: Duration(parsing: String(unit)).flatMap { $0 > .zero && $0 <= TimeNotation.longest ? $0 : nil }
        }
    }
}

/// A number, or how many times as much: `1.5`.
struct FactorNotation: Notation {
    let range: ClosedRange<Double>

    var pattern: String { "a number from \(Int(range.lowerBound)) to \(Int(range.upperBound)), such as 1.5" }

    func read(_ text: String) throws(SyntaxProblem) -> Double {
        guard let factor = LeadingNumber.value(of: text), range.contains(factor) else { throw refusal(of: text) }
        return factor
    }
}

/// Which calls go to a compartment: `tenant gold`, `operation refund priority high`, `any`.
struct CompartmentRuleNotation: Notation {
    /// What a call must be; nil for whatever it is.
    struct Rule: Sendable {
        var operation: String?
        var tenant: String?
        var priority: ThreadPool.Priority?
    }

    private static let priorities = ChoiceNotation<ThreadPool.Priority>()

    let pattern =
        "operation and a name, tenant and a name, priority and one of \(Self.priorities.pattern), several of these "
        + "one after another, or any"

    func read(_ text: String) throws(SyntaxProblem) -> Rule {
        var words = Words(text, as: pattern)
        var rule = Rule()
        if words.takes("any") {
            try words.finish()
            return rule
        }
        repeat {
            let word = try words.word()
            switch word.text {
            case "operation" where rule.operation == nil: rule.operation = try words.value(NameNotation())
            case "tenant" where rule.tenant == nil: rule.tenant = try words.value(NameNotation())
            case "priority" where rule.priority == nil: rule.priority = try words.value(Self.priorities)
            default: throw words.refusal(of: word)
            }
        } while words.next != nil
        return rule
    }
}
