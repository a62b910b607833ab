import EventSourcing
import Orders
import Simulation
import Testing
import Timeline

@Suite("Event stores that prefer availability")
struct AvailableStoreTests {
    @Test("on a good day every event reaches every node, and counts once")
    func goodDay() throws {
        let simulation = try AvailableShop(keys: 1_000).run([])
        let world = simulation.world
        let (totals, nodes) = (world.storeTotals(0), try #require(world.availableNodes(ofStore: 0)))
        #expect(totals.appended > 900 && totals.timedOut == 0 && totals.refused == 0)
        #expect(world.eventsCommitted(inStore: 0) == totals.appended)
        #expect(nodes.diverged == 0 && nodes.isOneHistory)
        #expect(nodes.replicas.allSatisfy { $0.lastArrival.number == Int64(totals.appended) })
        #expect(nodes.replicas.allSatisfy { $0.totals.appended > 250 }, "each service has a node of its own")
    }

    @Test("a node that is cut off goes on: nobody waits, and what was decided on both sides is named")
    func cut() throws {
        let fault = FaultPlan(.cut, on: .node(store: 0, 0), for: .seconds(6))
        let simulation = try AvailableShop().run([(.seconds(3), fault)])
        let world = simulation.world
        let nodes = try #require(world.availableNodes(ofStore: 0))
        #expect(world.storeTotals(0).timedOut == 0)
        #expect(world.operationMeters.allSatisfy { $0.failed == 0 })
        #expect(nodes.concurrent > 250 && Int(nodes.concurrent) == nodes.concurrentByCounting)
        #expect(nodes.diverged == 0 && nodes.isOneHistory)
        #expect(nodes.replicas.contains { $0.totals.bucketsDiffering > 0 }, "found by their trees")
        let journal = simulation.journal
        #expect(journal.count(.diverged) == 1 && journal.count(.converged) == 1)
        #expect(journal.count(.concurrent) == Int(nodes.concurrent))
    }

    @Test("a store of one node, or of eight, ends whole and alike after a crash", arguments: [1, 8])
    func sizes(nodes: Int) throws {
        let fault = FaultPlan(.crash, on: .node(store: 0, 0), for: .seconds(2))
        let world = try AvailableShop(nodes: nodes).run([(.seconds(3), fault)], seconds: 8).world
        let state = try #require(world.availableNodes(ofStore: 0))
        #expect(state.replicas.count == nodes && state.diverged == 0)
        #expect(state.replicas.allSatisfy { $0.lastArrival.number == Int64(world.storeTotals(0).appended) })
    }

    @Test("a command bus carries commands there as it does to any store")
    func bus() throws {
        var shop = try AvailableShop()
        shop.plan.buses = [BusPlan(name: "commands")]
        shop.plan.operations[0].command?.bus = 0
        let world = shop.run([], seconds: 8).world
        let first = world.operationMeters[0]
        #expect(first.ok > 100 && first.failed == 0)
        #expect(world.storeTotals(0).appended == world.operationMeters.reduce(0) { $0 + $1.ok })
    }

    @Test("during a cut the streams differ that were written to, and no others")
    func diverged() throws {
        var simulation = Simulation(plan: try AvailableShop().plan)
        let fault = FaultPlan(.cut, on: .node(store: 0, 2), for: .seconds(4))
        simulation.schedule(TimedAction(at: .after(.seconds(3)), .inject(fault)))
        simulation.run(until: .after(.seconds(6)))
        let nodes = try #require(simulation.world.availableNodes(ofStore: 0))
        let differing = (0..<nodes.streams).count { stream in
            Set(nodes.replicas.map { $0.vector(of: stream) }).count > 1
        }
        #expect(nodes.diverged == differing && differing > 10)
    }

    @Test(
        "a node that does not answer costs one try: its services ask another one, and come back to it",
        arguments: [FaultPlan.Kind.crash, .pause])
    func elsewhere(kind: FaultPlan.Kind) throws {
        let fault = FaultPlan(kind, on: .node(store: 0, 1), for: .seconds(4))
        let simulation = try AvailableShop().run([(.seconds(4), fault)])
        let world = simulation.world
        let nodes = try #require(world.availableNodes(ofStore: 0))
        // Only what was on its way to that node's disk has been waited for in vain.
        #expect(world.storeTotals(0).timedOut < 5)
        let made = (0..<3).map { nodes.replicas[$0].totals.appended }
        #expect(made[2] > made[1] + 150 && made[1] > 200, "\(made)")
        #expect(nodes.diverged == 0 && nodes.isOneHistory)
    }

    @Test("an event that was appended to two nodes counts once, and is booked once")
    func copies() throws {
        // Node 1 stands still for longer than a service waits, with appends on their way to its disk.
        var shop = try AvailableShop(keys: 2_000, rate: 100)
        shop.plan.stores[0].disk = .constant(.milliseconds(20))
        for edge in shop.plan.edges.indices { shop.plan.edges[edge].guards = [try retry(3, every: .milliseconds(10))] }
        let fault = FaultPlan(.pause, on: .node(store: 0, 0), for: .seconds(3))
        let simulation = shop.run([(.seconds(5), fault)])
        let world = simulation.world
        let nodes = try #require(world.availableNodes(ofStore: 0))
        let appended = world.storeTotals(0).appended
        #expect(nodes.arena.count > Int(appended), "there are copies")
        #expect(world.eventsCommitted(inStore: 0) == appended && world.storeTotals(0).repeated > 0)
        #expect(nodes.replicas.allSatisfy { $0.lastArrival.number == Int64(appended) })
        #expect(simulation.journal.count(.booked) == simulation.journal.count(.appended))
        #expect(simulation.journal.count(.appended) == Int(appended))
    }

    @Test("the last writer wins: what it did not know of is overruled, and that is said")
    func lastWriterWins() throws {
        let fault = FaultPlan(.cut, on: .node(store: 0, 0), for: .seconds(5))
        let simulation = try AvailableShop(resolution: .lastWriterWins).run([(.seconds(5), fault)])
        let nodes = try #require(simulation.world.availableNodes(ofStore: 0))
        let superseded = (0..<nodes.streams).reduce(0) { sum, stream in
            sum + nodes.replicas[0].history(of: stream, in: nodes.arena).count { $0.isSuperseded }
        }
        #expect(superseded > 50 && nodes.overruled >= superseded && nodes.overruled <= nodes.concurrent)
        #expect(simulation.journal.count(.overruled) == Int(nodes.overruled))
        #expect(nodes.isOneHistory)
    }

    @Test("orders that are cancelled on one side and shipped on the other: what cannot have happened is overruled")
    func contradiction() throws {
        let steps: [OrderLife.Step] = [.create, .confirm, .ship, .cancel]
        let shop = try AvailableShop(asking: steps.map { .order($0) }, keys: 300)
        let fault = FaultPlan(.cut, on: .node(store: 0, 2), for: .seconds(8))
        let torn = shop.run([(.seconds(2), fault)])
        let whole = shop.run([])
        let nodes = try #require(torn.world.availableNodes(ofStore: 0))
        #expect(nodes.overruled > 0 && nodes.isOneHistory)
        let undisturbed = try #require(whole.world.availableNodes(ofStore: 0))
        #expect(undisturbed.overruled < nodes.overruled)
    }
}
