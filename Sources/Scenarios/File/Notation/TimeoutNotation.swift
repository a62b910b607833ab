import Resilience
import Timeline

/// How long a call may take: `500ms`, or learned from the calls: `p99 x 1.5 from 50ms to 2s`.
struct TimeoutNotation: Notation {
    private static let margin = 1.5
    private static let factor = FactorNotation(range: 1...100)

    let pattern =
        "a length of time such as 500ms, or learned: p99 x 1.5 from 50ms to 2s (a percentile of the last 100 calls, "
        + "from 10 calls on; until then the longest), or rfc6298 from 50ms to 2s (as TCP does)"

    func read(_ text: String) throws(SyntaxProblem) -> Timeout.Rule {
        var words = Words(text, as: pattern)
        let rule: Timeout.Rule
        if words.takes("rfc6298") {
            let (least, most) = try range(&words)
            rule = try checked { () throws(SettingError) in
                .rfc6298(try RoundTripTimeout.Settings(initial: most, minimum: least, maximum: most))
            }
        } else if words.next?.first?.isLetter == true {
            let word = try words.word()
            guard let share = Self.percentile(word.text) else { throw words.refusal(of: word) }
            let factor = words.takes("x") ? try words.value(Self.factor) : Self.margin
            let (least, most) = try range(&words)
            rule = try checked { () throws(SettingError) in
                .percentile(
                    try AdaptiveTimeout.Settings(
                        percentile: share, factor: factor, base: most, minimum: least, maximum: most))
            }
        } else {
            let limit = try words.value(TimeNotation.positive)
            rule = try checked { () throws(SettingError) in .fixed(try TimeLimit(limit)) }
        }
        try words.finish()
        return rule
    }

    private func range(_ words: inout Words) throws(SyntaxProblem) -> (Duration, Duration) {
        try words.literal("from")
        let least = try words.value(TimeNotation.positive)
        try words.literal("to")
        return (least, try words.value(TimeNotation(range: least...TimeNotation.longest)))
    }

    /// The share in `p99` or `p99.9`.
    static func percentile(_ word: Substring) -> Double? {
        guard word.first == "p", let number = LeadingNumber(startOf: String(word.dropFirst())), number.rest.isEmpty,
            number.value > 0, number.value <= 100
        else { return nil }
        return number.hundredth
    }
}
