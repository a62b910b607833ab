import Resilience
import Testing
import Timeline

@Suite("Whatever happens to a health checker", .tags(.property))
struct HealthCheckerPropertyTests {
    @Test("at most one probe is out, states change by results in a row, late results change nothing")
    func randomTraffic() throws {
        for seed in UInt64(0)..<400 {
            var traffic = try HealthTraffic(seed: seed, extreme: seed % 4 == 0)
            if let violation = traffic.run(steps: 200) {
                Issue.record("seed \(seed): \(violation)")
                return
            }
        }
    }
}

private struct HealthTraffic {
    private var random: RandomStream
    private let extreme: Bool
    private var checker: HealthChecker
    private var now = Instant.zero
    private var tokens: [HealthChecker.Probe] = []
    /// The results that counted, newest last: a naive model of the checker.
    private var results: [Bool] = []
    private var state = HealthChecker.State.unchecked

    init(seed: UInt64, extreme: Bool) throws {
        random = RandomStream(seed: seed, name: "health", purpose: "traffic")
        self.extreme = extreme
        let edge: Duration = extreme ? .maximum : .milliseconds(30)
        let settings = try HealthChecker.Settings(
            intervals: .init(
                normal: .milliseconds(Int64(random.below(100)) + 1), unhealthyEdge: random.chance(0.5) ? edge : nil,
                jitter: random.chance(0.5) ? edge : .zero, jitterShare: random.uniform() * 10, initialJitter: edge),
            timeout: random.chance(0.2) ? edge : .milliseconds(Int64(random.below(100)) + 1),
            healthyThreshold: Int(random.below(4)) + 1, unhealthyThreshold: Int(random.below(4)) + 1,
            immediateFailures: random.chance(0.5) ? .unexpectedStatus : [])
        checker = HealthChecker(settings, at: now, using: &random)
    }

    mutating func run(steps: Int) -> String? {
        for _ in 0..<steps {
            moveClock()
            let before = checker
            var wasTold = true
            let change: HealthChecker.Change?
            switch random.below(40) {
            case ..<16:
                let start = checker.startProbe(at: now, using: &random)
                change = start.change
                noteTimeout(before)
                if let probe = start.probe {
                    if let out = before.probe, now < out.deadline { return "two probes out" }
                    if before.probe == nil, now < before.nextCheck { return "a probe before it was due" }
                    tokens.append(probe)
                }
            case ..<32:
                guard let token = tokens.randomToken(&random) else { continue }
                let isDue = before.probe == token && now < token.deadline
                let result = randomResult()
                change = checker.ended(token, result, at: now, using: &random)
                if isDue { note(result) } else { noteTimeout(before) }
                if isDue == (checker.totals.stale > before.totals.stale) { return "stale miscounted" }
            case ..<38:
                change = checker.advance(to: now, using: &random)
                noteTimeout(before)
            default:
                wasTold = false
                change = checker.markUnhealthy(at: now)
                // The successes so far do not count any more.
                (state, results) = (.unhealthy, [])
            }
            if checker.state != state { return "\(checker.state) instead of \(state)" }
            if (change != nil) != (before.state != state) { return "a change that is none, or none for a change" }
            let totals = checker.totals
            let ended = totals.succeeded + totals.failed + (checker.probe == nil ? 0 : 1)
            if totals.probes != ended { return "\(totals.probes) probes, \(ended) accounted for" }
            if wasTold, let probe = before.probe, now >= probe.deadline, checker.probe == probe {
                return "a hung probe is still out"
            }
        }
        return nil
    }

    private mutating func noteTimeout(_ before: HealthChecker) {
        if let probe = before.probe, now >= probe.deadline { note(.failure(.timeout)) }
    }

    private mutating func note(_ result: HealthChecker.Result) {
        results.append(result == .success)
        let settings = checker.settings
        let isImmediate = result == .failure(.unexpectedStatus) && settings.immediateFailures == .unexpectedStatus
        switch state {
        case .unchecked:
            state = result == .success ? .healthy : .unhealthy
        case .healthy:
            let tail = results.suffix(settings.unhealthyThreshold)
            if isImmediate || tail.count == settings.unhealthyThreshold && !tail.contains(true) { state = .unhealthy }
        case .unhealthy:
            let tail = results.suffix(settings.healthyThreshold)
            if tail.count == settings.healthyThreshold, !tail.contains(false) { state = .healthy }
        }
    }

    private mutating func randomResult() -> HealthChecker.Result {
        switch random.below(5) {
        case ..<2: .success
        case 2: .failure(.unexpectedStatus)
        case 3: .failure(.timeout)
        default: .failure(.connection)
        }
    }

    private mutating func moveClock() {
        if extreme, random.chance(0.05) {
            now = random.chance(0.3) ? .distantFuture : Instant(nanoseconds: Int64(bitPattern: random.next()))
        } else {
            now = now + .milliseconds(Int64(random.below(60)) - 5)
        }
    }
}

extension [HealthChecker.Probe] {
    fileprivate func randomToken(_ random: inout RandomStream) -> Element? {
        isEmpty ? nil : random.chance(0.7) ? last : self[Int(random.below(UInt64(count)))]
    }
}
