import Bulkheads
import Resilience
import Simulation
import Testing
import Timeline

@Suite("Connections that calls hold")
struct ConnectionTests {
    private func system(
        rate: Double = 100, workers: Int = 100, latency: Duration = .milliseconds(10), pools: Int = 1,
        balance: ConnectionRouter.Balance = .leastBusy, then inner: [GuardPlan] = [],
        _ settings: ConnectionPool.Settings
    ) -> SmallSystem {
        let connections = ConnectionsPlan(settings, pools: pools, balance: balance)
        return SmallSystem(
            rate: rate, workers: workers, latency: .constant(latency), guards: [.connections(connections)] + inner)
    }

    private func pool(_ world: World) throws -> ConnectionPool {
        try #require(world.connections(edge: 0, stage: 0).first)
    }

    private func at(_ time: Duration, _ fault: FaultPlan) -> TimedAction {
        TimedAction(at: .after(time), .inject(fault))
    }

    @Test("no more calls are inside than there are connections, and the others wait for one")
    func exclusive() throws {
        let system = system(latency: .milliseconds(50), try .init(maximum: 2))
        let busy = system.run(for: .seconds(1)).world
        #expect(busy.pool(ofService: 0).active == 2)
        #expect(try pool(busy).active == 2 && pool(busy).waiting > 50)
        let dry = system.runDry(after: .seconds(1)).world
        #expect(dry.isIdle && dry.operationMeters[0].ok == 100)
        #expect(try pool(dry).active == 0 && pool(dry).waiting == 0)
    }

    @Test("a call that waits in vain is turned away when its wait is over")
    func timesOut() throws {
        let system = system(
            rate: 10, latency: .seconds(10), try .init(maximum: 1, connectionTimeout: .milliseconds(70)))
        let simulation = system.runDry(after: .seconds(1))
        #expect(simulation.work.count(.noConnection) == 9 && simulation.work.ok == 1)
        #expect(simulation.work.totalTime == .milliseconds(10_630))
        #expect(try pool(simulation.world).totals.timedOut == 9)
        let refused = simulation.journal.latest(1) { $0.what == .rejected }.first
        #expect(refused?.why == .occupancy(used: 1, of: 1))
    }

    @Test("a call that finds too many in line is turned away at once")
    func fullLine() throws {
        let system = system(rate: 100, latency: .seconds(10), try .init(maximum: 1, waiters: 3))
        let simulation = system.run(for: .seconds(1))
        #expect(simulation.work.count(.noConnection) == 96)
        #expect(try pool(simulation.world).totals.rejected == 96)
    }

    @Test("a connection takes its time to open, and one that has rested is pinged first")
    func opening() throws {
        let simulation = system(rate: 1, latency: .milliseconds(1), try .init(maximum: 5, minimumIdle: 0))
            .run(for: .milliseconds(2_500))
        #expect(simulation.work.totalTime == .milliseconds(21 + 2))
        #expect(try pool(simulation.world).totals.created == 1)
        #expect(simulation.journal.latest(1) { $0.what == .connected }.first?.why == .occupancy(used: 1, of: 5))
    }

    @Test("a crash of the service ends its connections, and none is opened before the restart")
    func crash() throws {
        let settings = try ConnectionPool.Settings(maximum: 5, connectionTimeout: .milliseconds(500))
        var simulation = Simulation(plan: system(settings).plan)
        simulation.schedule(at(.seconds(1), FaultPlan(.crash, on: .service(0), for: .seconds(2))))
        simulation.run(until: .after(.milliseconds(2_900)))
        let down = try pool(simulation.world)
        #expect(down.idle == 0 && down.active == 0 && down.waiting > 10)
        #expect(down.totals.closed[.evicted] + down.totals.closed[.broken] == 5)
        #expect(down.totals.creationsFailed > 3)
        let failure = try #require(simulation.journal.latest(1) { $0.what == .connectFailed }.first)
        #expect(simulation.chain(from: failure.id).map(\.what) == [.connectFailed, .faultInjected])
        simulation.run(until: .after(.seconds(10)))
        let up = try pool(simulation.world)
        #expect(up.total == 5 && up.waiting == 0)
        #expect(simulation.work.count(.noConnection) > 100 && simulation.work.ok > 700)
    }

    @Test("a leaked connection stays in use until it is reclaimed; the journal leads back to the fault")
    func leak() throws {
        let settings = try ConnectionPool.Settings(
            maximum: 5, connectionTimeout: .milliseconds(300), leakThreshold: .seconds(1), reclaimAfter: .seconds(2))
        var simulation = Simulation(plan: system(settings).plan)
        simulation.schedule(at(.seconds(1), FaultPlan(.leak, on: .connections(edge: 0), for: .milliseconds(500))))
        simulation.run(until: .after(.seconds(2)))
        #expect(try pool(simulation.world).active == 5)
        #expect(simulation.world.leakedConnections(edge: 0, stage: 0) == 5 && simulation.world.faultLog[0].hits == 5)
        #expect(simulation.world.pool(ofService: 0).active == 0)
        let refused = try #require(simulation.journal.latest(1) { $0.what == .rejected }.first)
        #expect(simulation.chain(from: refused.id).map(\.what).suffix(2) == [.faultHit, .faultInjected])
        simulation.run(until: .after(.milliseconds(2_500)))
        #expect(try pool(simulation.world).totals.leaks == 5)
        let leak = try #require(simulation.journal.latest(1) { $0.what == .leaked }.first)
        #expect(leak.why == .took(.seconds(1)))
        #expect(simulation.chain(from: leak.id).map(\.what) == [.leaked, .faultHit, .faultInjected])
        simulation.run(until: .after(.seconds(4)))
        #expect(simulation.world.leakedConnections(edge: 0, stage: 0) == 0)
        #expect(try pool(simulation.world).totals.closed[.reclaimed] == 5)
        let closed = try #require(
            simulation.journal.latest(1) { $0.what == .disconnected && $0.why == .closing(.reclaimed) }.first)
        #expect(simulation.chain(from: closed.id).last?.what == .faultInjected)
        #expect(simulation.work.ok > 200)
    }

    @Test("a probability leaks about that share of the connections")
    func share() throws {
        let system = system(rate: 200, try .init(maximum: 500))
        let fault = FaultPlan(.leak, on: .connections(edge: 0), probability: 0.1)
        let world = system.run(for: .seconds(5), [at(.zero, fault)]).world
        #expect((70...130).contains(world.leakedConnections(edge: 0, stage: 0)))
        #expect(
            try world.faultLog[0].hits == UInt64(world.leakedConnections(edge: 0, stage: 0))
                && pool(world).active >= 70)
    }

    @Test("a call whose connection is closed under it has lost its answer")
    func reclaimedUnderItsHolder() throws {
        let simulation = system(rate: 10, latency: .seconds(1), try .init(reclaimAfter: .milliseconds(300)))
            .runDry(after: .seconds(1))
        #expect(simulation.work.count(.connectionLost) == 10)
        #expect(try pool(simulation.world).totals.closed[.reclaimed] == 10)
    }

    @Test("a connection whose call took too long cannot be used again; one whose call failed can")
    func broken() throws {
        let settings = try ConnectionPool.Settings(maximum: 4)
        let slow = system(rate: 20, latency: .milliseconds(50), then: [try timeout(.milliseconds(20))], settings)
            .runDry(after: .seconds(1))
        #expect(try pool(slow.world).totals.closed[.broken] == 20 && slow.work.count(.timedOut) == 20)
        let failing = system(rate: 20, settings).runDry(
            after: .seconds(1), [at(.zero, FaultPlan(.error, on: .service(0)))])
        #expect(try pool(failing.world).totals.closed.total == 0 && failing.work.count(.error) == 20)
    }

    @Test("several pools share the calls as their balance says")
    func severalPools() throws {
        let turns = system(pools: 3, balance: .roundRobin, try .init(maximum: 2)).runDry(after: .seconds(3)).world
        #expect(turns.connections(edge: 0, stage: 0).map(\.totals.granted) == [100, 100, 100])
        let system = system(pools: 2, try .init(maximum: 2))
        let leak = FaultPlan(.leak, on: .connections(edge: 0), for: .milliseconds(20))
        let busy = system.run(for: .seconds(3), [at(.seconds(1), leak)]).world.connections(edge: 0, stage: 0)
        #expect(busy.map(\.active).reduce(0, +) >= 2 && busy[0].totals.granted + busy[1].totals.granted >= 250)
    }

    @Test("a larger pool serves those who wait at once, a smaller one closes what is too much")
    func liveChange() throws {
        var system = system(rate: 100, latency: .seconds(1), try .init(maximum: 2))
        let before = system.plan
        var simulation = Simulation(plan: before)
        simulation.run(until: .after(.seconds(1)))
        #expect(try pool(simulation.world).active == 2)
        system.plan.edges[0].guards = [.connections(ConnectionsPlan(try .init(maximum: 50)))]
        simulation.perform(.change(system.plan))
        simulation.run(until: .after(.seconds(3)))
        #expect(try pool(simulation.world).active == 50)
        simulation.perform(.change(before))
        simulation.run(until: .after(.seconds(6)))
        #expect(try pool(simulation.world).total == 2)
        #expect(try pool(simulation.world).totals.closed[.surplus] >= 48)
    }

    @Test("a crash of the caller gives back what it had leaked")
    func callersCrash() throws {
        var system = system(try .init(maximum: 5, connectionTimeout: .milliseconds(100)))
        system.plan.services.append(ServicePlan(name: "front"))
        system.plan.operations.append(OperationPlan(name: "front.ask", service: 1))
        system.plan.services[1].workers = 100
        system.plan.operations[1].calls = [CallPlan(edge: 0, operation: 0)]
        system.plan.edges[0] = {
            var edge = EdgePlan(name: "front -> service", source: .service(1), target: 0)
            edge.guards = system.plan.edges[0].guards
            return edge
        }()
        system.plan.edges.append(EdgePlan(name: "callers -> front", source: .load(0), target: 1))
        system.plan.loads[0].target = .call(CallPlan(edge: 1, operation: 1))
        let leak = FaultPlan(.leak, on: .connections(edge: 0), for: .milliseconds(500))
        var simulation = Simulation(plan: system.plan)
        simulation.schedule(at(.seconds(1), leak))
        simulation.run(until: .after(.seconds(2)))
        #expect(simulation.world.leakedConnections(edge: 0, stage: 0) == 5)
        simulation.perform(.inject(FaultPlan(.crash, on: .service(1), for: .milliseconds(500))))
        #expect(simulation.world.leakedConnections(edge: 0, stage: 0) == 0)
        simulation.run(until: .after(.seconds(4)))
        #expect(try pool(simulation.world).idle >= 3)
        #expect(simulation.work.ok > 200)
    }

    @Test("an attempt that is let in and withdrawn at the same moment gives back what it was given")
    func letInAndWithdrawn() throws {
        let hedge = GuardPlan.hedge(try HedgePlan(try HedgePolicy(delay: .fixed(.zero), maxHedges: 2)))
        for inner in [
            GuardPlan.connections(ConnectionsPlan(try .init(maximum: 1))), try bulkhead(1, queue: 5),
            .semaphore(try .init(permits: 1, maximumWait: .seconds(1))),
        ] {
            var system = SmallSystem(
                rate: 20, workers: 10, latency: .constant(.milliseconds(10)), guards: [hedge, inner])
            system.plan.edges[0].passesCancellation = true
            let world = system.runDry(after: .seconds(5)).world
            #expect(world.isIdle && world.operationMeters[0].ok == 100)
            #expect(world.connections(edge: 0, stage: 1).allSatisfy { $0.active == 0 && $0.waiting == 0 })
            #expect(world.bulkhead(edge: 0, stage: 1)?.active ?? 0 == 0)
            #expect(world.semaphore(edge: 0, stage: 1)?.inUse ?? 0 == 0)
        }
    }
}
