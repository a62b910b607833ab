/// Back-off under contention beside what AWS's simulator gives: writes and time of five algorithms.
struct BackoffComparison {
    private let none: Means
    private let exponential: Means
    private let equal: Means
    private let full: Means
    private let decorrelated: Means

    /// How far a mean may be from the original's, as a share of it.
    private static let largestError = 0.03

    /// Runs all five with each seed, prints how they compare, and tells whether that is good enough.
    static func judge(seeds: ClosedRange<UInt64>) async throws -> Bool {
        let comparison = BackoffComparison(
            none: try await Means(of: .none, seeds: seeds),
            exponential: try await Means(of: .exponential, seeds: seeds),
            equal: try await Means(of: .equal, seeds: seeds),
            full: try await Means(of: .full, seeds: seeds),
            decorrelated: try await Means(of: .decorrelated, seeds: seeds))
        print("back-off of \(BackoffContention.clients) clients that write one row, \(seeds.count) seeds")
        print("                 writes  original     error  seconds  original     error")
        let verdicts = comparison.all.map(judge) + comparison.judgeShape()
        return !verdicts.contains(false)
    }

    private var all: [Means] { [none, exponential, equal, full, decorrelated] }

    private static func judge(_ means: Means) -> Bool {
        let original = means.original
        let writesError = means.writes / original.originalWrites - 1
        let secondsError = means.seconds / original.originalSeconds - 1
        let isGood = abs(writesError) <= largestError && abs(secondsError) <= largestError
        let cells = [
            (Text.fixed(means.writes, decimals: 1), 8), (Text.fixed(original.originalWrites, decimals: 1), 10),
            (Text.percent(writesError), 10), (Text.fixed(means.seconds, decimals: 3), 9),
            (Text.fixed(original.originalSeconds, decimals: 3), 10), (Text.percent(secondsError), 10),
        ]
        let row = cells.map { Text.aligned($0, to: $1) }.joined()
        print("  \(Text.padded(original.name, to: 13))\(row)  \(Text.verdict(isGood))")
        return isGood
    }

    /// What the post says of the algorithms.
    private func judgeShape() -> [Bool] {
        [
            Self.judge("exponential / full jitter, writes", exponential.writes / full.writes, from: 2.2, to: 2.4),
            Self.judge("exponential / full jitter, seconds", exponential.seconds / full.seconds, from: 12.7, to: 13.2),
            Self.judge("exponential / equal jitter, seconds", exponential.seconds / equal.seconds, from: 5, to: nil),
            Self.judgeOrder("writes", [full, equal, decorrelated, exponential, none], by: \.writes),
            Self.judgeOrder("seconds", [none, decorrelated, full, equal, exponential], by: \.seconds),
        ]
    }

    private static func judge(_ name: String, _ ratio: Double, from least: Double, to most: Double?) -> Bool {
        let isGood = ratio >= least && ratio <= most ?? .infinity
        let range = most.map { "\(least) to \($0)" } ?? "\(least) or more"
        let figure = Text.aligned(Text.fixed(ratio, decimals: 2), to: 6)
        print("  \(Text.padded(name, to: 36))\(figure)  \(Text.padded(range, to: 13))  \(Text.verdict(isGood))")
        return isGood
    }

    private static func judgeOrder(_ name: String, _ means: [Means], by figure: (Means) -> Double) -> Bool {
        let isGood = zip(means, means.dropFirst()).allSatisfy { figure($0) < figure($1) }
        print("  \(name): \(means.map(\.original.name).joined(separator: " < "))  \(Text.verdict(isGood))")
        return isGood
    }
}

extension BackoffComparison {
    /// What many runs of one algorithm come to on average.
    private struct Means {
        let original: BackoffContention
        let writes: Double
        let seconds: Double

        init(of original: BackoffContention, seeds: ClosedRange<UInt64>) async throws {
            let outcomes = try await withThrowingTaskGroup(of: (writes: Double, seconds: Double).self) { group in
                for seed in seeds {
                    group.addTask { try original.outcome(seed: seed) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            self.original = original
            writes = outcomes.reduce(0) { $0 + $1.writes } / Double(outcomes.count)
            seconds = outcomes.reduce(0) { $0 + $1.seconds } / Double(outcomes.count)
        }
    }
}
