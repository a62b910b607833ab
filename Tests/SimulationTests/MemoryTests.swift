import Bulkheads
import Simulation
import Testing
import Timeline

private let megabyte = 1_000_000

@Suite("Memory that calls hold")
struct MemoryTests {
    /// A front service with two ways to a back service; each call takes a second.
    private func system(
        memory: ServiceMemoryPlan? = nil, _ guards: MemoryPlan...
    ) -> Plan {
        var plan = Plan(name: "memory", seed: 3, duration: .seconds(10))
        plan.services = ["front", "back", "other"].map { ServicePlan(name: $0) }
        for index in plan.services.indices {
            (plan.services[index].workers, plan.services[index].queue) = (1_000, 1_000)
        }
        plan.services[0].memory = memory
        (plan.services[1].latency, plan.services[2].latency) = (.constant(.seconds(1)), .constant(.seconds(1)))
        plan.operations = ["front.a", "front.b", "back.x", "other.y"].enumerated().map {
            OperationPlan(name: $1, service: max(0, $0 - 1))
        }
        plan.operations[0].calls = [CallPlan(edge: 0, operation: 2)]
        plan.operations[1].calls = [CallPlan(edge: 1, operation: 3)]
        plan.edges = [
            EdgePlan(name: "front -> back", source: .service(0), target: 1),
            EdgePlan(name: "front -> other", source: .service(0), target: 2),
            EdgePlan(name: "a -> front", source: .load(0), target: 0),
            EdgePlan(name: "b -> front", source: .load(1), target: 0),
        ]
        for (edge, memory) in guards.enumerated() { plan.edges[edge].guards = [.memory(memory)] }
        plan.loads = ["a", "b"].enumerated().map { index, name in
            LoadPlan(
                name: name, target: .call(CallPlan(edge: 2 + index, operation: index)),
                arrivals: .open(.even, [.steady(10)]))
        }
        return plan
    }

    private func memory(
        _ limit: Int, evictable: Int = 0, horizon: Duration? = nil
    ) throws -> ServiceMemoryPlan {
        ServiceMemoryPlan(
            limit: limit, evictable: evictable,
            monitor: try MemoryMonitor.Settings(window: .seconds(10), horizon: horizon))
    }

    private func run(_ plan: Plan, for length: Duration, _ actions: [TimedAction] = []) -> Simulation {
        var simulation = Simulation(plan: plan)
        for action in actions { simulation.schedule(action) }
        simulation.run(until: .after(length))
        return simulation
    }

    @Test("each call holds its bytes, and the guard's own limit refuses what is too much")
    func ownLimit() throws {
        let plan = system(MemoryPlan(limit: 5 * megabyte, size: megabyte))
        let simulation = run(plan, for: .milliseconds(950))
        let memory = try #require(simulation.world.memory(edge: 0, stage: 0))
        #expect(memory.pool.usage(of: .child(0))?.used == 5 * megabyte)
        #expect(simulation.world.operationMeters[2].count(.outOfMemory) == 4)
        let refused = try #require(simulation.journal.latest(1) { $0.what == .rejected }.first)
        #expect(refused.why == .noMemory(wanted: 6e6, of: 5e6, isOwnLimit: true))
        #expect(refused.text(plan) == "front -> back memory: rejected, own limit: 6 MB wanted of 5 MB")
        #expect(simulation.world.memory(ofService: 0) == nil)
    }

    @Test("overhead counts against the limit")
    func overhead() throws {
        let plan = system(MemoryPlan(limit: 5 * megabyte, size: megabyte, overhead: 2))
        let simulation = run(plan, for: .milliseconds(950))
        #expect(simulation.world.memory(edge: 0, stage: 0)?.pool.usage(of: .child(0))?.used == 4 * megabyte)
    }

    @Test("guards share the memory of the service that calls, whose limit refuses too")
    func parent() throws {
        let each = MemoryPlan(limit: 8 * megabyte, size: megabyte)
        let plan = system(memory: try memory(10 * megabyte), each, each)
        let simulation = run(plan, for: .milliseconds(950))
        let pool = try #require(simulation.world.memory(ofService: 0))
        #expect(pool.used(by: .pool) == 10 * megabyte && pool.totals.refusedAbove == 8 && pool.totals.refusedHere == 0)
        let refused = try #require(simulation.journal.latest(1) { $0.what == .rejected }.first)
        #expect(refused.why == .noMemory(wanted: 1.1e7, of: 1e7, isOwnLimit: false))
        let dry = run(plan, for: .seconds(20), [TimedAction(at: .after(.seconds(2)), .stopLoad)])
        #expect(dry.world.memory(ofService: 0)?.used(by: .pool) == 0 && dry.world.isIdle)
    }

    @Test("what may be evicted gives way to calls, each part with an entry")
    func evictable() throws {
        let plan = system(
            memory: try memory(20 * megabyte, evictable: 16 * megabyte),
            MemoryPlan(limit: MemoryPool.Settings.unlimited, size: megabyte))
        let simulation = run(plan, for: .milliseconds(950))
        let evicted = simulation.journal.latest(100) { $0.what == .evicted }
        #expect(evicted.count == 5 && evicted.allSatisfy { $0.why == .bytes(1e6) && $0.place == .service(0) })
        #expect(simulation.world.operationMeters[2].count(.outOfMemory) == 0)
        #expect(simulation.world.memory(ofService: 0)?.totals.evicted == 5)
    }

    @Test("allocation growth takes more and more, stops at the limit, and gives all back when it is healed")
    func allocation() throws {
        var plan = system(
            memory: try memory(100 * megabyte, horizon: .seconds(10)),
            MemoryPlan(limit: MemoryPool.Settings.unlimited, size: megabyte))
        plan.loads[0].arrivals = .open(.poisson, [.steady(10)])
        let growth = FaultPlan(.allocate(perSecond: 20 * megabyte), on: .memory(service: 0), for: .seconds(20))
        var simulation = run(plan, for: .seconds(3), [TimedAction(at: .after(.milliseconds(500)), .inject(growth))])
        #expect((50...70).contains((simulation.world.memory(ofService: 0)?.used(by: .pool) ?? 0) / megabyte))
        simulation.run(until: .after(.seconds(20)))
        #expect(simulation.world.memory(ofService: 0)?.used(by: .pool) ?? 0 > 98 * megabyte)
        #expect(simulation.world.operationMeters[2].count(.outOfMemory) > 20)
        let refused = try #require(simulation.journal.latest(1) { $0.what == .rejected }.first)
        #expect(simulation.chain(from: refused.id).map(\.what) == [.rejected, .faultInjected])
        simulation.run(until: .after(.seconds(25)))
        #expect(simulation.world.memory(ofService: 0)?.used(by: .pool) ?? 0 <= 20 * megabyte)
        let alerts = simulation.journal.latest(100) { $0.what == .alerted }.reversed()
        let pressures = alerts.compactMap { if case .memory(_, _, let pressure) = $0.why { pressure } else { nil } }
        #expect(pressures == [.warning, .critical, .normal])
        #expect(alerts.contains { if case .filling = $0.why { true } else { false } })
        #expect(alerts.last.map { simulation.chain(from: $0.id).last?.what } == .faultInjected)
        #expect(simulation.world.faultLog[0].hits > 45)
    }

    @Test("a crash of the service frees what a fault has taken of its memory")
    func crash() throws {
        let plan = system(memory: try memory(1_000 * megabyte), MemoryPlan(limit: 9 * megabyte, size: 1))
        var simulation = run(plan, for: .milliseconds(500))
        simulation.perform(.inject(FaultPlan(.allocate(perSecond: megabyte), on: .memory(service: 0))))
        simulation.run(until: .after(.milliseconds(5_500)))
        #expect(simulation.world.memory(ofService: 0)?.used(by: .pool) ?? 0 >= 4 * megabyte)
        simulation.perform(.inject(FaultPlan(.crash, on: .service(0), for: .seconds(2))))
        #expect(simulation.world.memory(ofService: 0)?.used(by: .pool) ?? .max < 100)
        simulation.run(until: .after(.milliseconds(9_500)))
        #expect((1...4).contains((simulation.world.memory(ofService: 0)?.used(by: .pool) ?? 0) / megabyte))
    }

    @Test("a smaller limit evicts what it can, and refuses until enough has come back")
    func liveChange() throws {
        var plan = system(
            memory: try memory(100 * megabyte, evictable: 16 * megabyte),
            MemoryPlan(limit: MemoryPool.Settings.unlimited, size: megabyte))
        var simulation = run(plan, for: .seconds(3))
        plan.services[0].memory = try memory(5 * megabyte, evictable: 16 * megabyte)
        simulation.perform(.change(plan))
        #expect(simulation.world.memory(ofService: 0)?.totals.evicted == 16)
        simulation.run(until: .after(.seconds(6)))
        #expect(simulation.world.memory(ofService: 0)?.used(by: .pool) ?? .max <= 5 * megabyte)
        #expect(simulation.world.operationMeters[2].count(.outOfMemory) > 10)
    }
}
