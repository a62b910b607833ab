import Resilience
import Sagas
import Simulation
import Testing
import Timeline

@Suite("Sagas with groups, locks and values")
struct SagaGroupTests {
    private func shop(rate: Double = 20) throws -> Shop {
        var shop = try Shop()
        shop.plan.loads[Shop.shoppers].arrivals = .open(.poisson, [.steady(rate)])
        shop.plan.loads[Shop.visitors].arrivals = .open(.poisson, [.steady(0)])
        return shop
    }

    private func run(_ plan: Plan, _ faults: [FaultPlan] = [], load: Duration = .seconds(5)) -> (World, Journal) {
        var simulation = Simulation(plan: plan)
        for fault in faults { simulation.schedule(TimedAction(at: .zero, .inject(fault))) }
        simulation.schedule(TimedAction(at: .after(load), .stopLoad))
        simulation.run(until: .after(.minutes(10)))
        return (simulation.world, simulation.journal)
    }

    @Test("the members of a group are called once each, at the same time (S4)")
    func group() throws {
        var shop = try shop(rate: 5)
        // Behind the pivot, three at once: mail, stock and status.
        let again = SagaDefinition.Retry.untilDone(.constant(.milliseconds(100)), .none)
        try shop.changeSaga { steps in
            steps.removeLast()
            steps += ["stock", "mail", "status"].map { .init(name: $0, group: "finalization", retry: again) }
        }
        shop.plan.sagas[0].actions += [CallPlan(edge: 3, operation: 7), CallPlan(edge: 3, operation: 7)]
        shop.plan.sagas[0].undos += [nil, nil]
        shop.plan.sagas[0].amounts = [nil, nil, nil, nil, nil, nil]
        shop.plan.sagas[0].undoAmounts = shop.plan.sagas[0].amounts
        let (world, journal) = run(shop.plan, [FaultPlan(.error, on: .operation(7), probability: 0.3)])
        let tally = world.sagaTallies[0]
        #expect(tally.completed == tally.started && tally.started > 10)
        for saga in world.endedSagas {
            let starts = journal.latest(10_000) { $0.request == saga.request && $0.what == .stepStarted }.reversed()
            let firsts = starts.filter { if case .step(let step, 1) = $0.why { step >= 3 } else { false } }
            #expect(firsts.count == 3 && Set(firsts.map(\.time)).count == 1)
            let done = journal.latest(10_000) { $0.request == saga.request && $0.what == .stepDone }
            #expect(done.count == 6)
        }
    }

    @Test("sagas that lock what they are about run one after another, in order of arrival, and none is lost")
    func locks() throws {
        var shop = try shop(rate: 20)
        let old = shop.plan.sagas[0].definition
        func locked(_ whenTaken: SagaDefinition.SemanticLock.WhenTaken) throws -> Plan {
            var plan = shop.plan
            plan.loads[Shop.shoppers].keys = .zipf(Zipf(ranks: 3, exponent: 0))
            plan.sagas[0].definition = try SagaDefinition(
                name: old.name, data: SagaPlan.data, steps: old.steps, compensation: old.compensation,
                isolation: .semanticLock(.init(on: "key", whenTaken: whenTaken)))
            return plan
        }
        let (waiting, journal) = run(try locked(.waits))
        #expect(waiting.sagaTallies[0].completed == waiting.sagaTallies[0].started && waiting.isIdle)
        let waits = journal.latest(100_000) { $0.what == .lockAwaited }.count
        #expect(waits > 10 && journal.latest(100_000) { $0.what == .sagaLocked }.count > waits)
        let (refusing, _) = run(try locked(.givesUp))
        let tally = refusing.sagaTallies[0]
        #expect(tally.compensated > 10 && tally.completed + tally.compensated == tally.started)
        #expect(refusing.ledger.refunded == 0)
        shop.plan = try locked(.waits)
        let crash = FaultPlan(.interrupt(at: .afterSend), on: .saga(0), probability: 0.1, for: .seconds(8))
        let (crashing, _) = run(shop.plan, [crash])
        #expect(crashing.sagaTallies[0].completed == crashing.sagaTallies[0].started && crashing.isIdle)
    }

    @Test("a step works on what an earlier one has returned, and an undo on what its own step has")
    func values() throws {
        var shop = try shop(rate: 5)
        // Reserving returns what a charge is about: a tenth of every order.
        let old = shop.plan.sagas[0].definition
        var steps = old.steps
        steps[0].parameters = [SagaParameter("amount", .cents, from: .constant(.cents(100)))]
        steps[0].result = .cents
        steps[1].parameters = [SagaParameter("amount", .cents, from: .result(of: "reserve"))]
        steps[2].parameters = steps[1].parameters
        var saga = SagaPlan(
            definition: try SagaDefinition(
                name: old.name, data: SagaPlan.data, steps: steps, compensation: old.compensation),
            home: 0, operation: 8)
        (saga.actions, saga.undos) = (shop.plan.sagas[0].actions, shop.plan.sagas[0].undos)
        shop.plan.sagas = [saga]
        let (world, _) = run(shop.plan)
        #expect(world.ledger.charged == 100 * Int64(world.sagaTallies[0].started))
        #expect(world.ledger.charged == world.ledger.confirmed + world.ledger.refunded)
    }
}
