import Resilience
import Simulation
import Timeline

/// Which calls a breaker judges by: `20 calls`, `10s`, `interval 30s`.
struct WindowNotation: Notation {
    private static let calls = CountNotation(range: 1...100_000, unit: ("call", "calls"))
    private static let buckets = CountNotation(range: 1...1_000)

    let pattern =
        "a number of calls such as 20 calls (at most 100000), a length of time such as 10s (in 10 buckets, or as many as "
        + "are said behind it: 10s in 20 buckets), interval 30s (emptied each time), or closed (all since it closed)"

    func read(_ text: String) throws(SyntaxProblem) -> CircuitBreaker.Window {
        var words = Words(text, as: pattern)
        if words.takes("closed") {
            try words.finish()
            return .interval(.zero)
        }
        if words.takes("interval") {
            let length = try words.value(TimeNotation.period)
            let buckets = try self.buckets(&words) ?? 1
            return .interval(length, buckets: buckets)
        }
        if text.hasSuffix("call") || text.hasSuffix("calls") { return .calls(try Self.calls.read(text)) }
        if LeadingNumber.value(of: text) != nil {
            throw SyntaxProblem(at: 0, "\(text) needs a unit: write \(text) calls or \(text)s")
        }
        guard let first = words.next, Duration(parsing: String(first)) != nil else { throw refusal(of: text) }
        let length = try words.value(TimeNotation.period)
        return .time(length, buckets: try buckets(&words) ?? 10)
    }

    private func buckets(_ words: inout Words) throws(SyntaxProblem) -> Int? {
        guard words.takes("in") else {
            try words.finish()
            return nil
        }
        let count = try words.value(Self.buckets)
        if !words.takes("bucket") { try words.literal("buckets") }
        try words.finish()
        return count
    }
}

/// What opens a breaker: `rate`, `5 failures`, `6 in a row`, `60% of 3 calls`.
struct TripRuleNotation: Notation {
    /// A rule of the breaker, or of one's own.
    enum Rule: Sendable {
        case breakers(CircuitBreaker.TripRule)
        case own(BreakerPlan.OwnRule)
    }

    private static let count = CountNotation(range: 1...1_000_000)

    let pattern = "rate, a number such as 5 failures, 6 in a row, or a rule of one's own such as 60% of 3 calls"

    func read(_ text: String) throws(SyntaxProblem) -> Rule {
        var words = Words(text, as: pattern)
        if words.takes("rate") {
            try words.finish()
            return .breakers(.rate)
        }
        let first = try words.word()
        let rule: Rule
        if first.text.hasSuffix("%") {
            let share = try ShareNotation(allowsZero: false).read(String(first.text))
            try words.literal("of")
            let calls = try words.value(Self.count)
            if !words.takes("call") { try words.literal("calls") }
            rule = .own(BreakerPlan.OwnRule(share: share, calls: calls))
        } else {
            let count = try Self.count.read(String(first.text))
            if words.takes("in") {
                try words.literal("a row")
                rule = .breakers(.consecutive(count))
            } else {
                if !words.takes("failure") { try words.literal("failures") }
                rule = .breakers(.failures(count))
            }
        }
        try words.finish()
        return rule
    }
}

/// How the open time grows: `x 2 to 5m`.
struct GrowthNotation: Notation {
    private static let factor = FactorNotation(range: 1...1_000)

    let pattern = "a factor and a longest time such as x 2 to 5m, or none"

    func read(_ text: String) throws(SyntaxProblem) -> CircuitBreaker.Growth {
        var words = Words(text, as: pattern)
        if words.takes("none") {
            try words.finish()
            return .constant
        }
        try words.literal("x")
        let factor = try words.value(Self.factor)
        try words.literal("to")
        let cap = try words.value(TimeNotation.positive)
        try words.finish()
        return CircuitBreaker.Growth(factor: factor, cap: cap)
    }
}

/// What the probes must do: `rate`, `in a row`, `3 good`.
struct ProbeRuleNotation: Notation {
    private static let count = CountNotation(range: 1...10_000)

    let pattern =
        "rate (the same share as for opening), in a row (each of them, and the first failure reopens), or 3 good"

    func read(_ text: String) throws(SyntaxProblem) -> CircuitBreaker.ProbeRule {
        var words = Words(text, as: pattern)
        let rule: CircuitBreaker.ProbeRule
        if words.takes("rate") {
            rule = .rate
        } else if words.takes("in") {
            try words.literal("a row")
            rule = .consecutive
        } else {
            rule = .successes(try words.value(Self.count))
            try words.literal("good")
        }
        try words.finish()
        return rule
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
