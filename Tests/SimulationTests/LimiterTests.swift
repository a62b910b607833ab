import Bulkheads
import Resilience
import Simulation
import Testing
import Timeline

func limiter(
    _ algorithm: RateLimiter.Algorithm, _ limit: Int, per length: Duration = .seconds(1), burst: Int? = nil,
    wait: Duration = .zero, scope: LimiterPlan.Scope = .edge, givesBack: Bool = false
) throws -> GuardPlan {
    .limiter(
        LimiterPlan(
            try RateLimiter.Settings(algorithm, limit: limit, per: length, burst: burst), wait: wait, scope: scope,
            givesBack: givesBack))
}

extension Simulation {
    /// When attempts went out on the only edge.
    var sendings: [Instant] { entries.filter { $0.what == .sent }.map(\.time) }

    /// The journal as far as it is held, oldest first.
    var entries: [Entry] { Array(journal.entries(from: journal.oldest)) }
}

@Suite("Rate limiters in front of calls")
struct LimiterTests {
    private func times(_ guards: [GuardPlan], seed: UInt64) -> Simulation {
        var system = SmallSystem(workers: 1_000, guards: guards)
        system.plan.seed = seed
        system.plan.loads[0].arrivals = .open(.poisson, [.steady(200)])
        return system.runDry(after: .seconds(8))
    }

    /// The most that fell into any window of a length that begins with one of them, its end not included.
    private func most(_ times: [Instant], within length: Duration) -> Int {
        var (most, last) = (0, 0)
        for (first, begin) in times.enumerated() {
            while last < times.count, times[last] < begin + length { last += 1 }
            most = max(most, last - first)
        }
        return most
    }

    private func mostAligned(_ times: [Instant]) -> Int {
        var counts: [Int64: Int] = [:]
        for time in times { counts[time.nanoseconds / 1_000_000_000, default: 0] += 1 }
        return counts.values.max() ?? 0
    }

    @Test(
        "no window holds more calls than the limit, whatever the traffic and the wait",
        arguments: RateLimiter.Algorithm.allCases, [Duration.zero, .milliseconds(300)])
    func limitHolds(algorithm: RateLimiter.Algorithm, wait: Duration) throws {
        for seed in 1...3 as ClosedRange<UInt64> {
            let burst = algorithm == .tokenBucket ? 10 : nil
            let simulation = times([try limiter(algorithm, 50, burst: burst, wait: wait)], seed: seed)
            let times = simulation.sendings
            switch algorithm {
            case .tokenBucket: #expect(most(times, within: .seconds(1)) <= 60)
            case .smooth: #expect(most(times, within: .seconds(1)) <= 51 && most(times, within: .milliseconds(20)) <= 2)
            case .slidingLog: #expect(most(times, within: .seconds(1)) <= 50)
            case .fixedWindow, .slidingCounter: #expect(mostAligned(times) <= 50)
            }
            let totals = try #require(simulation.world.limiter(edge: 0, stage: 0)?.totals)
            #expect(totals.permits == times.count && times.count > 300)
            #expect(totals.rejected == Int(simulation.work.rejected) && totals.rejected > 0)
            #expect((totals.delayed > 0) == (wait > .zero))
            #expect(simulation.world.rateLimited(edge: 0) == totals.rejected)
        }
    }

    @Test("each tenant has a limit of its own: one cannot use up another's")
    func perTenant() throws {
        var plan = try IsolatedSystem(guards: [try limiter(.tokenBucket, 50, scope: .tenant)]).plan
        plan.loads[0].arrivals = .open(.even, [.steady(500)])
        plan.loads[1].arrivals = .open(.even, [.steady(40)])
        var simulation = Simulation(plan: plan)
        simulation.run(until: .after(.seconds(5)))
        #expect(simulation.world.loadMeters[1].failed == 0)
        #expect(simulation.world.loadMeters[0].failed > 2_000)
        let gold = try #require(plan.tenants.firstIndex(of: "gold"))
        #expect(simulation.world.limiterParts(edge: 2, stage: 0) == 3)
        #expect(simulation.world.limiter(edge: 2, stage: 0, part: gold)?.totals.rejected ?? 0 > 2_000)
        let refusal = try #require(simulation.entries.last { $0.what == .rejected })
        #expect(refusal.text(plan).hasPrefix("front -> back limiter of gold: rejected, next try in "))
    }

    @Test("a retry waits for as long as the limiter asks for")
    func retryAfter() throws {
        let policy = try RetryPolicy(
            attempts: 5, backoff: .constant(.milliseconds(1)), jitter: .none, retryable: [.transient, .rejections])
        var system = SmallSystem(workers: 10, guards: [.retry(policy), try limiter(.smooth, 10)])
        system.plan.loads[0].arrivals = .burst(count: 3, at: .after(.seconds(1)))
        let simulation = system.run(for: .seconds(3))
        #expect(simulation.work.ok == 3)
        #expect(simulation.sendings.map(\.sinceZero.milliseconds) == [1_000, 1_100, 1_200])
        #expect(simulation.world.retries(edge: 0) == 3)
    }

    @Test("a permit comes back when a breaker behind the limiter refuses the call, if the scenario says so")
    func givesBack() throws {
        for givesBack in [true, false] {
            let guards = [try limiter(.tokenBucket, 10, burst: 10, givesBack: givesBack), try breaker(10)]
            let open = TimedAction(at: .after(.seconds(1)), .force(edge: 0, stage: 1, .open))
            let simulation = SmallSystem(rate: 50, workers: 10, guards: guards).run(for: .seconds(4), [open])
            let limiter = try #require(simulation.world.limiter(edge: 0, stage: 0))
            let breaker = try #require(simulation.world.breaker(edge: 0, stage: 1))
            #expect(breaker.totals.rejected > 20)
            #expect(limiter.totals.givenBack == (givesBack ? breaker.totals.rejected : 0))
            #expect((breaker.totals.rejected > 100) == givesBack)
        }
    }

    @Test("who stops waiting for the latest permit gives it back, so that the next call gets its place")
    func cancelledReservation() throws {
        var system = try IsolatedSystem(guards: [try limiter(.smooth, 10, wait: .seconds(5))])
        for edge in system.plan.edges.indices { system.plan.edges[edge].passesCancellation = true }
        system.plan.operations[2].latency = .constant(.milliseconds(5))
        system.plan.edges[0].guards = [try timeout(.milliseconds(150))]
        system.plan.loads[0].arrivals = .burst(count: 3, at: .after(.seconds(1)))
        system.plan.loads[1].arrivals = .burst(count: 1, at: .after(.seconds(1) + .milliseconds(160)))
        let world = system.runDry().world
        let limiter = try #require(world.limiter(edge: 2, stage: 0))
        #expect(world.loadMeters[0].ok == 2 && world.loadMeters[1].ok == 1)
        #expect(limiter.totals.givenBack == 1 && limiter.reserved(at: world.now) == 0)
        #expect(world.loadMeters[1].totalTime < .milliseconds(50))
    }

    @Test("a call reserves no permit that is due after its deadline")
    func deadline() throws {
        var system = try IsolatedSystem(guards: [try limiter(.smooth, 10, wait: .seconds(5))], rates: (0, 0))
        for edge in system.plan.edges.indices { system.plan.edges[edge].passesDeadline = true }
        system.plan.operations[2].latency = .constant(.milliseconds(5))
        system.plan.edges[0].guards = [try timeout(.milliseconds(250))]
        system.plan.loads[0].arrivals = .burst(count: 10, at: .after(.seconds(1)))
        let world = system.runDry().world
        #expect(world.loadMeters[0].ok == 3)
        #expect(world.limiter(edge: 2, stage: 0)?.totals.rejected == 7)
    }

    @Test("a limit that is changed counts at once")
    func change() throws {
        var system = SmallSystem(rate: 100, workers: 10, guards: [try limiter(.tokenBucket, 10, burst: 1)])
        let before = system.run(for: .seconds(2)).work.ok
        var changed = system.plan
        changed.edges[0].guards = [try limiter(.tokenBucket, 50, burst: 1)]
        let after = system.run(for: .seconds(4), [TimedAction(at: .after(.seconds(2)), .change(changed))]).work.ok
        #expect((19...21).contains(before))
        #expect((118...122).contains(after))
        system.plan.edges[0].guards = []
        #expect(system.run(for: .seconds(2)).work.ok >= 199)
    }
}
