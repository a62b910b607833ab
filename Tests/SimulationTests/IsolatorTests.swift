import Bulkheads
import Resilience
import Simulation
import Testing
import Timeline

func compartment(
    threads: Int = 4, queue: Int = 0, rate: Int? = nil, breaker: CircuitBreaker.Settings? = nil,
    fallback: Fallback.Source? = nil
) throws -> Compartment.Settings {
    try Compartment.Settings(
        isolation: .threads(try ThreadPool.Settings(core: threads, queue: queue)),
        limiter: try rate.map { try .tokenBucket(limit: $0, per: .seconds(1)) }, breaker: breaker,
        fallback: try Fallback.Settings(source: fallback))
}

func isolator(
    _ compartments: [Compartment.Settings], rules: [Isolator.Rule] = [.init(tenants: 1...1, to: 0)]
) throws -> GuardPlan {
    .isolator(
        IsolatorPlan(
            try Isolator.Settings(
                compartments: compartments, rules: rules, defaultCompartment: compartments.count - 1),
            names: compartments.indices.map { "c\($0)" }))
}

@Suite("Isolators in front of calls")
struct IsolatorTests {
    private func fast(_ guards: [GuardPlan], slow rate: Double) throws -> [String] {
        let world = try IsolatedSystem(guards: guards, rates: (rate, 200)).runDry().world
        let meter = world.loadMeters[1]
        return ["\(meter.ok)", "\(meter.failed)", "\(meter.totalTime)", "\(world.operationMeters[3].totalTime)"]
    }

    @Test("what happens in one compartment is the same with and without traffic in another")
    func isolation() throws {
        let rules: [[Isolator.Rule]] = [
            [.init(tenants: 1...1, to: 0)], [.init(types: 2...2, to: 0)], [.init(priority: .low, to: 0)],
        ]
        for rule in rules {
            let guards = [try isolator([try compartment(), try compartment(threads: 2, queue: 5)], rules: rule)]
            let alone = try fast(guards, slow: 0)
            #expect(try fast(guards, slow: 50) == alone)
            let one = [try bulkhead(6, queue: 5)]
            #expect(try fast(one, slow: 50) != fast(one, slow: 0))
        }
    }

    @Test("each compartment has its own limiter, breaker, bulkhead and fallback, and nothing is held at the end")
    func parts() throws {
        let breaker = try CircuitBreaker.Settings(window: .calls(10), failureRate: 0.5, openTime: .seconds(1))
        let guards = [
            try isolator([
                try compartment(threads: 2, queue: 2, rate: 3),
                try compartment(threads: 50, breaker: breaker, fallback: .value),
            ])
        ]
        var system = try IsolatedSystem(guards: guards)
        system.plan.operations[3].errors = 1
        let simulation = system.runDry()
        let world = simulation.world
        let compartments = try #require(world.isolator(edge: 2, stage: 0)?.compartments)
        #expect(compartments[0].totals.rateLimited > 0 && compartments[0].totals.full > 0)
        #expect(compartments[1].breaker?.trips ?? 0 > 0 && compartments[1].totals.circuitOpen > 0)
        #expect(world.loadMeters[1].failed == 0)
        #expect(compartments[1].fallback.totals.succeeded == Int(world.loadMeters[1].ok))
        for each in compartments { #expect(each.running == 0 && each.queued == 0 && each.fallback.inFlight == 0) }
        let opened = try #require(simulation.entries.first { $0.what == .opened })
        #expect(opened.text(system.plan).hasPrefix("front -> back isolator of c1: OPENED, failures 10 of 10"))
        let refused = try #require(
            simulation.entries.first { $0.what == .rejected && $0.place == .guardPart(edge: 2, stage: 0, part: 1) })
        #expect(refused.cause == opened.id)
        #expect(simulation.entries.contains { $0.what == .fellBack })
    }

    @Test("a compartment of permits lets a call wait for one, and no longer")
    func permits() throws {
        let settings = try Compartment.Settings(
            isolation: .semaphore(try Semaphore.Settings(permits: 2, maximumWait: .milliseconds(300))))
        var system = try IsolatedSystem(guards: [try isolator([settings, try compartment(threads: 100)])])
        system.plan.operations[2].latency = .constant(.milliseconds(200))
        system.plan.loads[0].arrivals = .burst(count: 8, at: .after(.seconds(1)))
        let world = system.runDry().world
        #expect(world.loadMeters[0].ok == 4)
        #expect(world.isolator(edge: 2, stage: 0)?.compartments[0].totals.expired == 4)
    }

    @Test("a fallback to the last good answers knows the keys of its compartment")
    func keptAnswers() throws {
        let guards = [try isolator([try compartment(), try compartment(threads: 100, fallback: .cache)])]
        var system = try IsolatedSystem(guards: guards)
        system.plan.loads[1].keys = .uniform(20)
        let crash = FaultPlan(.crash, on: .service(1))
        var simulation = Simulation(plan: system.plan)
        simulation.schedule(TimedAction(at: .after(.seconds(3)), .inject(crash)))
        simulation.run(until: .after(.seconds(5)))
        #expect(simulation.world.loadMeters[1].failed == 0)
        #expect(simulation.world.loadMeters[0].failed > 0)
    }

    /// Both compartments ask a third service instead of what they refuse or see fail.
    private func askingSystem(spare: Duration) throws -> IsolatedSystem {
        let instead = try compartment(threads: 3, fallback: .service)
        var system = try IsolatedSystem(guards: [
            try isolator([instead, try compartment(threads: 100, fallback: .service)])
        ])
        system.plan.services.append(ServicePlan(name: "spare"))
        system.plan.services[2].workers = 10_000
        system.plan.operations.append(OperationPlan(name: "spare.answer", service: 2))
        system.plan.operations[4].latency = .constant(spare)
        system.plan.edges.append(EdgePlan(name: "front -> spare", source: .service(0), target: 2))
        guard case .isolator(var plan) = system.plan.edges[2].guards[0] else { return system }
        plan.calls = [CallPlan(edge: 3, operation: 4), CallPlan(edge: 3, operation: 4)]
        system.plan.edges[2].guards = [.isolator(plan)]
        return system
    }

    @Test("a compartment may ask another service, for what it refuses and for what fails; so may that be too slow")
    func service() throws {
        var system = try askingSystem(spare: .milliseconds(10))
        system.plan.operations[3].errors = 1
        var world = system.runDry().world
        var compartments = try #require(world.isolator(edge: 2, stage: 0)?.compartments)
        #expect(compartments[0].totals.full > 0)
        #expect(compartments[0].fallback.totals.succeeded == compartments[0].totals.full)
        #expect(compartments[1].fallback.totals.succeeded == Int(world.loadMeters[1].ok))
        #expect(world.loadMeters[0].failed + world.loadMeters[1].failed == 0)
        #expect(world.operationMeters[4].ok == UInt64(compartments.reduce(0) { $0 + $1.fallback.totals.succeeded }))
        system = try askingSystem(spare: .seconds(2))
        world = system.runDry().world
        compartments = try #require(world.isolator(edge: 2, stage: 0)?.compartments)
        #expect(compartments[0].fallback.totals.rejected > 0 && world.loadMeters[0].failed > 0)
        for each in compartments { #expect(each.running == 0 && each.queued == 0 && each.fallback.inFlight == 0) }
    }

    @Test("a call that is withdrawn while another service answers for its compartment leaves nothing behind")
    func withdrawn() throws {
        var system = try askingSystem(spare: .seconds(2))
        let limit = try TimeLimit(.milliseconds(100))
        for edge in [0, 1] {
            system.plan.edges[edge].guards = [.timeout(.fixed(limit))]
            system.plan.edges[edge].passesCancellation = true
        }
        for edge in [2, 3] { system.plan.edges[edge].passesCancellation = true }
        let world = system.runDry().world
        let compartments = try #require(world.isolator(edge: 2, stage: 0)?.compartments)
        #expect(compartments[0].fallback.totals.ignored > 0)
        #expect(world.callsUnderWay == 0)
        for each in compartments { #expect(each.running == 0 && each.queued == 0 && each.fallback.inFlight == 0) }
    }

    @Test("who has waited in vain still waits for an answer, and a fallback gives one")
    func waitedInVain() throws {
        let answer = try Fallback.Settings(source: .value)
        let threads = try ThreadPool.Settings(core: 1, queue: 10, maximumWait: .milliseconds(10))
        let permits = try Semaphore.Settings(permits: 1, maximumWait: .milliseconds(10))
        let chains: [[GuardPlan]] = [
            [try isolator([try .init(isolation: .threads(threads), fallback: answer)], rules: [])],
            [try isolator([try .init(isolation: .semaphore(permits), fallback: answer)], rules: [])],
            [.fallback(FallbackPlan(answer)), .bulkhead(threads)],
            [.fallback(FallbackPlan(answer)), .semaphore(permits)],
        ]
        for guards in chains {
            let system = SmallSystem(rate: 60, workers: 50, latency: .constant(.milliseconds(50)), guards: guards)
            let work = system.runDry(after: .seconds(5)).work
            #expect(work.failed == 0 && work.ok == 300, "\(guards.map(\.name))")
        }
    }

    @Test("changed settings count at once, and calls that wait go on where there is room now")
    func change() throws {
        let rest = try compartment(threads: 100)
        var system = try IsolatedSystem(
            guards: [try isolator([try compartment(threads: 1, queue: 10), rest])])
        system.plan.loads[0].arrivals = .burst(count: 6, at: .after(.seconds(1)))
        var changed = system.plan
        changed.edges[2].guards = [try isolator([try compartment(threads: 6, queue: 10), rest])]
        var simulation = Simulation(plan: system.plan)
        simulation.schedule(TimedAction(at: .after(.milliseconds(1_500)), .change(changed)))
        simulation.run(until: .after(.seconds(3)))
        #expect(simulation.world.loadMeters[0].ok == 6)
    }

    @Test("an urgent call does not wait behind the others, and who starves is seen")
    func starvation() throws {
        let settings = try ThreadPool.Settings(core: 1, queue: 1_000, order: .priority())
        var system = try IsolatedSystem(guards: [.bulkhead(settings)], rates: (40, 300))
        system.plan.operations[2].latency = .constant(.milliseconds(5))
        var simulation = Simulation(plan: system.plan)
        simulation.run(until: .after(.seconds(5)))
        let pool = try #require(simulation.world.bulkhead(edge: 2, stage: 0))
        #expect(pool.queued(.low) > 100)
        let since = try #require(pool.oldestWaiterSince(.low))
        #expect(simulation.world.now - since > .seconds(3))
    }
}
