internal import Timeline

// When settings are broken, and which.

extension CircuitBreaker.Judging {
    /// Whether a closed breaker is judged after such a result.
    @inline(__always)
    func follows(_ outcome: CircuitBreaker.Outcome) -> Bool {
        switch self {
        case .everyResult: outcome != .ignored
        case .failures: outcome == .failure
        }
    }
}

extension CircuitBreaker.Settings {
    /// The reason to open a closed breaker for failures, if there is one.
    func tooManyFailures(_ tally: CallTally, _ counts: CircuitBreaker.Counts) -> CircuitBreaker.Reason? {
        switch tripRule {
        case .rate:
            // Mostly nothing has failed, and a division is the dearest part of a judgement.
            guard tally.failed > 0, tally.calls >= minimumCalls, tally.failureRate >= failureRate else { return nil }
            return .failureRate(failed: tally.failed, of: tally.calls, threshold: failureRate)
        case .failures(let threshold):
            guard tally.failed >= threshold else { return nil }
            return .failures(tally.failed, of: tally.calls, threshold: threshold)
        case .consecutive(let threshold):
            guard counts.consecutiveFailures >= threshold else { return nil }
            return .consecutiveFailures(counts.consecutiveFailures, threshold: threshold)
        case .callers:
            return nil
        }
    }

    /// The reason to open a closed breaker for slow calls, if there is one.
    func tooManySlowCalls(_ tally: CallTally) -> CircuitBreaker.Reason? {
        guard let slowCalls, tally.slow > 0, tally.calls >= minimumCalls, tally.slowCallRate >= slowCalls.rate else {
            return nil
        }
        return .slowCallRate(slow: tally.slow, of: tally.calls, threshold: slowCalls.rate)
    }

    /// What the probes' results so far mean.
    func verdict(on tally: CallTally) -> CircuitBreaker.Verdict? {
        switch probeRule {
        case .rate, .rateFromMinimum: verdict(onRatesOf: tally)
        case .consecutive: verdict(on: tally, needing: probes)
        case .successes(let count): verdict(on: tally, needing: count)
        }
    }

    /// How many probes must have reported before their rates are judged.
    var probesToJudge: Int { probeRule == .rateFromMinimum ? min(minimumCalls, probes) : probes }

    private func verdict(onRatesOf tally: CallTally) -> CircuitBreaker.Verdict? {
        guard tally.calls >= probesToJudge else { return nil }
        // Divided, not multiplied out: 7 of 100 must reach a threshold of 0.07.
        if tally.failureRate >= failureRate {
            return .open(.probesFailed(tally.failed, of: tally.calls, threshold: failureRate))
        }
        if let slowCalls, tally.slowCallRate >= slowCalls.rate {
            return .open(.probesSlow(tally.slow, of: tally.calls, threshold: slowCalls.rate))
        }
        return .close(.probesSucceeded(tally.succeeded, of: tally.calls))
    }

    private func verdict(on tally: CallTally, needing successes: Int) -> CircuitBreaker.Verdict? {
        if tally.succeeded >= successes { return .close(.probesSucceeded(tally.succeeded, of: tally.calls)) }
        let spare = probes - successes
        guard tally.failed > spare else { return nil }
        let threshold = (Double(spare) + 1) / Double(probes)
        return .open(.probesFailed(tally.failed, of: tally.calls, threshold: threshold))
    }
}

extension CircuitBreaker {
    /// What a half-open phase comes to.
    enum Verdict {
        case open(Reason)
        case close(Reason)
    }
}

extension CircuitBreaker.Settings {
    /// How long the breaker stays open when it opens for the n-th time without closing in between.
    func openTime(ofOpening n: Int) -> Duration {
        guard growth.factor > 1 else { return openTime }
        return Backoff.exponential(initial: openTime, factor: growth.factor, cap: growth.cap).delay(afterAttempt: n)
    }

    /// Whether that end is over; ``Instant/distantFuture`` never is.
    func isOver(_ end: Instant, at now: Instant) -> Bool {
        end != .distantFuture && (strictEnds ? now > end : now >= end)
    }

    /// How long until that end is over; waiting so long is enough. ``Duration/maximum`` if it never is.
    func remaining(_ end: Instant, at now: Instant) -> Duration {
        guard end != .distantFuture else { return .maximum }
        guard !isOver(end, at: now) else { return .zero }
        return end - now + (strictEnds ? .nanoseconds(1) : .zero)
    }
}
