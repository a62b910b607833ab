import Resilience
import Timeline

/// A whole share of something: `10%`.
struct PercentNotation: Notation {
    let pattern = "a share of whole percents from 0% to 100%"

    func read(_ text: String) throws(SyntaxProblem) -> Int {
        guard let number = LeadingNumber(startOf: text), number.rest.isEmpty || number.rest == "%" else {
            throw refusal(of: text)
        }
        guard number.rest == "%" else { throw SyntaxProblem(at: 0, "\(text) needs a unit: write \(text)%") }
        guard let percent = Int(exactly: number.value), percent <= 100 else {
            throw SyntaxProblem(at: 0, "\(text) is out of range; allowed: \(pattern)")
        }
        return percent
    }
}

/// So many errors in a row that a replica is ejected: `5`, `none`.
struct ErrorsInARowNotation: Notation {
    private static let count = CountNotation(range: 1...100_000)

    let pattern = "a number of errors such as 5, 1 to 100000, or none"

    func read(_ text: String) throws(SyntaxProblem) -> OutlierDetector.InARow {
        text == "none" ? OutlierDetector.InARow(5, enforcement: 0) : .init(try Self.count.read(text))
    }
}

/// From how many replicas on, with how many calls each, shares are judged: `from 5 replicas with 100 calls`.
private enum Minimums {
    static let count = CountNotation(range: 1...1_000_000)

    /// Reads what is left; nil if nothing is.
    static func read(_ words: inout Words) throws(SyntaxProblem) -> (replicas: Int, calls: Int)? {
        guard words.next != nil else { return nil }
        try words.literal("from")
        let replicas = try words.value(count)
        if !words.takes("replica") { try words.literal("replicas") }
        try words.literal("with")
        let calls = try words.value(count)
        if !words.takes("call") { try words.literal("calls") }
        try words.finish()
        return (replicas, calls)
    }
}

/// A success rate that is too far below the others': `1.9 deviations from 5 replicas with 100 calls`.
struct SuccessRateNotation: Notation {
    private static let deviations = FactorNotation(range: 0...1_000)

    let pattern =
        "1.9 deviations, and if wanted how many replicas and calls of each it takes: "
        + "1.9 deviations from 5 replicas with 100 calls; or none"

    func read(_ text: String) throws(SyntaxProblem) -> OutlierDetector.SuccessRate {
        var words = Words(text, as: pattern)
        if words.takes("none") {
            try words.finish()
            return OutlierDetector.SuccessRate(enforcement: 0, localEnforcement: 0)
        }
        let deviations = try words.value(Self.deviations)
        if !words.takes("deviation") { try words.literal("deviations") }
        guard let least = try Minimums.read(&words) else { return OutlierDetector.SuccessRate(deviations: deviations) }
        return OutlierDetector.SuccessRate(
            deviations: deviations, minimumHosts: least.replicas, minimumCalls: least.calls)
    }
}

/// A share of failures that is too much: `85% from 5 replicas with 50 calls`.
struct FailurePercentageNotation: Notation {
    let pattern =
        "a share such as 85%, and if wanted how many replicas and calls of each it takes: "
        + "85% from 5 replicas with 50 calls; or none"

    func read(_ text: String) throws(SyntaxProblem) -> OutlierDetector.FailurePercentage {
        var words = Words(text, as: pattern)
        if words.takes("none") {
            try words.finish()
            return OutlierDetector.FailurePercentage()
        }
        let threshold = try words.value(PercentNotation())
        guard let least = try Minimums.read(&words) else {
            return OutlierDetector.FailurePercentage(threshold: threshold, enforcement: 100, localEnforcement: 100)
        }
        return OutlierDetector.FailurePercentage(
            threshold: threshold, minimumHosts: least.replicas, minimumCalls: least.calls, enforcement: 100,
            localEnforcement: 100)
    }
}
