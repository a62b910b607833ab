public import Timeline

extension CircuitBreaker {
    /// Which of a breaker's thresholds.
    public struct Thresholds: OptionSet, Hashable, Sendable {
        /// The thresholds as bits.
        public let rawValue: UInt8

        /// The thresholds with these bits.
        public init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// That of the trip rule, for failures.
        public static let failures = Thresholds(rawValue: 1)
        /// That of the slow calls.
        public static let slowCalls = Thresholds(rawValue: 2)
    }

    /// The next threshold that would have opened a breaker which only counts, in numbers; each is told once in
    /// a metrics-only phase. Ask after ``record(_:took:permit:retryAfter:at:)``, again until nil.
    public mutating func nextThresholdReport(at now: Instant) -> Reason? {
        let tally = tally(at: now)
        if exceeded.subtracting(reported).contains(.failures) {
            reported.insert(.failures)
            if let reason = settings.tooManyFailures(tally, counts(at: now)) { return reason }
        }
        if exceeded.subtracting(reported).contains(.slowCalls) {
            reported.insert(.slowCalls)
            return settings.tooManySlowCalls(tally)
        }
        return nil
    }

    /// Notes the thresholds that the calls exceed, after a result; it brings about no transition.
    mutating func note(_ outcome: Outcome) -> Transition? {
        guard settings.judging.follows(outcome) else { return nil }
        let tally = window.latestTally(sum: counts)
        if settings.tooManyFailures(tally, counts) != nil { exceeded.insert(.failures) }
        if settings.tooManySlowCalls(tally) != nil { exceeded.insert(.slowCalls) }
        return nil
    }
}
