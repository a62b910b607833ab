import Resilience
import Testing
import Timeline

@Suite("A closed breaker agrees with a naive model of it", .tags(.property))
struct CircuitBreakerModelTests {
    typealias Outcome = CircuitBreaker.Outcome

    @Test("a window of calls opens by rate, by number, by row and by slowness just when a recount says so")
    func calls() throws {
        for seed in UInt64(0)..<400 {
            var random = RandomStream(seed: seed, name: "breaker", purpose: "calls")
            let size = Int(random.below(12)) + 1
            let minimum = Int(random.below(UInt64(size))) + 1
            let few = Int(random.below(UInt64(size))) + 1
            let (rate, slowRate) = (random.positiveUniform(), random.positiveUniform())
            let rule = [CircuitBreaker.TripRule.rate, .failures(few), .consecutive(few), .callers][Int(random.below(4))]
            let judging = random.chance(0.5) ? CircuitBreaker.Judging.everyResult : .failures
            var script = BreakerScript(
                try .init(
                    window: .calls(size), tripRule: rule, minimumCalls: minimum, failureRate: rate,
                    slowCalls: .init(over: .milliseconds(5), rate: slowRate), judging: judging))
            var history: [(outcome: Outcome, took: Int64)] = []
            for _ in 0..<40 {
                let outcome = Outcome.allCases[Int(random.below(3))]
                let took = Int64(random.below(8))
                let call = try script.call()
                let opened = script.end(call, outcome, took: .milliseconds(took)) != nil
                if outcome != .ignored { history.append((outcome, took)) }

                let window = history.suffix(size)
                let failed = window.filter { $0.outcome == .failure }.count
                let slow = window.filter { $0.took > 5 }.count
                let row = history.reversed().prefix { $0.outcome == .failure }.count
                let isEnough = window.count >= minimum
                let byFailures =
                    switch rule {
                    case .rate: isEnough && Double(failed) / Double(window.count) >= rate
                    case .failures(let threshold): failed >= threshold
                    case .consecutive(let threshold): row >= threshold
                    case .callers: false
                    }
                let bySlowness = isEnough && Double(slow) / Double(window.count) >= slowRate
                let isJudged = outcome == .failure || (outcome == .success && judging == .everyResult)
                let total = window.map(\.took).reduce(0, +)
                let counts = script.breaker.counts(at: script.now)
                guard opened == (isJudged && (byFailures || bySlowness)),
                    [script.tally.calls, script.tally.failed, script.tally.slow] == [window.count, failed, slow],
                    script.tally.totalTime == .milliseconds(total),
                    script.breaker.recentCalls.map({ $0.contains(.failed) }) == window.map({ $0.outcome == .failure }),
                    opened || counts.consecutiveFailures == row
                else {
                    Issue.record("seed \(seed): \(history) with \(script.breaker.settings)")
                    return
                }
                if opened { break }
            }
        }
    }

    /// One call as the model of an interval sees it.
    private struct Call {
        let permit: CircuitBreaker.Permit
        let bucket: Int64
        var outcome: Outcome?
    }

    @Test("an interval that rolls counts just the calls that began in its buckets, whenever they end")
    func interval() throws {
        for seed in UInt64(0)..<200 {
            var random = RandomStream(seed: seed, name: "breaker", purpose: "interval")
            let buckets = Int64(random.below(4)) + 2
            let length = Int64(random.below(30)) + 1
            var script = BreakerScript(
                try .init(
                    window: .interval(.nanoseconds(buckets * length), buckets: Int(buckets)), tripRule: .callers))
            var calls: [Call] = []
            var stale = 0
            for _ in 0..<100 {
                script.now = script.now + .nanoseconds(Int64(random.below(UInt64(random.chance(0.05) ? 300 : 12))))
                let bucket = script.now.nanoseconds / length
                let open = calls.indices.filter { calls[$0].outcome == nil }
                if random.chance(0.5) || open.isEmpty {
                    calls.append(Call(permit: try script.call(), bucket: bucket))
                } else {
                    let index = open[Int(random.below(UInt64(open.count)))]
                    let outcome = Outcome.allCases[Int(random.below(3))]
                    _ = script.end(calls[index].permit, outcome)
                    stale += calls[index].bucket > bucket - buckets ? 0 : 1
                    calls[index].outcome = outcome
                }
                let inWindow = calls.filter { $0.bucket > bucket - buckets }
                let expected = [
                    inWindow.count, inWindow.filter { $0.outcome == .success }.count,
                    inWindow.filter { $0.outcome == .failure }.count, inWindow.filter { $0.outcome == .ignored }.count,
                ]
                guard Array(script.counts.prefix(4)) == expected, script.breaker.totals.stale == stale else {
                    Issue.record("seed \(seed) at \(script.now): \(script.counts) is not \(expected)")
                    return
                }
            }
        }
    }

    @Test("an interval in one bucket counts just the calls that began in it, and drops what ends later")
    func fixedInterval() throws {
        for seed in UInt64(0)..<200 {
            var random = RandomStream(seed: seed, name: "breaker", purpose: "fixed")
            let length = Int64(random.below(60)) + 1
            let isStrict = random.chance(0.5)
            var script = BreakerScript(
                try .init(window: .interval(.nanoseconds(length)), tripRule: .callers, strictEnds: isStrict))
            var start: Int64 = 0
            var open: [CircuitBreaker.Permit] = []
            var (admitted, failed, row) = (0, 0, 0)
            var inInterval: [CircuitBreaker.Permit] = []
            for _ in 0..<100 {
                script.now = script.now + .nanoseconds(Int64(random.below(12)))
                let elapsed = script.now.nanoseconds - start
                let isOver = isStrict ? elapsed > length : elapsed >= length
                if isOver {
                    (start, admitted, failed, row) = (script.now.nanoseconds, 0, 0, 0)
                    inInterval = []
                }
                let isAdmitted = random.chance(0.5) || open.isEmpty
                if isAdmitted {
                    let permit = try script.call()
                    open.append(permit)
                    inInterval.append(permit)
                    admitted += 1
                } else {
                    let permit = open.remove(at: Int(random.below(UInt64(open.count))))
                    _ = script.end(permit, .failure)
                    if inInterval.contains(permit) { (failed, row) = (failed + 1, row + 1) }
                }
                guard script.counts == [admitted, 0, failed, 0, 0, row] else {
                    Issue.record("seed \(seed) at \(script.now): \(script.counts)")
                    return
                }
            }
        }
    }
}
