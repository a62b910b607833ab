import Bulkheads
import Resilience
import Simulation
import Testing
import Timeline

@Suite("Retries and their budgets")
struct RetryBudgetTests {
    private func failing(_ guards: [GuardPlan], budget: RetryBudget.Kind?) throws -> World {
        var system = SmallSystem(rate: 200, workers: 100, guards: guards)
        system.plan.services[0].errors = 1
        system.plan.edges[0].retryBudget = try budget.map { try RetryBudget.Settings($0) }
        return system.runDry(after: .seconds(20)).world
    }

    @Test("without a budget a failing service is asked as often as there are attempts")
    func unbounded() throws {
        let world = try failing([try retry(4)], budget: nil)
        #expect(world.attempts(edge: 0) == 16_000)
    }

    @Test(
        "with a budget it is asked only a little more than without retries",
        arguments: [
            RetryBudget.Kind.window(share: 0.1, minPerSecond: 0), .throttle(maxTokens: 10, tokenRatio: 0.1),
            .inFlight(maxRate: 0.1, minConcurrency: 0), .quota(),
        ])
    func bounded(kind: RetryBudget.Kind) throws {
        let world = try failing([try retry(4)], budget: kind)
        // A permit is held through the back-off too, so a share of what is in flight is a somewhat larger one of calls.
        #expect((4_000...6_000).contains(world.attempts(edge: 0)))
        #expect(world.retryBudget(edge: 0)?.callsInFlight == 0)
        #expect(world.retryBudget(edge: 0)?.extrasInFlight == 0)
    }

    @Test("three layers of four attempts ask the last service 64 times")
    func layers() throws {
        var plan = Plan(name: "layers", seed: 1, duration: .seconds(10))
        plan.services = ["a", "b", "c"].map { name in
            var service = ServicePlan(name: name)
            service.workers = 1_000
            return service
        }
        plan.services[2].errors = 1
        plan.operations = ["a.work", "b.work", "c.work"].enumerated().map { OperationPlan(name: $1, service: $0) }
        plan.edges = [
            EdgePlan(name: "load -> a", source: .load(0), target: 0),
            EdgePlan(name: "a -> b", source: .service(0), target: 1),
            EdgePlan(name: "b -> c", source: .service(1), target: 2),
        ]
        for edge in 0..<3 {
            plan.edges[edge].guards = [try retry(4)]
            if edge < 2 { plan.operations[edge].calls = [CallPlan(edge: edge + 1, operation: edge + 1)] }
        }
        plan.loads = [
            LoadPlan(
                name: "load", target: .call(CallPlan(edge: 0, operation: 0)), arrivals: .burst(count: 10, at: .zero))
        ]
        var simulation = Simulation(plan: plan)
        simulation.run(until: .after(.seconds(10)))
        #expect(simulation.world.attempts(edge: 2) == 640)
    }

    @Test("what cannot be helped by another attempt is not tried again, nor what a guard of the caller's own refused")
    func notRetryable() throws {
        var system = SmallSystem(rate: 100, workers: 100, guards: [try retry(4)])
        system.plan.services[0].invalid = 1
        #expect(system.runDry(after: .seconds(1)).world.attempts(edge: 0) == 100)

        let refused = SmallSystem(
            rate: 100, workers: 100, latency: .constant(.seconds(1)), guards: [try retry(4), try bulkhead(1, queue: 0)]
        ).runDry(after: .seconds(1)).world
        #expect(refused.retryTotals(edge: 0, stage: 0)?.retries == 0)
        #expect(refused.retryTotals(edge: 0, stage: 0)?.notRetryable ?? 0 > 90)
    }

    @Test("a learned time limit follows the service")
    func learnedTimeout() throws {
        let rule = Timeout.Rule.percentile(
            try .init(percentile: 0.99, factor: 2, base: .seconds(1), minimum: .milliseconds(5), maximum: .seconds(2)))
        let system = SmallSystem(
            rate: 100, workers: 100, latency: .uniform(least: .milliseconds(8), most: .milliseconds(12)),
            guards: [.timeout(rule)])
        let slower = FaultPlan(.latency(add: .milliseconds(100), jitter: 0), on: .service(0))
        let simulation = system.run(for: .seconds(20), [TimedAction(at: .after(.seconds(10)), .inject(slower))])
        let early = system.run(for: .seconds(9)).world.timeout(edge: 0, stage: 0)?.currentLimit ?? .zero
        #expect(early > .milliseconds(20) && early < .milliseconds(26))
        let late = simulation.world.timeout(edge: 0, stage: 0)?.currentLimit ?? .zero
        #expect(late > .milliseconds(200))
        #expect(simulation.history.growth(.load(0, .failed), over: 15..<20) < 20)
    }
}
