internal import Resilience
internal import Screen
internal import Timeline

// How breakers are put into signs and words, in the list and in detail.

extension CircuitBreaker {
    /// What it does with calls, in a word.
    func badge(_ marks: Glyphs.Marks) -> Badge {
        switch phase {
        case .closed: Badge(sign: marks.check, word: "CLOSED", role: .good)
        case .open: Badge(sign: marks.cross, word: "OPEN", role: .bad)
        case .halfOpen: Badge(sign: marks.waiting, word: "HALF-OPEN", role: .warning)
        case .forcedOpen: Badge(sign: marks.cross, word: "HELD OPEN", role: .bad)
        case .disabled: Badge(sign: marks.warning, word: "HELD SHUT", role: .warning)
        case .metricsOnly: Badge(sign: marks.bullet, word: "COUNTS", role: .warning)
        }
    }

    /// The last calls that it judges by, one sign each, newest at the right.
    ///
    /// It takes so many columns, or with nil as many as there are.
    func ring(_ marks: Glyphs.Marks, columns: Int? = nil) -> Line {
        let signs = recentCalls.suffix(columns ?? Self.signsShown).map { call in
            if call.contains(.failed) { return Line.Sign(scalar: marks.cross, role: .bad) }
            let isSlow = call.contains(.slow)
            return Line.Sign(scalar: isSlow ? "s" : marks.dot, role: isSlow ? .warning : .good)
        }
        return Line(.trail(signs, columns: columns))
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
