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
