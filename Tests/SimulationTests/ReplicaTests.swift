import Bulkheads
import Simulation
import Testing
import Timeline

@Suite("Services with several replicas")
struct ReplicaTests {
    private func system(replicas: Int) -> SmallSystem {
        var system = SmallSystem(rate: 300, workers: 2, queue: 10, latency: .constant(.milliseconds(5)))
        system.plan.services[0].replicas = replicas
        return system
    }

    @Test("calls go to one replica after the other")
    func roundRobin() {
        let world = system(replicas: 3).runDry(after: .seconds(3)).world
        let shares = (0..<3).map { world.pool(ofService: 0, replica: $0).totals.completed }
        #expect(shares == [300, 300, 300])
    }

    @Test("a fault on one replica leaves the others alone")
    func faultOnOne() {
        let crash = FaultPlan(.crash, on: .replica(service: 0, 1), for: .seconds(1))
        let simulation = system(replicas: 3)
            .runDry(after: .seconds(3), [TimedAction(at: .after(.seconds(1)), .inject(crash))])
        let world = simulation.world
        #expect((95...105).contains(world.operationMeters[0].failed))
        #expect(world.operationMeters[0].ok == 900 - world.operationMeters[0].failed)
        #expect(!world.isDown(service: 0, replica: 1))
    }

    @Test("a fault on a service is one on all of its replicas")
    func faultOnAll() {
        let faults = [FaultPlan(.capacity(lose: 0.5), on: .service(0)), FaultPlan(.crash, on: .service(0))]
        let world = system(replicas: 3)
            .run(for: .seconds(3), faults.map { TimedAction(at: .after(.seconds(1)), .inject($0)) }).world
        #expect((0..<3).allSatisfy { world.pool(ofService: 0, replica: $0).settings.maximum == 1 })
        #expect(world.isDown(service: 0))
    }
}
