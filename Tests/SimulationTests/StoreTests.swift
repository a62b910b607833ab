import EventSourcing
import Orders
import Simulation
import Testing
import Timeline

/// A shop whose orders are aggregates in an event store.
private struct EventShop {
    var plan: Plan

    init(seed: UInt64 = 42, _ change: (inout StorePlan) -> Void = { _ in }) throws {
        plan = try Shop(seed: seed).plan
        var store = StorePlan(name: "order-log", cluster: try ClusterSettings())
        change(&store)
        plan.stores = [store]
        // orders.confirm appends what it decides; a first step creates the order.
        plan.operations[6].command = CommandPlan(store: 0, .order(.confirm))
        var create = OperationPlan(name: "orders.create", service: 4)
        create.command = CommandPlan(store: 0, .order(.create))
        plan.operations.append(create)
        // inventory.reserve is taken over by the creation of the order, so that the saga's shape stays.
        plan.sagas[0].actions[0] = CallPlan(edge: 3, operation: plan.operations.count - 1)
    }
}

@Suite("Event stores in the simulation")
struct StoreTests {
    private func run(_ plan: Plan, seconds: Int64 = 20) -> Simulation {
        var simulation = Simulation(plan: plan)
        simulation.run(until: .after(.seconds(seconds)))
        return simulation
    }

    @Test("orders are created and confirmed through the store, each event once, and the money adds up")
    func goodDay() throws {
        let simulation = run(try EventShop().plan)
        let totals = simulation.world.storeTotals(0)
        #expect(totals.appended > 1_500 && totals.refused == 0 && totals.timedOut == 0)
        #expect(simulation.world.eventsCommitted(inStore: 0) == totals.appended)
        #expect(simulation.world.ledger.missing == 0 && simulation.world.ledger.confirmed > 0)
    }

    @Test("the digest is the same again, and after turning time back")
    func deterministic() throws {
        var one = Simulation(plan: try EventShop().plan)
        one.run(until: .after(.seconds(10)))
        let digest = one.world.stateDigest
        one.run(until: .after(.seconds(20)))
        one.seek(to: .after(.seconds(10)))
        #expect(one.world.stateDigest == digest)
        var other = Simulation(plan: try EventShop().plan)
        other.run(until: .after(.seconds(10)))
        #expect(other.world.stateDigest == digest)
    }

    @Test("calls on one key contend for one aggregate: conflicts are decided anew")
    func hotAggregate() throws {
        var plan = try EventShop().plan
        var like = OperationPlan(name: "orders.like", service: 4)
        like.command = CommandPlan(store: 0, .record)
        plan.operations.append(like)
        var load = LoadPlan(
            name: "fans", target: .call(CallPlan(edge: 6, operation: plan.operations.count - 1)),
            arrivals: .open(.poisson, [.steady(200)]))
        load.keys = .zipf(Zipf(ranks: 2, exponent: 1))
        plan.loads[1] = load
        plan.edges[6].target = 4
        let simulation = run(plan)
        let totals = simulation.world.storeTotals(0)
        #expect(totals.conflicts > 100)
        #expect(simulation.world.eventsCommitted(inStore: 0) == totals.appended)
    }
}

@Suite("Event stores under faults")
struct StoreFaultTests {
    private func run(
        _ plan: Plan, _ faults: [(at: Int64, FaultPlan)], seconds: Int64 = 24
    ) -> Simulation {
        var simulation = Simulation(plan: plan)
        for (second, fault) in faults {
            simulation.schedule(TimedAction(at: .after(.seconds(second)), .inject(fault)))
        }
        simulation.schedule(TimedAction(at: .after(.seconds(seconds - 10)), .stopLoad))
        simulation.run(until: .after(.seconds(seconds)))
        return simulation
    }

    @Test(
        "whatever happens to one node of three, nothing that counted is lost, and the money adds up",
        arguments: [
            FaultPlan.Kind.crash, .cut, .pause, .lose, .latency(add: .milliseconds(300), jitter: 0.5),
        ])
    func oneNode(kind: FaultPlan.Kind) throws {
        let plan = try EventShop().plan
        for node in 0..<2 {
            let fault = FaultPlan(
                kind, on: .node(store: 0, node), probability: kind == .lose ? 0.4 : 1, for: .seconds(8))
            let world = run(plan, [(5, fault)]).world
            #expect(world.cluster(ofStore: 0).totals.lostEvents == 0)
            #expect(world.eventsCommitted(inStore: 0) >= world.storeTotals(0).appended)
            #expect(world.ledger.missing == 0, "node \(node)")
            #expect(world.sagaTallies[0].completed > 500)
        }
    }

    @Test("random faults on all nodes: nothing is lost, and every saga ends", arguments: 1...3)
    func random(seed: UInt64) throws {
        var random = RandomStream(seed: seed, name: "store faults", purpose: "test")
        let kinds: [FaultPlan.Kind] = [.crash, .cut, .pause, .lose]
        let faults = (0..<6).map { _ in
            let kind = kinds[Int(random.below(4))]
            let target = FaultPlan.Target.node(store: 0, Int(random.below(3)))
            let plan = FaultPlan(
                kind, on: target, probability: kind == .lose ? 0.5 : 1,
                for: .milliseconds(500 + Int64(random.below(4_000))))
            return (at: Int64(2 + random.below(20)), plan)
        }
        let simulation = run(try EventShop(seed: seed).plan, faults.sorted { $0.at < $1.at }, seconds: 40)
        #expect(simulation.world.cluster(ofStore: 0).totals.lostEvents == 0, "seed \(seed)")
        #expect(simulation.world.ledger.missing == 0, "seed \(seed)")
        #expect(simulation.world.cluster(ofStore: 0).log.mark == simulation.world.cluster(ofStore: 0).log.last)
    }

    /// A shop in which everybody likes one thing, 20 times a second.
    private func likes(_ shop: Plan) -> Plan {
        var plan = shop
        var like = OperationPlan(name: "orders.like", service: 4)
        like.command = CommandPlan(store: 0, .record)
        plan.operations.append(like)
        plan.loads[1].target = .call(CallPlan(edge: 6, operation: plan.operations.count - 1))
        plan.loads[1].arrivals = .open(.even, [.steady(20)])
        plan.loads[1].keys = .zipf(Zipf(ranks: 1, exponent: 1))
        plan.edges[6].target = 4
        return plan
    }

    @Test("snapshots save reading, and change nothing else")
    func snapshots() throws {
        let plan = try likes(EventShop { $0.snapshots = 10 }.plan)
        let bare = try likes(EventShop().plan)
        let (with, without) = (run(plan, []).world, run(bare, []).world)
        #expect(with.storeTotals(0).snapshots > 20)
        #expect(with.storeTotals(0).eventsRead * 5 < without.storeTotals(0).eventsRead)
        #expect(with.storeTotals(0).appended == without.storeTotals(0).appended)
    }
}
