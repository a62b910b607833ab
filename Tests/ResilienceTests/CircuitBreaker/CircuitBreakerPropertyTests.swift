import Resilience
import Testing
import Timeline

@Suite("Whatever happens to a breaker", .tags(.property))
struct CircuitBreakerPropertyTests {
    @Test("probes are limited, late results never count, half-open ends in time, totals add up")
    func randomTraffic() throws {
        for seed in UInt64(0)..<300 {
            var traffic = try RandomTraffic(seed: seed, extreme: false)
            if let violation = try traffic.run(steps: 400) {
                Issue.record("seed \(seed): \(violation)")
                return
            }
        }
    }

    @Test("clocks that jump and settings at the ends of their ranges break nothing")
    func extremes() throws {
        for seed in UInt64(0)..<300 {
            var traffic = try RandomTraffic(seed: seed, extreme: true)
            if let violation = try traffic.run(steps: 200) {
                Issue.record("seed \(seed): \(violation)")
                return
            }
        }
    }

    @Test("random traffic reaches every state")
    func reachesEverything() throws {
        var states: Set<CircuitBreaker.State> = []
        var limits = 0
        for seed in UInt64(0)..<50 {
            var traffic = try RandomTraffic(seed: seed, extreme: false)
            _ = try traffic.run(steps: 400)
            states.formUnion(traffic.statesSeen)
            limits += traffic.limitsSeen
        }
        #expect(states == Set(CircuitBreaker.State.allCases))
        #expect(limits > 0)
    }
}

/// Random calls, results in random order, operators and clocks, with the rules checked after every step.
private struct RandomTraffic {
    private(set) var statesSeen: Set<CircuitBreaker.State> = []
    private(set) var limitsSeen = 0

    private var random: RandomStream
    private let extreme: Bool
    private var breaker: CircuitBreaker
    private var now = Instant.zero
    private var outstanding: [CircuitBreaker.Permit] = []
    private var results = 0
    /// Probes let through in the present half-open phase, less those given back.
    private var probes = (generation: UInt32.max, count: 0)

    init(seed: UInt64, extreme: Bool) throws {
        random = RandomStream(seed: seed, name: "breaker", purpose: extreme ? "extremes" : "traffic")
        self.extreme = extreme
        breaker = CircuitBreaker(try Self.settings(&random, extreme: extreme))
    }

    /// The first rule that is broken, in words; nil if none is.
    mutating func run(steps: Int) throws -> String? {
        for _ in 0..<steps {
            moveClock()
            let violation = try step() ?? checkTotals()
            statesSeen.insert(breaker.state)
            if let violation { return "\(violation) at \(now.nanoseconds) ns: \(breaker)" }
        }
        return nil
    }

    private mutating func step() throws -> String? {
        switch random.below(100) {
        case ..<45: return admit()
        case ..<90: return record()
        case ..<97:
            note(breaker.advance(to: now))
            return checkLimit()
        case 97:
            note(breaker.force(random.chance(0.5) ? .open : .closed, at: now))
        case 98:
            note(breaker.reset(at: now))
        default:
            // The probe rule is about one number of probes: begin a new generation with the new settings.
            note(breaker.changeSettings(try Self.settings(&random, extreme: extreme), at: now))
            note(breaker.reset(at: now))
        }
        return nil
    }

    private mutating func admit() -> String? {
        let admission = breaker.admit(at: now)
        note(admission.transition)
        guard let permit = admission.permit else { return checkLimit() }
        outstanding.append(permit)
        guard case .halfOpen = breaker.phase else { return nil }
        if probes.generation != permit.generation { probes = (permit.generation, 0) }
        probes.count += 1
        if probes.count > breaker.settings.probes { return "\(probes.count) probes" }
        return checkLimit()
    }

    private mutating func record() -> String? {
        guard !outstanding.isEmpty else { return nil }
        let permit = outstanding.remove(at: Int(random.below(UInt64(outstanding.count))))
        results += 1
        let outcome = CircuitBreaker.Outcome.allCases[Int(random.below(3))]
        let before = breaker
        let transition = breaker.record(
            outcome, took: .milliseconds(Int64(random.below(4))), permit: permit, at: now)
        note(transition)
        if permit.generation != before.generation {
            let onlyCounted =
                breaker.phase == before.phase && breaker.tally(at: now) == before.tally(at: now)
                && breaker.totals.stale == before.totals.stale + 1
                && breaker.totals.failed == before.totals.failed
            return onlyCounted && transition == nil ? nil : "a late result counted"
        }
        if outcome == .ignored, permit.generation == probes.generation, breaker.totals.ignored > before.totals.ignored {
            probes.count -= 1
        }
        return nil
    }

    private func checkLimit() -> String? {
        guard case .halfOpen(let probes) = breaker.phase, probes.until <= now, probes.since < probes.until else {
            return nil
        }
        return "half-open after its limit"
    }

    private func checkTotals() -> String? {
        let totals = breaker.totals
        let reported = totals.succeeded + totals.failed + totals.ignored + totals.stale
        if reported != results { return "\(reported) results instead of \(results)" }
        if totals.inFlight != outstanding.count { return "\(totals.inFlight) in flight, not \(outstanding.count)" }
        let tally = breaker.tally(at: now)
        let sound = (0...tally.calls).contains(tally.failed) && (0...tally.calls).contains(tally.slow)
        return sound ? nil : "impossible counts"
    }

    private mutating func note(_ transition: CircuitBreaker.Transition?) {
        guard let transition else { return }
        if case .halfOpenLimit = transition.reason { limitsSeen += 1 }
    }

    private mutating func moveClock() {
        guard extreme else {
            now = now + .milliseconds(Int64(random.below(random.chance(0.05) ? 3_000 : 60)))
            return
        }
        switch random.below(5) {
        case 0: now = Instant(nanoseconds: Int64(bitPattern: random.next()))
        case 1: now = Instant(nanoseconds: random.chance(0.5) ? .min : .max)
        default: now = now + .nanoseconds(Int64(random.below(1_000)) - 300)
        }
    }

    private static func settings(_ random: inout RandomStream, extreme: Bool) throws -> CircuitBreaker.Settings {
        func length(_ random: inout RandomStream) -> Duration {
            guard extreme else { return .milliseconds(Int64(random.below(1_000)) + 1) }
            return [.nanoseconds(1), .nanoseconds(7), .seconds(1), .maximum][Int(random.below(4))]
        }
        let size = Int(random.below(12)) + 1
        let window: CircuitBreaker.Window = random.chance(0.5) ? .calls(size) : .time(length(&random))
        let few = Int(random.below(4)) + 1
        return try CircuitBreaker.Settings(
            window: window, minimumCalls: extreme && random.chance(0.2) ? .max : few,
            failureRate: random.positiveUniform(),
            slowCalls: random.chance(0.5) ? .init(over: .milliseconds(2), rate: random.positiveUniform()) : nil,
            openTime: length(&random), probes: extreme && random.chance(0.3) ? .max : few,
            halfOpenLimit: length(&random), automaticHalfOpen: random.chance(0.3))
    }
}
