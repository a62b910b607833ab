import Bulkheads
import Resilience
import Simulation
import Timeline

/// Two loads of different tenants and priorities that go through one front service to one of two operations of
/// another, over an edge with these guards. There is always a worker for them.
struct IsolatedSystem {
    var plan = Plan(name: "isolated", seed: 11, duration: .seconds(5))

    /// The first load asks for the slow operation, 1 s, for the tenant `gold`; the second for the fast one, 5 ms.
    init(guards: [GuardPlan], rates: (slow: Double, fast: Double) = (20, 200)) throws {
        plan.services = ["front", "back"].map { ServicePlan(name: $0) }
        for service in plan.services.indices { plan.services[service].workers = 10_000 }
        plan.operations =
            [("front.slow", 0), ("front.fast", 0), ("back.slow", 1), ("back.fast", 1)].map {
                OperationPlan(name: $0.0, service: $0.1)
            }
        for operation in 0..<2 { plan.operations[operation].calls = [CallPlan(edge: 2, operation: operation + 2)] }
        plan.operations[2].latency = .constant(.seconds(1))
        plan.operations[3].latency = .constant(.milliseconds(5))
        plan.edges = [
            EdgePlan(name: "slow -> front", source: .load(0), target: 0),
            EdgePlan(name: "fast -> front", source: .load(1), target: 0),
            EdgePlan(name: "front -> back", source: .service(0), target: 1),
        ]
        plan.edges[2].guards = guards
        plan.tenants += ["gold", "bronze"]
        plan.loads = [("slow", 0, rates.slow), ("fast", 1, rates.fast)].map { name, operation, rate in
            var load = LoadPlan(
                name: name, target: .call(CallPlan(edge: operation, operation: operation)),
                arrivals: .open(.poisson, [.steady(rate)]))
            load.tenant = operation + 1
            load.priority = operation == 0 ? .low : .high
            return load
        }
    }

    /// The system after its load and all that it led to.
    func runDry() -> Simulation {
        var simulation = Simulation(plan: plan)
        simulation.schedule(TimedAction(at: .after(plan.duration), .stopLoad))
        simulation.run(until: .after(plan.duration + .minutes(1)))
        return simulation
    }
}
