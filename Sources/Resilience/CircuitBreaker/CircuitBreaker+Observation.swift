public import Timeline

// What can be seen of a breaker.

extension CircuitBreaker {
    /// A stretch of a window of time.
    public struct Bucket: Hashable, Sendable {
        /// When it begins.
        public let start: Instant
        /// The calls in it.
        public let tally: CallTally
    }

    /// The calls that the breaker judges by: the probes' while half-open, else the window's.
    ///
    /// While open these are the calls that opened it, whether of the window or probes; while forced open or
    /// disabled there are none.
    public func tally(at now: Instant) -> CallTally {
        switch phase {
        case .halfOpen(let probes): probes.tally
        case .open: tallyAtOpening
        case .closed, .metricsOnly: window.tally(at: now, sum: counts(at: now))
        case .forcedOpen, .disabled: CallTally()
        }
    }

    /// What has happened since the phase began, or since the interval did; nothing while disabled.
    public func counts(at now: Instant) -> Counts {
        switch phase {
        case .closed, .metricsOnly: advanced(to: now).sum
        case .open, .halfOpen, .forcedOpen: counts
        case .disabled: Counts()
        }
    }

    /// The share of failed calls, 0 to 1; nil while there are fewer than it takes to judge.
    public func failureRate(at now: Instant) -> Double? {
        let counts = tally(at: now)
        return counts.calls >= callsToJudge ? counts.failureRate : nil
    }

    /// The share of slow calls, 0 to 1; nil while there are fewer than it takes to judge.
    public func slowCallRate(at now: Instant) -> Double? {
        let counts = tally(at: now)
        return counts.calls >= callsToJudge ? counts.slowCallRate : nil
    }

    /// The calls in a window of calls, oldest to newest; empty for the other windows.
    public var recentCalls: [CallMarks] { window.marks }

    /// The buckets of a window of time or an interval, oldest to newest; empty for a window of calls.
    public func buckets(at now: Instant) -> [Bucket] {
        guard window.isInterval else { return window.contents(at: now, sum: counts) }
        let (interval, sum) = advanced(to: now)
        return interval.contents(sum: sum)
    }

    /// How long it will be until the next call is let through as a probe; nil unless the breaker is open.
    public func remainingOpenTime(at now: Instant) -> Duration? {
        guard case .open(_, let until) = phase else { return nil }
        return settings.remaining(until, at: now)
    }

    /// An interval as it will be, without having been told of the time.
    private func advanced(to now: Instant) -> (interval: IntervalWindow, sum: Counts) {
        guard window.isInterval else { return (window.interval, counts) }
        var (interval, sum) = (window.interval, counts)
        _ = interval.advance(to: now, strictly: settings.strictEnds, sum: &sum)
        return (interval, sum)
    }

    private var callsToJudge: Int {
        switch phase {
        case .halfOpen: settings.probesToJudge
        case .open where lastTransition?.from == .halfOpen: settings.probesToJudge
        case .closed, .open, .forcedOpen, .disabled, .metricsOnly: settings.minimumCalls
        }
    }
}
