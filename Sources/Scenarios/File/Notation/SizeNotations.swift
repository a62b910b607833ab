import Simulation

/// How much a level of a cache holds: `500 entries`, or `64 MB`.
struct LevelSizeNotation: Notation {
    private static let entries = CountNotation(range: 0...10_000_000, unit: ("entry", "entries"))
    private static let bytes = BytesNotation(range: 0...10_000_000_000)

    let pattern = "\(Self.entries.pattern), or, where the cache says how large values are, memory such as 64 MB"

    func read(_ text: String) throws(SyntaxProblem) -> LevelSize {
        let unit = text.drop { !$0.isLetter }
        return BytesNotation.isUnit(String(unit))
            ? .bytes(try Self.bytes.read(text)) : .entries(try Self.entries.read(text))
    }
}

/// How much a level holds.
enum LevelSize: Sendable {
    case entries(Int)
    case bytes(Int)
}

/// A law for how large values are: `lognormal p50 2kB p99 80kB`.
struct SizeLawNotation: Notation {
    private static let bytes = BytesNotation(range: 1...1_000_000_000)

    let pattern = "constant 2kB, uniform 1kB to 9kB, or lognormal p50 2kB p99 80kB"

    func read(_ text: String) throws(SyntaxProblem) -> SizeLaw {
        var words = Words(text, as: pattern)
        let law = try law(&words)
        try words.finish()
        return law
    }

    private func law(_ words: inout Words) throws(SyntaxProblem) -> SizeLaw {
        let kind = try words.word()
        switch kind.text {
        case "constant": return .constant(try words.value(Self.bytes))
        case "uniform":
            let least = try words.value(Self.bytes)
            try words.literal("to")
            return .uniform(least...(try words.value(BytesNotation(range: least...Self.bytes.range.upperBound))))
        case "lognormal":
            try words.literal("p50")
            let median = try words.value(Self.bytes)
            try words.literal("p99")
            let high = try words.value(BytesNotation(range: median...Self.bytes.range.upperBound))
            return .lognormal(p50: median, p99: high)
        default: throw words.refusal(of: kind)
        }
    }
}
