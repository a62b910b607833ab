import Bulkheads
import Resilience
import Simulation
import Timeline

/// One service behind one edge, for tests of a single rule.
struct SmallSystem {
    var plan = Plan(name: "small", seed: 7, duration: .seconds(10))

    /// A load that calls `service.work` over an edge with these guards.
    init(
        rate: Double = 100, workers: Int = 1, queue: Int = 0, latency: Distribution = .constant(.milliseconds(1)),
        network: Distribution = .constant(.zero), guards: [GuardPlan] = [], books: Int? = nil
    ) {
        var service = ServicePlan(name: "service")
        (service.workers, service.queue, service.latency) = (workers, queue, latency)
        plan.services = [service]
        var work = OperationPlan(name: "service.work", service: 0)
        work.books = books
        plan.operations = [work]
        var edge = EdgePlan(name: "callers -> service", source: .load(0), target: 0)
        (edge.network, edge.guards) = (network, guards)
        plan.edges = [edge]
        plan.loads = [
            LoadPlan(
                name: "callers", target: .call(CallPlan(edge: 0, operation: 0)),
                arrivals: .open(.even, [.steady(rate)]))
        ]
    }

    /// The system after so long.
    func run(for length: Duration, _ actions: [TimedAction] = []) -> Simulation {
        var simulation = Simulation(plan: plan)
        for action in actions { simulation.schedule(action) }
        simulation.run(until: .after(length))
        return simulation
    }

    /// The system with its load stopped just after so long, and the rest given time to end.
    func runDry(after length: Duration, _ actions: [TimedAction] = []) -> Simulation {
        run(for: length + .minutes(2), actions + [TimedAction(at: .after(length + .milliseconds(1)), .stopLoad)])
    }
}

extension Simulation {
    /// What was counted of the only operation.
    var work: Meter { world.operationMeters[0] }
}

func retry(_ attempts: Int, every delay: Duration = .milliseconds(10)) throws -> GuardPlan {
    .retry(try RetryPolicy(attempts: attempts, backoff: .constant(delay), jitter: .none))
}

func timeout(_ limit: Duration) throws -> GuardPlan {
    .timeout(.fixed(try TimeLimit(limit)))
}

func bulkhead(_ threads: Int, queue: Int) throws -> GuardPlan {
    .bulkhead(try ThreadPool.Settings(core: threads, queue: queue))
}

func breaker(_ calls: Int, open: Duration = .seconds(5), probes: Int = 1) throws -> GuardPlan {
    .breaker(
        BreakerPlan(
            try CircuitBreaker.Settings(window: .calls(calls), failureRate: 0.5, openTime: open, probes: probes)))
}
