import Resilience
import Simulation
import Timeline

/// The model of AWS's back-off simulator: clients that all begin at once read the version of a row and write it with
/// that version; whoever was overtaken backs off and reads again.
///
/// Each hop takes a normally distributed time of 10 ms, give or take 2 ms. What is counted is the writes, one for each
/// client at least, and the time until the last client is done. Source: Marc Brooker, *Exponential Backoff And
/// Jitter*, AWS Architecture Blog, 2015, and the simulator behind it, `aws-arch-backoff-simulator`.
struct BackoffContention: Sendable {
    let name: String
    let backoff: Backoff
    let jitter: Jitter
    /// Means of the original over 400 runs with 100 clients: the middle of those of four hundreds.
    let originalWrites: Double
    let originalSeconds: Double

    static let clients = 100

    // The simulator's base of 5 ms doubles from the first wait on, which is an initial delay of 10 ms; its decorrelated
    // jitter begins at the base itself.
    static let none = BackoffContention(
        name: "none", backoff: .constant(.zero), jitter: .none, originalWrites: 2_421, originalSeconds: 2.028)
    static let exponential = BackoffContention(
        name: "exponential", backoff: doubling, jitter: .none, originalWrites: 1_856.5, originalSeconds: 63.380)
    static let equal = BackoffContention(
        name: "equal jitter", backoff: doubling, jitter: .equal, originalWrites: 812.5, originalSeconds: 6.696)
    static let full = BackoffContention(
        name: "full jitter", backoff: doubling, jitter: .full, originalWrites: 795.5, originalSeconds: 4.894)
    static let decorrelated = BackoffContention(
        name: "decorrelated", backoff: .exponential(initial: .milliseconds(5), cap: .seconds(2)),
        jitter: .decorrelated, originalWrites: 998.5, originalSeconds: 4.554)

    private static let doubling = Backoff.exponential(initial: .milliseconds(10), cap: .seconds(2))

    /// Runs the model once.
    func outcome(seed: UInt64) throws -> (writes: Double, seconds: Double) {
        var simulation = Simulation(plan: try plan(seed: seed), options: Self.options)
        while !simulation.world.isIdle || simulation.world.requestsArrived == 0 {
            simulation.run(until: .distantFuture, atMost: 1, watching: [])
        }
        let world = simulation.world
        return (Double(world.operationMeters[Self.write].offered), world.now.sinceZero.seconds)
    }

    private static let write = 2

    /// Clients and a database that are never short of workers.
    private func plan(seed: UInt64) throws -> Plan {
        var plan = Plan(name: name, seed: seed, duration: .minutes(10))
        plan.services = ["client", "database"].map { ServicePlan(name: $0) }
        for index in plan.services.indices { plan.services[index].workers = 10 * Self.clients }
        plan.services[1].keepsRow = true
        plan.operations = [("client.update", 0), ("database.read", 1), ("database.write", 1)].map {
            OperationPlan(name: $0, service: $1)
        }
        plan.operations[1].row = .read
        plan.operations[Self.write].row = .write
        plan.operations[0].calls = [CallPlan(edge: 1, operation: 1), CallPlan(edge: 1, operation: Self.write)]
        plan.edges = [
            EdgePlan(name: "clients -> client", source: .load(0), target: 0),
            EdgePlan(name: "client -> database", source: .service(0), target: 1),
        ]
        let policy = try RetryPolicy(attempts: RetryPolicy.unlimited, backoff: backoff, jitter: jitter)
        plan.edges[0].guards = [.retry(policy)]
        plan.edges[1].network = .normal(mean: .milliseconds(10), deviation: .milliseconds(2))
        plan.loads = [
            LoadPlan(
                name: "clients", target: .call(CallPlan(edge: 0, operation: 0)),
                arrivals: .burst(count: Self.clients, at: .zero))
        ]
        return plan
    }

    /// Nothing but the figures.
    private static var options: Simulation.Options {
        var options = Simulation.Options()
        options.journalEntries = 0
        options.keyframeBytes = 0
        return options
    }
}
