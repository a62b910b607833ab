import Bulkheads
import Caching
import Simulation
import Testing
import Timeline

@Suite("Faults")
struct FaultTests {
    private func at(_ time: Duration, _ fault: FaultPlan) -> TimedAction {
        TimedAction(at: .after(time), .inject(fault))
    }

    @Test("latency is added to the work while the fault lasts")
    func latency() {
        let fault = FaultPlan(.latency(add: .milliseconds(50), jitter: 0), on: .service(0), for: .seconds(1))
        let simulation = SmallSystem(rate: 10, workers: 5).runDry(after: .seconds(2), [at(.milliseconds(50), fault)])
        #expect(simulation.work.totalTime == .milliseconds(20 + 10 * 50))
        #expect(simulation.world.faultLog[0].hits == 10)
        #expect(simulation.world.faultLog[0].healedAt == .after(.milliseconds(1_050)))
    }

    @Test("a probability hits about that share of the calls")
    func probability() {
        let fault = FaultPlan(.error, on: .service(0), probability: 0.3)
        let simulation = SmallSystem(rate: 1_000, workers: 5).runDry(after: .seconds(5), [at(.zero, fault)])
        #expect((1_400...1_600).contains(simulation.work.count(.error)))
        #expect(simulation.world.faultLog[0].hits == simulation.work.count(.error))
    }

    @Test("what hangs goes on when the fault is healed")
    func hang() {
        let simulation = SmallSystem(rate: 10, workers: 50).runDry(
            after: .seconds(1),
            [
                at(.milliseconds(50), FaultPlan(.hang, on: .service(0))),
                TimedAction(at: .after(.seconds(3)), .heal(.number(1))),
            ])
        #expect(simulation.work.ok == 10 && simulation.world.isIdle)
        #expect(simulation.work.totalTime > .seconds(20))
    }

    @Test("a crash loses what the service had, refuses what comes, and ends with the restart")
    func crash() {
        let simulation = SmallSystem(rate: 10, workers: 1, queue: 9, latency: .constant(.milliseconds(250)))
            .runDry(
                after: .seconds(4),
                [at(.seconds(1) + .milliseconds(10), FaultPlan(.crash, on: .service(0), for: .seconds(1)))])
        #expect(simulation.work.count(.connectionLost) == 7)
        #expect(simulation.work.count(.refused) == 10)
        #expect(!simulation.world.isDown(service: 0) && simulation.world.isIdle)
        #expect(simulation.world.pool(ofService: 0).active == 0 && simulation.world.pool(ofService: 0).queued == 0)
    }

    @Test("lost capacity comes back")
    func capacity() {
        let fault = FaultPlan(.capacity(lose: 0.75), on: .service(0), for: .seconds(2))
        let system = SmallSystem(rate: 100, workers: 8, queue: 1_000, latency: .constant(.milliseconds(50)))
        #expect(system.run(for: .seconds(2), [at(.seconds(1), fault)]).world.pool(ofService: 0).active == 2)
        let after = system.run(for: .seconds(6), [at(.seconds(1), fault)])
        #expect(after.world.pool(ofService: 0).settings.maximum == 8 && after.world.pool(ofService: 0).queued == 0)
    }

    @Test("a flushed cache is empty, and fills again")
    func flush() throws {
        var simulation = Simulation(plan: try Shop().plan)
        simulation.run(until: .after(.seconds(2)))
        let before = try #require(simulation.world.cache(ofService: 1)?.entries(inLevel: 0))
        simulation.perform(.inject(FaultPlan(.flush, on: .cache(service: 1, level: 1))))
        #expect(before > 100 && simulation.world.cache(ofService: 1)?.entries(inLevel: 0) == 0)
        #expect(simulation.world.cache(ofService: 1)?.entries(inLevel: 1) ?? 0 > 100)
        #expect(simulation.world.faultLog.first?.isActive == false)
        simulation.run(until: .after(.seconds(3)))
        #expect(simulation.world.cache(ofService: 1)?.entries(inLevel: 0) ?? 0 > 50)
    }

    @Test("a fault on the network of an edge slows, cuts or holds its messages")
    func network() {
        func run(_ kind: FaultPlan.Kind) -> Simulation {
            SmallSystem(rate: 10, workers: 20, network: .constant(.milliseconds(1)))
                .runDry(after: .seconds(1), [at(.zero, FaultPlan(kind, on: .edge(0), for: .seconds(3)))])
        }
        #expect(run(.latency(add: .milliseconds(20), jitter: 0)).work.totalTime == .milliseconds(10 * 23))
        #expect(run(.error).work.count(.connectionLost) == 10)
        let held = run(.hang)
        #expect(held.work.ok == 10 && held.work.totalTime > .seconds(20) && held.world.isIdle)
    }

    @Test("as many workers as a fault says are stuck with a call, and go on when it is healed")
    func stuck() {
        var system = SmallSystem(rate: 100, workers: 4, queue: 1_000, latency: .constant(.milliseconds(5)))
        system.plan.services[0].replicas = 2
        let fault = FaultPlan(.stuck(workers: 3), on: .service(0), for: .seconds(5))
        var simulation = system.run(for: .seconds(4), [at(.seconds(1), fault)])
        #expect((0..<2).map { simulation.world.stuckWorkers(service: 0, replica: $0) } == [3, 3])
        #expect((392...394).contains(simulation.work.ok) && simulation.world.faultLog[0].hits == 6)
        simulation.run(until: .after(.seconds(7)))
        #expect(simulation.world.stuckWorkers(service: 0) == 0 && simulation.work.failed == 0)
        #expect(simulation.work.ok >= 699)
    }

    @Test("of two faults that hold workers, healing one leaves those of the other")
    func stuckTwice() {
        let system = SmallSystem(rate: 100, workers: 9, queue: 1_000)
        let faults = [2, 3].map { at(.seconds(1), FaultPlan(.stuck(workers: $0), on: .service(0))) }
        var simulation = system.run(for: .seconds(2), faults)
        #expect(simulation.world.stuckWorkers(service: 0) == 5)
        simulation.perform(.heal(.number(1)))
        #expect(simulation.world.stuckWorkers(service: 0) == 3)
        simulation.run(until: .after(.seconds(3)))
        #expect(simulation.world.stuckWorkers(service: 0) == 3)
        simulation.perform(.heal(.all))
        simulation.perform(.stopLoad)
        simulation.run(until: .after(.seconds(4)))
        #expect(simulation.world.isIdle && simulation.work.failed == 0)
    }

    @Test("a crash ends what is stuck, and another hang leaves it alone")
    func stuckAndCrashed() {
        let system = SmallSystem(rate: 100, workers: 4, queue: 100)
        let simulation = system.runDry(
            after: .seconds(4),
            [
                at(.seconds(1), FaultPlan(.stuck(workers: 2), on: .service(0), for: .milliseconds(2_500))),
                at(.milliseconds(1_500), FaultPlan(.hang, on: .operation(0), for: .milliseconds(1))),
                at(.seconds(2), FaultPlan(.crash, on: .service(0), for: .milliseconds(500))),
            ])
        #expect(simulation.work.count(.connectionLost) == 2)
        #expect(simulation.world.faultLog[0].hits == 4)
        #expect(simulation.world.isIdle && simulation.world.pool(ofService: 0).active == 0)
    }

    @Test("two faults of one kind add up, and healing one leaves the other")
    func overlapping() {
        let slow = FaultPlan(.latency(add: .milliseconds(50), jitter: 0), on: .service(0))
        let simulation = SmallSystem(rate: 1, workers: 9).runDry(
            after: .seconds(2),
            [
                at(.zero, slow), at(.milliseconds(1), slow),
                TimedAction(at: .after(.milliseconds(1_500)), .heal(.number(1))),
            ])
        #expect(simulation.work.totalTime == .milliseconds(101 + 51))
    }

    @Test("to heal a service is to heal its operations and its cache too, and nothing else")
    func healService() throws {
        var simulation = Simulation(plan: try Shop().plan)
        let error = FaultPlan.Kind.error
        for target in [FaultPlan.Target.operation(Shop.charge), .service(Shop.payment), .edge(Shop.paymentEdge)] {
            simulation.perform(.inject(FaultPlan(error, on: target)))
        }
        simulation.perform(.inject(FaultPlan(error, on: .service(0))))
        #expect(simulation.world.faultsInForce(.target(.operation(Shop.charge))) == [0])
        #expect(simulation.world.faultsInForce(.target(.service(Shop.payment))) == [0, 1])
        simulation.perform(.heal(.target(.service(Shop.payment))))
        #expect(simulation.world.faultsInForce(.all) == [2, 3])
    }
}
