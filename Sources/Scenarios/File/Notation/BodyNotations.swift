import Gateway
import Timeline

/// What a field of a body has to be: `text 1 to 20`, `whole 1 to 10`, `flag, optional`.
struct FieldNotation: Notation {
    let name: String

    let pattern =
        "text, text 1 to 20, one of a b c, whole, whole 1 to 10, decimal, decimal 0.5 to 100, flag or any, "
        + "and \", optional\" behind it if it may be missing"

    func read(_ text: String) throws(SyntaxProblem) -> FieldRule {
        let isOptional = text.hasSuffix(", optional")
        var words = Words(String(isOptional ? text.dropLast(", optional".count) : text[...]), as: pattern)
        let kind = try kind(&words)
        try words.finish()
        return try checked { () throws(SettingError) in try FieldRule(name, kind, isRequired: !isOptional) }
    }

    private func kind(_ words: inout Words) throws(SyntaxProblem) -> FieldRule.Kind {
        let word = try words.word()
        switch word.text {
        case "any": return .any
        case "flag": return .flag
        case "text": return .text(FieldRule.Text(length: try range(&words, from: 0) { Int($0) }))
        case "one":
            try words.literal("of")
            var choices: [String] = []
            choices.append(String(try words.word().text))
            while words.next != nil { choices.append(String(try words.word().text)) }
            return .text(FieldRule.Text(oneOf: choices))
        case "whole": return .whole(try range(&words, from: .min) { Int($0) })
        case "decimal":
            return .decimal(try range(&words, from: -.infinity) { Double($0).flatMap { $0.isFinite ? $0 : nil } })
        default: throw words.refusal(of: word)
        }
    }

    private func range<Number: Comparable>(
        _ words: inout Words, from least: Number, _ number: (Substring) -> Number?
    ) throws(SyntaxProblem) -> ClosedRange<Number>? {
        guard words.next != nil else { return nil }
        let first = try words.word()
        guard let lower = number(first.text), lower >= least else { throw words.refusal(of: first) }
        try words.literal("to")
        let second = try words.word()
        guard let upper = number(second.text), upper >= lower else { throw words.refusal(of: second) }
        return lower...upper
    }
}

extension FieldRule {
    /// A field as somebody sends it who knows the rule.
    var example: BodyField {
        switch kind {
        case .any: BodyField(name, .text("something"))
        case .text(let text):
            BodyField(
                name, .text(text.oneOf.first ?? String(repeating: "x", count: min(1_000, text.length?.lowerBound ?? 8)))
            )
        case .whole(let range): BodyField(name, .whole(range?.lowerBound ?? 1))
        case .decimal(let range): BodyField(name, .decimal(range?.lowerBound ?? 1))
        case .flag: BodyField(name, .flag(true))
        }
    }
}
