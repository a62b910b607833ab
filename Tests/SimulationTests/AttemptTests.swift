import Bulkheads
import Resilience
import Simulation
import Testing
import Timeline

/// What an attempt of a call must not inherit from the one before, and what a crash must not do twice.
@Suite("Attempts of one call")
struct AttemptTests {
    /// A front service with two calls of its own behind it, over edges without network.
    private func chain(_ guards: [GuardPlan] = [], rate: Double = 100) -> Plan {
        var plan = Plan(name: "chain", seed: 5, duration: .seconds(10))
        plan.services = ["front", "first", "second"].map { name in
            var service = ServicePlan(name: name)
            (service.workers, service.queue, service.latency) = (50, 50, .constant(.milliseconds(1)))
            return service
        }
        plan.operations = ["front.work", "first.work", "second.work"].enumerated().map {
            OperationPlan(name: $1, service: $0)
        }
        plan.operations[0].calls = [CallPlan(edge: 1, operation: 1), CallPlan(edge: 2, operation: 2)]
        plan.edges = [
            EdgePlan(name: "load -> front", source: .load(0), target: 0),
            EdgePlan(name: "front -> first", source: .service(0), target: 1),
            EdgePlan(name: "front -> second", source: .service(0), target: 2),
        ]
        plan.edges[0].guards = guards
        plan.loads = [
            LoadPlan(
                name: "load", target: .call(CallPlan(edge: 0, operation: 0)), arrivals: .open(.even, [.steady(rate)]))
        ]
        return plan
    }

    private func runDry(_ plan: Plan, _ actions: [TimedAction]) -> Simulation {
        var simulation = Simulation(plan: plan)
        for action in actions { simulation.schedule(action) }
        simulation.schedule(TimedAction(at: .after(.seconds(5) + .milliseconds(1)), .stopLoad))
        simulation.run(until: .after(.minutes(2)))
        return simulation
    }

    @Test("a new attempt makes all calls of the operation again, from the first")
    func callsAgain() throws {
        let fault = FaultPlan(.error, on: .service(2), probability: 0.5)
        let world = runDry(chain([try retry(20)]), [TimedAction(at: .after(.milliseconds(1)), .inject(fault))]).world
        let calls = world.operationMeters.map(\.offered)
        #expect(world.operationMeters[0].ok == 500)
        #expect(calls[1] == calls[2] && calls[1] > 800, "each attempt calls both")
    }

    @Test("an attempt that a fault has doomed does not doom the next")
    func doomEnds() throws {
        let fault = FaultPlan(.error, on: .service(0), probability: 0.5)
        let simulation = SmallSystem(rate: 1_000, workers: 50, guards: [try retry(3)])
            .runDry(after: .seconds(5), [TimedAction(at: .after(.microseconds(1)), .inject(fault))])
        // One in eight: three attempts, each with an even chance.
        #expect((550...700).contains(simulation.work.count(.error)))
    }

    @Test("a crash that takes a call and the call that it made for it ends each once")
    func crashEndsEachOnce() {
        var plan = chain(rate: 250)
        plan.operations.append(OperationPlan(name: "front.inner", service: 0))
        plan.operations[0].calls = [CallPlan(edge: 3, operation: 3)]
        plan.edges.append(EdgePlan(name: "front -> front", source: .service(0), target: 0))
        plan.services[0].latency = .uniform(least: .milliseconds(5), most: .milliseconds(15))
        let crashes = (1...8).map { second in
            TimedAction(
                at: .after(.milliseconds(Int64(second) * 500)),
                .inject(FaultPlan(.crash, on: .service(0), for: .milliseconds(100))))
        }
        let world = runDry(plan, crashes).world
        #expect(world.isIdle && world.callsUnderWay == 0)
        for meter in world.operationMeters { #expect(meter.offered == meter.ended) }
        #expect(world.operationMeters[0].count(.connectionLost) > 8)
    }

    @Test("a breaker inside a bulkhead does not see the wait for it; one outside does", arguments: [true, false])
    func waitsCountOutside(breakerIsInside: Bool) throws {
        let slow = GuardPlan.breaker(
            BreakerPlan(
                try CircuitBreaker.Settings(
                    window: .calls(10), failureRate: 1, slowCalls: .init(over: .milliseconds(200), rate: 0.5))))
        let line = try bulkhead(1, queue: 100)
        let simulation = SmallSystem(
            rate: 40, workers: 5, latency: .constant(.milliseconds(50)),
            guards: breakerIsInside ? [line, slow] : [slow, line]
        ).run(for: .seconds(3))
        let trips = simulation.world.breaker(edge: 0, stage: breakerIsInside ? 1 : 0)?.trips
        #expect(breakerIsInside ? trips == 0 : trips ?? 0 > 0)
    }

    @Test("an error on an edge loses the reply: the work is done and booked")
    func lostReply() {
        var system = SmallSystem(rate: 10, workers: 5, books: 0)
        system.plan.loads[0].amount = AmountLaw(least: 100, most: 100)
        let simulation = system.runDry(
            after: .seconds(1), [TimedAction(at: .after(.microseconds(1)), .inject(FaultPlan(.error, on: .edge(0))))])
        #expect(simulation.work.count(.connectionLost) == 10)
        #expect(simulation.world.ledger.charged == 1_000)
    }
}
