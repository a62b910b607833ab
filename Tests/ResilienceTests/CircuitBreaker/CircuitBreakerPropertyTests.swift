import Resilience
import Testing
import Timeline

@Suite("Whatever happens to a breaker", .tags(.property))
struct CircuitBreakerPropertyTests {
    @Test("probes are limited, late results never count, half-open ends in time, totals add up, the table is obeyed")
    func randomTraffic() throws {
        for seed in UInt64(0)..<300 {
            var traffic = try RandomTraffic(seed: seed, extreme: false)
            if let violation = try traffic.run(steps: 300) {
                Issue.record("seed \(seed): \(violation)")
                return
            }
        }
    }

    @Test("clocks that jump and settings at the ends of their ranges break nothing")
    func extremes() throws {
        for seed in UInt64(0)..<300 {
            var traffic = try RandomTraffic(seed: seed, extreme: true)
            if let violation = try traffic.run(steps: 150) {
                Issue.record("seed \(seed): \(violation)")
                return
            }
        }
    }

    @Test("random traffic reaches every state, by every kind of reason")
    func reachesEverything() throws {
        var states: Set<CircuitBreaker.State> = []
        var reasons: Set<String> = []
        for seed in UInt64(0)..<80 {
            var traffic = try RandomTraffic(seed: seed, extreme: false)
            _ = try traffic.run(steps: 150)
            states.formUnion(traffic.statesSeen)
            reasons.formUnion(traffic.reasonsSeen.map { String("\($0)".prefix { $0 != "(" }) })
        }
        #expect(states == Set(CircuitBreaker.State.allCases))
        #expect(reasons.count == 16, "\(reasons.sorted())")
    }
}

/// Random calls, results in random order, operators, health and clocks, with the rules checked after every step.
private struct RandomTraffic {
    private(set) var statesSeen: Set<CircuitBreaker.State> = []
    private(set) var reasonsSeen: [CircuitBreaker.Reason] = []

    private var random: RandomStream
    private let extreme: Bool
    private var breaker: CircuitBreaker
    private var now = Instant.zero
    private var outstanding: [CircuitBreaker.Permit] = []
    private var results = 0
    /// Results told with a permit that had been handed back before.
    private var repeated = 0
    private var transitions = 0
    /// Probes let through in the present half-open phase, less those given back, and those of them under way.
    private var probes = (generation: UInt32.max, issued: 0, inFlight: 0)

    init(seed: UInt64, extreme: Bool) throws {
        random = RandomStream(seed: seed, name: "breaker", purpose: extreme ? "extremes" : "traffic")
        self.extreme = extreme
        breaker = CircuitBreaker(try RandomSettings.draw(&random, extreme: extreme))
    }

    /// The first rule that is broken, in words; nil if none is.
    mutating func run(steps: Int) throws -> String? {
        for _ in 0..<steps {
            moveClock()
            let violation = try step() ?? checkTotals() ?? checkCounts()
            statesSeen.insert(breaker.state)
            if let violation { return "\(violation) at \(now.nanoseconds) ns: \(breaker)" }
        }
        return nil
    }

    private mutating func step() throws -> String? {
        let before = breaker.state
        switch random.below(100) {
        case ..<45: return admit()
        case ..<87: return record()
        case ..<92: return advance() ?? checkLimit()
        case 92: return note(breaker.force(random.chance(0.5) ? .open : .closed, at: now), from: before)
        case 93, 94: return note(breaker.reset(at: now), from: before)
        case 95: return order()
        case 96: return note(breaker.trip(openFor: random.chance(0.5) ? .seconds(-1) : nil, at: now), from: before)
        case 97, 98:
            return note(breaker.healthChanged(to: random.chance(0.5) ? .healthy : .unhealthy, at: now), from: before)
        default:
            // The probe rule is about one number of probes: begin a new generation with the new settings.
            let new = try RandomSettings.draw(&random, extreme: extreme)
            let violation = note(breaker.changeSettings(new, at: now), from: before)
            let changed = breaker.state
            return violation ?? note(breaker.reset(at: now), from: changed)
        }
    }

    private mutating func advance() -> String? {
        for _ in 0..<3 {
            let before = breaker.state
            let transition = breaker.advance(to: now)
            if let violation = note(transition, from: before) { return violation }
            if transition == nil { return nil }
        }
        return "more than two transitions were due"
    }

    private mutating func order() -> String? {
        let target = CircuitBreaker.State.allCases[Int(random.below(6))]
        let before = breaker
        switch breaker.transition(to: target, at: now) {
        case .entered(let transition): return note(transition, from: before.state)
        case .restarted: return before.state == target ? nil : "restarted what it was not"
        case .refused: return breaker == before && !before.state.canBecome(target) ? nil : "refused in vain"
        }
    }

    private mutating func admit() -> String? {
        let before = breaker.state
        let admission = breaker.admit(at: now)
        if let violation = note(admission.transition, from: before) { return violation }
        guard let permit = admission.permit else { return checkLimit() }
        outstanding.append(permit)
        guard case .halfOpen(let seen) = breaker.phase else { return nil }
        if probes.generation != permit.generation { probes = (permit.generation, 0, 0) }
        probes.issued += 1
        probes.inFlight += 1
        let (settings, limit) = (breaker.settings, breaker.settings.probes)
        if probes.inFlight > limit { return "\(probes.inFlight) probes at a time" }
        if settings.probeLimit == .total, probes.issued > limit { return "\(probes.issued) probes" }
        return seen.inFlight == probes.inFlight && seen.issued == probes.issued ? checkLimit() : "lost a probe"
    }

    private mutating func record() -> String? {
        guard !outstanding.isEmpty else { return nil }
        let index = Int(random.below(UInt64(outstanding.count)))
        let isRepeated = random.chance(0.03)
        let permit = isRepeated ? outstanding[index] : outstanding.remove(at: index)
        results += 1
        repeated += isRepeated ? 1 : 0
        let outcome = CircuitBreaker.Outcome.allCases[Int(random.below(3))]
        let before = breaker
        let transition = breaker.record(
            outcome, took: .milliseconds(Int64(random.below(4))), permit: permit,
            retryAfter: random.chance(0.02) ? .milliseconds(5) : nil, at: now)
        if let violation = note(transition, from: before.state) { return violation }
        let isStale = breaker.totals.stale > before.totals.stale
        if permit.generation == probes.generation, !isStale {
            probes.inFlight -= 1
            if outcome == .ignored { probes.issued -= 1 }
        }
        let isOld = before.generation &- permit.generation >= 10_000 || !before.settings.keepsGenerations
        guard permit.generation != before.generation, isOld else { return nil }
        let onlyCounted =
            breaker.state == before.state && breaker.tally(at: now) == before.tally(at: now) && isStale
            && breaker.totals.failed == before.totals.failed
        return onlyCounted && transition == nil ? nil : "a late result counted"
    }

    private func checkLimit() -> String? {
        guard case .halfOpen(let probes) = breaker.phase, probes.until <= now, probes.until != .distantFuture else {
            return nil
        }
        return "half-open after its limit"
    }

    private func checkTotals() -> String? {
        let totals = breaker.totals
        let reported = totals.succeeded + totals.failed + totals.ignored + totals.stale
        if reported != results { return "\(reported) results instead of \(results)" }
        if totals.permitted != results - repeated + outstanding.count { return "\(totals.permitted) permitted" }
        if totals.succeeded + totals.failed + totals.ignored > totals.permitted { return "more results than calls" }
        if repeated == 0, totals.inFlight != outstanding.count { return "\(totals.inFlight) in flight" }
        let entered = CircuitBreaker.State.allCases.map { totals.transitions(to: $0) }.reduce(0, +)
        return entered == transitions ? nil : "\(entered) transitions instead of \(transitions)"
    }

    private func checkCounts() -> String? {
        let (tally, counts) = (breaker.tally(at: now), breaker.counts(at: now))
        let range = 0...tally.calls
        guard range.contains(tally.failed), range.contains(tally.slow), range.contains(tally.slowFailed) else {
            return "impossible tally"
        }
        guard counts.inFlight >= 0, counts.ended <= counts.admitted, counts.ignored >= 0 else {
            return "impossible counts"
        }
        guard (0...counts.succeeded).contains(counts.consecutiveSuccesses),
            (0...counts.failed).contains(counts.consecutiveFailures)
        else { return "impossible rows" }
        if case .halfOpen(let probes) = breaker.phase, probes.inFlight != counts.inFlight { return "leaked a permit" }
        if let rate = breaker.failureRate(at: now), !(0...1).contains(rate) { return "impossible rate" }
        if case .closed = breaker.phase, !breaker.buckets(at: now).isEmpty {
            let calls = breaker.buckets(at: now).map(\.tally.calls).reduce(0, +)
            if calls != tally.calls { return "\(calls) calls in the buckets" }
        }
        return (breaker.remainingOpenTime(at: now) ?? .zero) >= .zero ? nil : "negative open time"
    }

    private mutating func note(_ transition: CircuitBreaker.Transition?, from state: CircuitBreaker.State) -> String? {
        guard let transition else { return breaker.state == state ? nil : "changed in silence" }
        reasonsSeen.append(transition.reason)
        // One that goes from half-open to half-open stands for two.
        transitions += transition.from == transition.to ? 2 : 1
        guard transition.from == state, transition.to == breaker.state else { return "another transition" }
        guard transition.from.canBecome(transition.to) else { return "\(transition.from) became \(transition.to)" }
        guard transition.from != transition.to || transition.to == .halfOpen else { return "went nowhere" }
        return breaker.lastTransition == transition ? nil : "forgot the transition"
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
}

extension CircuitBreaker.Settings {
    /// Whether results of some older generations count, because their buckets are in the window.
    fileprivate var keepsGenerations: Bool {
        if case .interval(_, let buckets) = window { buckets > 1 } else { false }
    }
}
