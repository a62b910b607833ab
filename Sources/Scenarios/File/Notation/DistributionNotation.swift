import Timeline

/// A law for how long something takes: `lognormal p50 8ms p99 40ms`.
struct DistributionNotation: Notation {
    private static let kinds = [
        "constant", "uniform", "exponential", "normal", "lognormal", "pareto", "empirical",
    ]

    /// Whether the mean may be so short that time hardly goes on.
    var leastMean = Duration.zero

    /// One pattern for each kind, as the reference lists them.
    static let patterns = [
        "constant 1ms", "uniform 5ms to 20ms", "exponential mean 4ms", "normal mean 50ms sd 10ms",
        "lognormal p50 8ms p99 40ms", "pareto min 2ms shape 1.5", "empirical p0 1ms p50 3ms p99 20ms p100 80ms",
    ]

    var pattern: String {
        leastMean > .zero ? "a distribution with a mean of at least \(leastMean)" : "a distribution"
    }

    func read(_ text: String) throws(SyntaxProblem) -> Distribution {
        let kind = text.prefix { !$0.isWhitespace }
        let usage = Self.patterns.first { $0.hasPrefix(kind + " ") } ?? Self.patterns[0]
        var words = Words(text, as: usage)
        let law = try law(&words)
        try words.finish()
        guard law.mean >= leastMean else {
            throw SyntaxProblem(at: 0, "the mean is \(law.mean); allowed: at least \(leastMean)")
        }
        return law
    }

    private func law(_ words: inout Words) throws(SyntaxProblem) -> Distribution {
        let kind = try words.word()
        switch kind.text {
        case "constant":
            return .constant(try time(&words))
        case "uniform":
            let least = try time(&words)
            try words.literal("to")
            return .uniform(least: least, most: try time(&words, from: least))
        case "exponential":
            try words.literal("mean")
            return .exponential(mean: try time(&words))
        case "normal":
            try words.literal("mean")
            let mean = try time(&words)
            try words.literal("sd")
            return .normal(mean: mean, deviation: try time(&words))
        case "lognormal":
            try words.literal("p50")
            let median = try time(&words, from: .nanoseconds(1))
            try words.literal("p99")
            return .lognormal(p50: median, p99: try time(&words, from: median))
        case "pareto":
            try words.literal("min")
            let minimum = try time(&words)
            try words.literal("shape")
            return .pareto(minimum: minimum, shape: try words.value(ShapeNotation()))
        case "empirical":
            return .empirical(try quantiles(&words))
        default:
            return try bare(kind)
        }
    }

    private func time(_ words: inout Words, from least: Duration = .zero) throws(SyntaxProblem) -> Duration {
        try words.value(TimeNotation(range: least...TimeNotation.longest))
    }

    /// A length alone stands for a constant.
    private func bare(_ word: Words.Word) throws(SyntaxProblem) -> Distribution {
        if Duration(parsing: word.text) != nil || LeadingNumber.value(of: word.text) != nil {
            return .constant(try TimeNotation.any.read(String(word.text)))
        }
        let hint = Spelling.nearest(to: String(word.text), among: Self.kinds).map { "; did you mean \"\($0)\"?" }
        let examples = Self.patterns.prefix(3).joined(separator: ", ")
        throw SyntaxProblem(
            at: word.offset,
            "\"\(word.text.clipped)\" is not a distribution\(hint ?? "; write for instance \(examples)")")
    }

    private func quantiles(_ words: inout Words) throws(SyntaxProblem) -> Quantiles {
        var points: [Quantiles.Point] = []
        while words.next != nil {
            let name = try words.word()
            guard name.text.first == "p", let percent = LeadingNumber(startOf: name.text.dropFirst()),
                percent.rest.isEmpty
            else { throw words.refusal(of: name) }
            points.append(Quantiles.Point(share: percent.hundredth, length: try time(&words)))
        }
        guard let quantiles = Quantiles(points) else {
            throw SyntaxProblem(
                at: 0, "an empirical distribution needs 2 to \(Quantiles.capacity) rising quantiles from p0 to p100")
        }
        return quantiles
    }
}

/// The exponent of a Pareto law.
private struct ShapeNotation: Notation {
    let pattern = "a number from 0.1 to 100"

    func read(_ text: String) throws(SyntaxProblem) -> Double {
        guard let shape = LeadingNumber.value(of: text), (0.1...100).contains(shape) else {
            throw refusal(of: text)
        }
        return shape
    }
}
