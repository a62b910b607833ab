import Resilience
import Simulation
import Testing
import Timeline

/// The model of AWS's back-off simulator: clients that read a row and write it if nobody else has.
@Suite("A versioned row")
struct RowTests {
    static func contention(clients: Int, seed: UInt64 = 1, _ backoff: Backoff, _ jitter: Jitter) throws -> Plan {
        var plan = Plan(name: "contention", seed: seed, duration: .minutes(5))
        plan.services = ["client", "db"].map { ServicePlan(name: $0) }
        for index in plan.services.indices { plan.services[index].workers = 1_000 }
        plan.services[1].keepsRow = true
        plan.operations = [("client.update", 0), ("db.read", 1), ("db.write", 1)].map {
            OperationPlan(name: $0, service: $1)
        }
        plan.operations[1].row = .read
        plan.operations[2].row = .write
        plan.operations[0].calls = [CallPlan(edge: 1, operation: 1), CallPlan(edge: 1, operation: 2)]
        plan.edges = [
            EdgePlan(name: "clients -> client", source: .load(0), target: 0),
            EdgePlan(name: "client -> db", source: .service(0), target: 1),
        ]
        plan.edges[0].guards = [.retry(try RetryPolicy(attempts: 1_000, backoff: backoff, jitter: jitter))]
        plan.edges[1].network = .normal(mean: .milliseconds(10), deviation: .milliseconds(2))
        plan.loads = [
            LoadPlan(
                name: "clients", target: .call(CallPlan(edge: 0, operation: 0)),
                arrivals: .burst(count: clients, at: .zero))
        ]
        return plan
    }

    /// Writings, and when the last client was done, of one run.
    static func outcome(of plan: Plan) -> (writes: Double, seconds: Double) {
        var simulation = Simulation(plan: plan)
        while !simulation.world.isIdle || simulation.world.requestsArrived == 0 {
            simulation.run(until: .distantFuture, atMost: 1, watching: [])
        }
        let world = simulation.world
        return (Double(world.operationMeters[2].offered), world.now.sinceZero.seconds)
    }

    @Test("every client writes once, and every other writing was a conflict")
    func everyWriteCounts() throws {
        var simulation = Simulation(plan: try Self.contention(clients: 50, .constant(.zero), .none))
        simulation.run(until: .after(.minutes(1)))
        let world = simulation.world
        #expect(world.loadMeters[0].ok == 50)
        #expect(world.operationMeters[2].ok == 50)
        #expect(world.conflicts(service: 1) == world.operationMeters[2].count(.conflict))
        #expect(world.conflicts(service: 1) > 300)
    }

    @Test("a writing that has read nothing is a conflict")
    func unread() {
        var system = SmallSystem(rate: 10, workers: 5)
        system.plan.services[0].keepsRow = true
        system.plan.operations[0].row = .write
        #expect(system.runDry(after: .seconds(1)).work.count(.conflict) == 10)
    }

    @Test("jitter does less than half of the work, and plain exponential back-off takes longest, as AWS published")
    func ranking() throws {
        let exponential = Backoff.exponential(initial: .milliseconds(10), cap: .seconds(2))
        let policies: [(Backoff, Jitter)] = [
            (.constant(.zero), .none), (exponential, .none), (exponential, .equal), (exponential, .full),
            (.exponential(initial: .milliseconds(5), cap: .seconds(2)), .decorrelated),
        ]
        let results = try policies.map { backoff, jitter in
            try (1...6).map { Self.outcome(of: try Self.contention(clients: 60, seed: $0, backoff, jitter)) }
        }
        let writes = results.map { $0.reduce(0) { $0 + $1.writes } / 6 }
        let seconds = results.map { $0.reduce(0) { $0 + $1.seconds } / 6 }
        let (none, plain, equal, full, decorrelated) = (0, 1, 2, 3, 4)
        #expect(writes[full] < writes[equal] * 1.05 && writes[equal] < writes[decorrelated])
        #expect(writes[decorrelated] < writes[plain] && writes[plain] < writes[none])
        #expect(writes[full] * 2 < writes[none])
        #expect(seconds[none] < seconds[decorrelated] && seconds[decorrelated] < seconds[full] * 1.1)
        #expect(seconds[full] < seconds[equal] && seconds[equal] * 4 < seconds[plain])
    }
}
