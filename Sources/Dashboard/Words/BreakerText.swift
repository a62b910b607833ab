internal import Resilience
internal import Screen
internal import Timeline

// How breakers are put into signs and words, in the list and in detail.

extension CircuitBreaker {
    /// What it does with calls, in a word.
    func badge(_ marks: Glyphs.Marks) -> Badge { state.badge(marks) }

    /// The last calls that it judges by: one sign each, newest at the right, or the share of failures over time where
    /// it judges by time.
    ///
    /// It takes so many columns, or with nil as many as there are.
    func past(_ marks: Glyphs.Marks, at now: Instant, columns: Int? = nil) -> Line {
        guard case .calls = settings.window else {
            let buckets = buckets(at: now)
            guard buckets.count > 1 else { return Line("\(Figures.count(tally(at: now).calls)) calls", .faint) }
            let shares = buckets.map { $0.tally.calls > 0 ? $0.tally.failureRate : Double.nan }
            return Line(.graph(shares, columns: columns, top: 1))
        }
        guard !recentCalls.isEmpty else { return Line(isJudgedByProbes ? "probes only" : "no call yet", .idle) }
        let signs = recentCalls.suffix(columns ?? Self.signsShown).map { call in
            if call.contains(.failed) { return Line.Sign(scalar: marks.cross, role: .bad) }
            let isSlow = call.contains(.slow)
            return Line.Sign(scalar: isSlow ? "s" : marks.dot, role: isSlow ? .warning : .good)
        }
        return Line(.trail(signs, columns: columns))
    }

    /// Whether what it judges by, or was judged by when it opened, are probes: its window is empty until it closes.
    var isJudgedByProbes: Bool { state == .halfOpen || state == .open && lastTransition?.from == .halfOpen }

    /// How bad it is, and what is too bad, by the rule that opens it.
    func badness(at now: Instant) -> (now: String, limit: String, isBad: Bool, isOver: Bool) {
        let tally = tally(at: now)
        switch settings.tripRule {
        case .rate, .callers:
            let share = tally.calls > 0 ? tally.failureRate : nil
            let isOwn = settings.tripRule == .callers
            return (
                Figures.percent(share), isOwn ? "own" : Figures.percent(settings.failureRate), (share ?? 0) > 0,
                !isOwn && (share ?? 0) >= settings.failureRate
            )
        case .failures(let limit):
            return ("\(tally.failed)", "\(limit)", tally.failed > 0, tally.failed >= limit)
        case .consecutive(let limit):
            let failed = failuresInARow(at: now)
            return ("\(failed)", "\(limit)", failed > 0, failed >= limit)
        }
    }

    /// Failures in a row; while open those that opened it.
    func failuresInARow(at now: Instant) -> Int {
        if case .open = phase, case .consecutiveFailures(let failed, _)? = lastTransition?.reason { return failed }
        return counts(at: now).consecutiveFailures
    }

    private static let signsShown = 60

    /// How many calls the window holds.
    var windowText: String {
        switch settings.window {
        case .calls(let count): "\(count) calls"
        case .time(let length, _): "\(length)"
        case .interval(.zero, _): "all since it closed"
        case .interval(let length, _): "\(length), emptied each time"
        }
    }

    /// What it waits for, with a bar where time or probes run.
    func outlook(at now: Instant) -> Line? {
        switch phase {
        case .closed, .forcedOpen, .disabled, .metricsOnly: return nil
        case .open(let since, let until):
            let left = max(.zero, until - now)
            guard left > .zero else { return Line("tries again with the next call", .warning) }
            return Line(
                .text("half-open in \(Figures.ticking(left).indented(to: 5)) ", .text),
                .bar(1 - left / (until - since), columns: 12, .bar))
        case .halfOpen(let probes):
            return Line(
                .text("probes \(probes.tally.succeeded) of \(settings.probes) ok ", .text),
                .bar(Double(probes.tally.calls) / Double(settings.probes), columns: 12, .bar),
                .text(probes.inFlight > 0 ? " \(probes.inFlight) under way" : "", .faint))
        }
    }
}

extension CircuitBreaker.State {
    /// What a breaker does with calls, in a word.
    func badge(_ marks: Glyphs.Marks) -> Badge {
        switch self {
        case .closed: Badge(sign: marks.check, word: "CLOSED", role: .good)
        case .open: Badge(sign: marks.cross, word: "OPEN", role: .bad)
        case .halfOpen: Badge(sign: marks.waiting, word: "HALF-OPEN", role: .warning)
        case .forcedOpen: Badge(sign: marks.cross, word: "HELD OPEN", role: .bad)
        case .disabled: Badge(sign: marks.warning, word: "DISABLED", role: .warning)
        case .metricsOnly: Badge(sign: marks.bullet, word: "METRICS", role: .warning)
        }
    }
}

extension CircuitBreaker.Transition {
    /// Why, in words and numbers.
    var text: String {
        switch reason {
        case .failureRate(let failed, let all, let threshold):
            "\(failed) of \(all) failed (limit \(Figures.percent(threshold)))"
        case .slowCallRate(let slow, let all, let threshold):
            "\(slow) of \(all) slow (limit \(Figures.percent(threshold)))"
        case .failures(let failed, let all, let limit): "\(failed) of \(all) failed (limit \(limit))"
        case .consecutiveFailures(let failed, let limit): "\(failed) failed in a row (limit \(limit))"
        case .callersRule(let failed, let all, _): "\(failed) of \(all) failed (own rule)"
        case .retryAfter(let length): "asked to wait \(Figures.length(length))"
        case .unhealthy: "health check failed"
        case .healthy: "health check passed"
        case .probeIgnored: "a probe said nothing"
        case .openTimeOver(let waited): "\(Figures.length(waited)) of rest are over"
        case .probesSucceeded(let good, let all): "\(good) of \(all) probes ok"
        case .probesFailed(let failed, let all, _): "\(failed) of \(all) probes failed"
        case .probesSlow(let slow, let all, _): "\(slow) of \(all) probes slow"
        case .halfOpenLimit(let reported, let all, _): "only \(reported) of \(all) probes came back"
        case .forced: "by order"
        case .reset: "reset by order"
        }
    }
}
