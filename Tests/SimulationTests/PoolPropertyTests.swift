import Bulkheads
import Resilience
import Simulation
import Testing
import Timeline

/// A front service that calls a back one, with guards, faults and changes drawn at random.
private struct RandomPools {
    var random: RandomStream
    var plan = Plan(name: "pools", seed: 1, duration: .seconds(20))
    var actions: [TimedAction] = []
    static let size = 1_000
    static let length = 10

    init(seed: UInt64) throws {
        random = RandomStream(seed: seed, name: "pools", purpose: "test")
        plan.seed = seed
        try addServices()
        try addEdges()
        for _ in 0..<8 { try addAction() }
        actions.append(TimedAction(at: .after(.seconds(Int64(Self.length))), .stopLoad))
        actions.append(TimedAction(at: .after(.seconds(Int64(Self.length))), .heal(.all)))
    }

    private mutating func draw(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(random.below(UInt64(range.count)))
    }

    private mutating func milliseconds(_ range: ClosedRange<Int>) -> Duration { .milliseconds(Int64(draw(range))) }

    private mutating func addServices() throws {
        plan.services = ["front", "back"].map { ServicePlan(name: $0) }
        for index in plan.services.indices {
            (plan.services[index].workers, plan.services[index].queue) = (draw(2...60), draw(0...100))
            plan.services[index].replicas = draw(1...2)
        }
        plan.services[1].latency = .exponential(mean: milliseconds(5...60))
        plan.services[1].errors = 0.02
        if random.chance(0.7) {
            plan.services[0].memory = ServiceMemoryPlan(
                limit: draw(10...200) * Self.size, evictable: draw(0...10) * Self.size,
                monitor: try MemoryMonitor.Settings(window: .seconds(5), horizon: .seconds(5)))
        }
        plan.operations = ["front.ask", "back.answer"].enumerated().map { OperationPlan(name: $1, service: $0) }
        plan.operations[0].calls = [CallPlan(edge: 1, operation: 1), CallPlan(edge: 1, operation: 1)]
    }

    private mutating func addEdges() throws {
        plan.edges = [
            EdgePlan(name: "load -> front", source: .load(0), target: 0),
            EdgePlan(name: "front -> back", source: .service(0), target: 1),
        ]
        plan.edges[0].guards = [try timeout(milliseconds(50...2_000))]
        plan.edges[1].network = .constant(milliseconds(0...5))
        for index in plan.edges.indices {
            plan.edges[index].passesCancellation = random.chance(0.6)
            plan.edges[index].passesDeadline = random.chance(0.5)
        }
        var guards: [GuardPlan] = []
        if random.chance(0.4) { guards.append(try retry(draw(2...3))) }
        if random.chance(0.4) {
            guards.append(
                .hedge(try HedgePlan(try HedgePolicy(delay: .fixed(milliseconds(0...30)), maxHedges: draw(1...2)))))
        }
        guards.append(.connections(try connections()))
        guards.append(.memory(MemoryPlan(limit: draw(5...100) * Self.size, size: Self.size)))
        if random.chance(0.5) { guards.append(try timeout(milliseconds(10...200))) }
        plan.edges[1].guards = guards
        plan.loads = [
            LoadPlan(
                name: "load", target: .call(CallPlan(edge: 0, operation: 0)),
                arrivals: .open(.poisson, [.steady(Double(draw(20...150)))]))
        ]
    }

    private mutating func connections() throws -> ConnectionsPlan {
        let most = draw(1...20)
        return ConnectionsPlan(
            try ConnectionPool.Settings(
                maximum: most, minimumIdle: draw(0...most), connectionTimeout: milliseconds(0...2_000),
                waiters: draw(1...200), idleTimeout: milliseconds(100...5_000),
                maxLifetime: milliseconds(2_000...20_000), keepalive: random.chance(0.5) ? .milliseconds(1_500) : nil,
                housekeeping: milliseconds(100...3_000), validateAfter: milliseconds(0...500),
                leakThreshold: milliseconds(200...2_000),
                reclaimAfter: random.chance(0.5) ? milliseconds(100...4_000) : nil),
            connect: .exponential(mean: milliseconds(1...60)), ping: .exponential(mean: .milliseconds(1)),
            pools: plan.edges[1].guards.isEmpty ? draw(1...3) : pools)
    }

    /// How many pools the guard has: that is fixed.
    private var pools: Int {
        for case .connections(let plan) in plan.edges[1].guards { return plan.pools }
        return 1
    }

    private mutating func addAction() throws {
        let moment = Instant.after(milliseconds(500...(Self.length * 1_000 - 500)))
        let kinds: [(FaultPlan.Kind, FaultPlan.Target)] = [
            (.crash, .service(1)), (.crash, .replica(service: 1, 0)), (.crash, .service(0)),
            (.leak, .connections(edge: 1)), (.leak, .connections(edge: 1)), (.error, .edge(1)), (.hang, .edge(1)),
            (.allocate(perSecond: 7 * Self.size), .memory(service: 0)),
            (.latency(add: milliseconds(10...500), jitter: 0.5), .service(1)),
        ]
        let choice = draw(0...11)
        if choice < kinds.count {
            let (kind, target) = kinds[choice]
            let fault = FaultPlan(
                kind, on: target, probability: kind == .crash ? 1 : 0.2, for: milliseconds(200...4_000))
            actions.append(TimedAction(at: moment, .inject(fault)))
        } else {
            var changed = plan
            changed.edges[1].guards = try changed.edges[1].guards.map { each in
                if case .connections = each { return .connections(try connections()) }
                return each
            }
            changed.services[0].memory?.limit = draw(10...200) * Self.size
            actions.append(TimedAction(at: moment, .change(changed)))
        }
    }

    var stage: Int { plan.edges[1].guards.firstIndex { $0.name == "connections" } ?? 0 }
}

@Suite("Connections and memory under random faults")
struct PoolPropertyTests {
    private func check(_ pools: [ConnectionPool], _ comment: String) {
        for pool in pools {
            let (now, totals) = (pool.occupancy, pool.totals)
            #expect(now.active + now.idle + now.creating + now.validating == now.total, "\(comment)")
            #expect(
                totals.requested == totals.granted + totals.timedOut + totals.withdrawn + totals.rejected + now.waiting,
                "\(comment)")
            #expect(totals.created == totals.closed.total + now.active + now.idle + now.validating, "\(comment)")
        }
    }

    private func check(_ memory: (pool: MemoryPool, child: Int)?, _ comment: String) throws {
        let memory = try #require(memory)
        let usage = try #require(memory.pool.usage(of: .child(memory.child)))
        #expect(usage.bytes == usage.reservations * RandomPools.size, "\(comment)")
    }

    private func run(seed: UInt64) throws -> Simulation {
        let system = try RandomPools(seed: seed)
        var simulation = Simulation(plan: system.plan)
        for action in system.actions.sorted(by: { $0.time < $1.time }) { simulation.schedule(action) }
        let stage = system.stage
        for second in 1...(RandomPools.length + 15) {
            simulation.run(until: .after(.seconds(Int64(second))))
            let comment = "seed \(seed) at \(second) s"
            let world = simulation.world
            check(world.connections(edge: 1, stage: stage), comment)
            try check(world.memory(edge: 1, stage: stage + 1), comment)
        }
        return simulation
    }

    @Test(
        "the counts always add up, and nothing but leaks is left when the run is dry",
        arguments: 1...30 as ClosedRange<UInt64>)
    func conservation(seed: UInt64) throws {
        let simulation = try run(seed: seed)
        let world = simulation.world
        let stage = try RandomPools(seed: seed).stage
        #expect(world.isIdle)
        let active = world.connections(edge: 1, stage: stage).reduce(0) { $0 + $1.active }
        #expect(active == world.leakedConnections(edge: 1, stage: stage))
        #expect(world.connections(edge: 1, stage: stage).allSatisfy { $0.waiting == 0 })
        let memory = try #require(world.memory(edge: 1, stage: stage + 1))
        #expect(memory.pool.usage(of: .child(memory.child))?.reservations == 0)
        let usage = memory.pool.usage(of: .pool)
        #expect(usage?.used == usage?.evictable)
        for meter in world.operationMeters { #expect(meter.offered == meter.ended) }
    }

    @Test("twice the same run is the same")
    func determinism() throws {
        for seed in 1...3 as ClosedRange<UInt64> {
            let (first, second) = (try run(seed: seed).world, try run(seed: seed).world)
            #expect(first.runDigest == second.runDigest && first.stateDigest == second.stateDigest)
        }
    }

    @Test("a run that is turned back goes the same way again")
    func rewind() throws {
        var simulation = try run(seed: 7)
        let (run, state) = (simulation.world.runDigest, simulation.world.stateDigest)
        simulation.seek(to: .after(.milliseconds(4_321)))
        simulation.seek(to: .after(.seconds(Int64(RandomPools.length + 15))))
        #expect(simulation.world.runDigest == run && simulation.world.stateDigest == state)
    }
}
