/// Many runs of one queue beside what theory says of it.
enum Comparison {
    private static let widestInterval = 0.03
    private static let fewestThatContain = 17
    private static let largestError = 0.015
    /// Of the quantile: its latencies are counted in buckets that are up to 0.8 % wide.
    private static let largestQuantileError = 0.02

    /// Runs the queue with each seed, prints how it compares, and tells whether it is good enough.
    static func judge(_ system: QueueSystem, customers: Int, seeds: ClosedRange<UInt64>) async throws -> Bool {
        let observations = try await withThrowingTaskGroup(of: Observation.self) { group in
            for seed in seeds {
                group.addTask { try Observation(of: system, customers: customers, seed: seed) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        print("\(system.name), \(observations.count) seeds of \(customers) customers, in mean service times")
        let isWaitGood = judgeWait(observations, exact: system.meanWait)
        let isStayGood = system.p99OfStay.map { judgeStay(observations, exact: $0) } ?? true
        return isWaitGood && isStayGood
    }

    private static func judgeWait(_ observations: [Observation], exact: Double) -> Bool {
        let mean = average(observations.map(\.meanWait))
        let error = mean / exact - 1
        let widest = (observations.map(\.halfWidth).max() ?? .infinity) / exact
        let contain = observations.count { $0.contains(exact) }
        let isGood = widest <= widestInterval && contain >= fewestThatContain && abs(error) <= largestError
        print("  mean wait      exact \(rounded(exact))  simulated \(rounded(mean))  error \(Text.percent(error))")
        print(
            "  95 % intervals widest ±\(Text.percent(widest))  \(contain) contain the exact value  "
                + Text.verdict(isGood))
        return isGood
    }

    private static func judgeStay(_ observations: [Observation], exact: Double) -> Bool {
        let mean = average(observations.map(\.p99OfStay))
        let error = mean / exact - 1
        let isGood = abs(error) <= largestQuantileError
        print(
            "  p99 of stay    exact \(rounded(exact))  simulated \(rounded(mean))  error \(Text.percent(error))  "
                + Text.verdict(isGood))
        return isGood
    }

    private static func average(_ values: [Double]) -> Double {
        values.reduce(0, +) / Double(values.count)
    }

    private static func rounded(_ value: Double) -> String { Text.fixed(value, decimals: 4) }
}
