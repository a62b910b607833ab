import Bulkheads
import Resilience
import Simulation
import Timeline

/// Calls over one edge with a bulkhead, a retry, a breaker and a time limit on every one of them.
enum GuardedCalls {
    static func measure(arrivals: Int, repeats: Int) throws -> [Result] {
        let plan = try plan()
        var (rates, perCall, perEvent): ([Double], [Double], [Double]) = ([], [], [])
        for _ in 0..<repeats {
            var simulation = Simulation(plan: plan)
            let seconds = secondsTaken {
                simulation.run(until: .after(Duration(seconds: Double(arrivals) / rate)))
            }
            let calls = Double(simulation.world.requestsArrived)
            rates.append(calls / seconds)
            perCall.append(seconds / calls * 1e9)
            perEvent.append(seconds / Double(simulation.world.eventsExecuted) * 1e9)
        }
        return [
            Result(name: "guarded calls", unit: "calls/s", samples: rates, goal: .bestAtLeast(1_000_000)),
            Result(name: "a guarded call", unit: "ns", samples: perCall),
            Result(name: "one of its events", unit: "ns", samples: perEvent),
        ]
    }

    /// Half of the workers are busy on average; one call in a thousand fails and is tried again.
    private static func plan() throws -> Plan {
        var plan = Plan(name: "guarded calls", seed: 7, duration: .minutes(60))
        var service = ServicePlan(name: "service")
        (service.workers, service.queue, service.errors) = (64, 256, 0.001)
        service.latency = .exponential(mean: .milliseconds(5))
        plan.services = [service]
        plan.operations = [OperationPlan(name: "service.work", service: 0)]
        var edge = EdgePlan(name: "load -> service", source: .load(0), target: 0)
        edge.isDeclared = true
        edge.network = .constant(.milliseconds(1))
        edge.guards = [
            .bulkhead(try ThreadPool.Settings(core: 128, queue: 128)),
            .retry(
                try RetryPolicy(
                    attempts: 3, backoff: .exponential(initial: .milliseconds(50), cap: .seconds(2)), jitter: .full)),
            .breaker(
                BreakerPlan(
                    try CircuitBreaker.Settings(window: .calls(100), failureRate: 0.5, openTime: .seconds(5)))),
            .timeout(.fixed(try TimeLimit(.milliseconds(500)))),
        ]
        plan.edges = [edge]
        plan.loads = [
            LoadPlan(
                name: "load", target: .call(CallPlan(edge: 0, operation: 0)),
                arrivals: .open(.poisson, [.steady(rate)]))
        ]
        return plan
    }

    private static let rate = 6_400.0
}
