import Resilience
import Simulation
import Testing
import Timeline

@Suite("Breakers in the simulator")
struct BreakerRuleTests {
    private func system(_ plan: BreakerPlan, _ change: (inout Plan) -> Void = { _ in }) -> SmallSystem {
        var system = SmallSystem(rate: 100, workers: 50, guards: [.breaker(plan)])
        change(&system.plan)
        return system
    }

    private func fails(_ target: FaultPlan.Target, for length: Duration? = nil) -> TimedAction {
        TimedAction(at: .after(.seconds(1) + .microseconds(1)), .inject(FaultPlan(.error, on: target, for: length)))
    }

    @Test("what time alone brings about happens at its time, without a call")
    func byTimeAlone() throws {
        let settings = try CircuitBreaker.Settings(
            window: .calls(10), openTime: .seconds(3), probes: 2, halfOpenLimit: .seconds(2), automaticHalfOpen: true)
        let stop = TimedAction(at: .after(.seconds(2)), .stopLoad)
        func state(at second: Int64) -> CircuitBreaker.State? {
            system(BreakerPlan(settings)).run(for: .milliseconds(second * 1_000 + 500), [fails(.service(0)), stop])
                .world.breaker(edge: 0, stage: 0)?.state
        }
        #expect((state(at: 3), state(at: 4), state(at: 6)) == (.open, .halfOpen, .open))
    }

    @Test("a rule of one's own reads the counts of all calls let through")
    func ownRule() throws {
        var plan = BreakerPlan(try CircuitBreaker.Settings(window: .interval(.zero), tripRule: .callers))
        plan.ownRule = BreakerPlan.OwnRule(share: 0.6, calls: 3)
        // A hundred good calls have been let through: 60 % of all of them have failed when 150 more have.
        let world = system(plan).run(for: .seconds(10), [fails(.service(0))]).world
        let breaker = try #require(world.breaker(edge: 0, stage: 0))
        #expect(breaker.state == .open && breaker.trips == 1)
        #expect((145...155).contains(breaker.totals.failed))
    }

    @Test("one breaker for each operation lets the good ones pass")
    func perOperation() throws {
        let settings = try CircuitBreaker.Settings(window: .calls(10), openTime: .minutes(1))
        for scope in [BreakerPlan.Scope.edge, .operation] {
            let system = system(BreakerPlan(settings, scope: scope)) { plan in
                plan.operations.append(OperationPlan(name: "service.other", service: 0))
                plan.loads.append(plan.loads[0])
                plan.loads[1].name = "others"
                plan.loads[1].target = .call(CallPlan(edge: 0, operation: 1))
            }
            let world = system.runDry(after: .seconds(10), [fails(.operation(1))]).world
            let refused = world.operationMeters[0].count(.breakerOpen)
            #expect(scope == .edge ? refused > 800 : refused == 0)
            #expect(world.operationMeters[1].count(.breakerOpen) > 800)
        }
    }

    @Test("held open it refuses all, held shut it judges none, and metrics-only it counts and never opens")
    func held() throws {
        let settings = try CircuitBreaker.Settings(window: .calls(10))
        for hold in CircuitBreaker.Hold.allCases {
            let force = TimedAction(at: .after(.milliseconds(1)), .force(edge: 0, stage: 0, hold))
            let world = system(BreakerPlan(settings)).runDry(after: .seconds(5), [force, fails(.service(0))]).world
            let breaker = try #require(world.breaker(edge: 0, stage: 0))
            #expect(breaker.trips == 0)
            let refused = world.operationMeters[0].count(.breakerOpen)
            #expect(hold == .open ? refused > 490 : refused == 0)
            #expect((breaker.totals.failed > 390) == (hold != .open))
        }
    }

    @Test("what the caller's own guards refuse does not open a breaker outside them, nor do wrong requests")
    func localRefusals() throws {
        let plan = BreakerPlan(try CircuitBreaker.Settings(window: .calls(10)))
        var full = SmallSystem(
            rate: 200, workers: 50, latency: .constant(.seconds(1)),
            guards: [.breaker(plan), try bulkhead(1, queue: 0)])
        #expect(full.runDry(after: .seconds(5)).world.breaker(edge: 0, stage: 0)?.trips == 0)
        full = system(plan)
        full.plan.services[0].invalid = 1
        #expect(full.runDry(after: .seconds(5)).world.breaker(edge: 0, stage: 0)?.trips == 0)
    }
}
