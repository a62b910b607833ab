import Bulkheads
import Resilience
import Simulation
import Testing
import Timeline

/// What becomes of calls whose caller has gone.
@Suite("Deadlines and cancellations that are handed on")
struct PropagationTests {
    /// A front service that calls a slow one with a queue; the caller waits for 100 ms.
    private func chain(
        deadlines: Bool = false, cancels: Bool = false, rate: Double = 40, guards: [GuardPlan] = []
    ) throws -> Plan {
        var plan = Plan(name: "chain", seed: 5, duration: .seconds(10))
        plan.services = ["front", "back"].map { ServicePlan(name: $0) }
        (plan.services[0].workers, plan.services[0].queue) = (1_000, 1_000)
        (plan.services[1].workers, plan.services[1].queue, plan.services[1].latency) =
            (1, 10_000, .constant(.milliseconds(50)))
        plan.operations = ["front.ask", "back.answer"].enumerated().map { OperationPlan(name: $1, service: $0) }
        plan.operations[0].calls = [CallPlan(edge: 1, operation: 1)]
        plan.edges = [
            EdgePlan(name: "load -> front", source: .load(0), target: 0),
            EdgePlan(name: "front -> back", source: .service(0), target: 1),
        ]
        plan.edges[0].guards = [try timeout(.milliseconds(100))]
        plan.edges[1].guards = guards
        for index in plan.edges.indices {
            plan.edges[index].passesDeadline = deadlines
            plan.edges[index].passesCancellation = cancels
        }
        plan.loads = [
            LoadPlan(
                name: "load", target: .call(CallPlan(edge: 0, operation: 0)), arrivals: .open(.even, [.steady(rate)]))
        ]
        return plan
    }

    private func runDry(_ plan: Plan) -> World {
        var simulation = Simulation(plan: plan)
        simulation.schedule(TimedAction(at: .after(.seconds(5) + .milliseconds(1)), .stopLoad))
        simulation.run(until: .after(.minutes(2)))
        let world = simulation.world
        #expect(world.isIdle)
        for meter in world.operationMeters { #expect(meter.offered == meter.ended) }
        #expect(world.pool(ofService: 1).active == 0 && world.pool(ofService: 1).queued == 0)
        return world
    }

    @Test("by default a queue is worked off for callers that have long gone: goodput collapses")
    func collapse() throws {
        let world = runDry(try chain())
        #expect(world.pool(ofService: 1).totals.completed == 200)
        #expect(world.loadMeters[0].ok < 20)
    }

    @Test("every pool behind a time limit counts the calls that came back when nobody waited any more")
    func forNobody() throws {
        let semaphore = GuardPlan.semaphore(try Semaphore.Settings(permits: 50))
        let connections = GuardPlan.connections(
            ConnectionsPlan(try ConnectionPool.Settings(maximum: 50), connect: .constant(.zero)))
        let isolators = try isolator([try compartment(threads: 50)], rules: [])
        var system = SmallSystem(
            rate: 10, workers: 50, latency: .constant(.milliseconds(300)),
            guards: [try timeout(.milliseconds(100)), try bulkhead(50, queue: 0), semaphore, connections, isolators])
        for limit in [Duration.milliseconds(100), .milliseconds(500)] {
            system.plan.edges[0].guards[0] = try timeout(limit)
            let world = system.runDry(after: .seconds(2)).world
            let late = limit < .milliseconds(300) ? 20 : 0
            #expect(world.workForNobody(service: 0) == UInt64(late))
            #expect(world.bulkhead(edge: 0, stage: 1)?.totals.forNobody == late)
            #expect(world.semaphore(edge: 0, stage: 2)?.totals.forNobody == late)
            #expect(world.connections(edge: 0, stage: 3).map(\.totals.forNobody) == [late])
            let isolator = try #require(world.isolator(edge: 0, stage: 4))
            #expect(isolator.compartments[0].threads?.totals.forNobody == late)
            #expect(isolator.compartments[0].totals.succeeded == 20)
        }
    }

    @Test("a call is for nobody, too, whose attempt is still watched by a time limit within the one that has passed")
    func nested() throws {
        let guards = [
            try timeout(.milliseconds(100)), try retry(1), try timeout(.seconds(2)), try bulkhead(50, queue: 0),
        ]
        let system = SmallSystem(rate: 10, workers: 50, latency: .constant(.milliseconds(300)), guards: guards)
        let world = system.runDry(after: .seconds(2)).world
        #expect(world.workForNobody(service: 0) == 20)
        #expect(world.bulkhead(edge: 0, stage: 3)?.totals.forNobody == 20)
    }

    @Test("where cancellations are handed on, the queue holds only calls that somebody waits for")
    func cancelled() throws {
        for (cancels, longest) in [(true, 4), (false, 80)] {
            var simulation = Simulation(plan: try chain(cancels: cancels))
            simulation.run(until: .after(.seconds(4)))
            let queued = simulation.world.pool(ofService: 1).queued
            #expect(cancels ? queued <= longest : queued >= longest - 4)
        }
        let world = runDry(try chain(cancels: true))
        #expect(world.workForNobody(service: 1) == 0)
        #expect(world.operationMeters[1].count(.cancelled) == 200 - world.operationMeters[1].ok)
    }

    @Test("a cancelled call gives back whatever it held, wherever it was")
    func givesBack() throws {
        let guards = [try bulkhead(2, queue: 5), try retry(3), try breaker(10), try timeout(.milliseconds(80))]
        for rate in [15, 40, 200.0] {
            let world = runDry(try chain(cancels: true, rate: rate, guards: guards))
            #expect(world.bulkhead(edge: 1, stage: 0)?.active == 0)
            #expect(world.bulkhead(edge: 1, stage: 0)?.queued == 0)
            #expect(world.breaker(edge: 1, stage: 2)?.totals.inFlight == 0)
        }
    }

    @Test("a call whose deadline has passed is not made any more")
    func expired() throws {
        var plan = try chain(deadlines: true, rate: 5)
        plan.services[0].latency = .constant(.milliseconds(150))
        let world = runDry(plan)
        #expect(world.operationMeters[0].count(.timedOut) == 25)
        #expect(world.operationMeters[1].count(.deadlineExceeded) == 25)
        #expect(world.pool(ofService: 1).totals.submitted == 0)
    }

    @Test("an inner time limit ends no later than the deadline that was handed on")
    func inheritsDeadline() throws {
        var plan = try chain(deadlines: true, rate: 5, guards: [try timeout(.seconds(10))])
        plan.services[1].latency = .constant(.seconds(1))
        let world = runDry(plan)
        #expect(world.timeouts(edge: 1) == 25)
    }
}
