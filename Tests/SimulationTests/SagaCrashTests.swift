import Sagas
import Simulation
import Testing
import Timeline

@Suite("Sagas whose orchestrator crashes")
struct SagaCrashTests {
    private static let confirm = 6

    /// The shop with few enough orders to follow, whose confirmations often fail, so that there is much to undo.
    private func shop(seed: UInt64) throws -> Shop {
        var shop = try Shop(seed: seed)
        shop.plan.loads[Shop.shoppers].arrivals = .open(.poisson, [.steady(20)])
        shop.plan.loads[Shop.visitors].arrivals = .open(.poisson, [.steady(0)])
        try shop.changeSaga { steps in for index in steps.indices { steps[index].attemptLimit = .seconds(2) } }
        return shop
    }

    /// Runs with these faults and looks at the ledger at every entry; the world at the end.
    private func run(_ shop: Shop, _ faults: [FaultPlan]) -> (world: World, violation: Instant?) {
        var simulation = Simulation(plan: shop.plan)
        for fault in faults { simulation.schedule(TimedAction(at: .after(.milliseconds(100)), .inject(fault))) }
        simulation.schedule(TimedAction(at: .after(.seconds(4)), .stopLoad))
        while simulation.run(until: .after(.minutes(10)), watching: .ledger) == .change {
            if simulation.world.ledger.missing != 0 { return (simulation.world, simulation.world.now) }
            if simulation.world.isIdle, simulation.world.now > .after(.seconds(4)) { break }
        }
        return (simulation.world, nil)
    }

    @Test(
        "wherever it crashes, every saga is taken over and ends, and the money adds up", arguments: CrashPoint.allCases)
    func everyPoint(point: CrashPoint) throws {
        let crash = FaultPlan(.interrupt(at: point), on: .saga(0), probability: 0.3, for: .seconds(6))
        let trouble = FaultPlan(.error, on: .operation(Self.confirm), probability: 0.5)
        let (world, violation) = run(try shop(seed: 1), [crash, trouble])
        let tally = world.sagaTallies[0]
        #expect(violation == nil && world.isIdle && world.ledger.pending == 0)
        #expect(tally.recovered > 10 && tally.recovered == world.faultLog[0].hits)
        #expect(tally.completed + tally.compensated == tally.started && tally.compensated > 5)
    }

    @Test("a crash at one step alone leaves the others be")
    func oneStep() throws {
        let crash = FaultPlan(.interrupt(at: .afterSend), on: .sagaStep(saga: 0, 1), for: .seconds(6))
        let (world, violation) = run(try shop(seed: 1), [crash])
        let tally = world.sagaTallies[0]
        // Each charge is made, its orchestrator crashes, and the charge that is made again after it is the same.
        #expect(violation == nil && tally.completed + tally.compensated == tally.started)
        #expect(
            tally.recovered >= tally.started && world.ledger.charged == world.ledger.confirmed + world.ledger.refunded)
    }

    @Test("a saga that is taken over too often waits for an operator")
    func tooOften() throws {
        var shop = try shop(seed: 1)
        let old = shop.plan.sagas[0].definition
        shop.plan.sagas[0].definition = try SagaDefinition(
            name: old.name, steps: old.steps, compensation: old.compensation, maximumRecoveries: 3)
        let (world, _) = run(shop, [FaultPlan(.interrupt(at: .afterSend), on: .saga(0))])
        #expect(world.runningSagas.allSatisfy { $0.machine.isStopped && $0.machine.recoveredTimes == 4 })
        // The fault begins a little after the load.
        #expect(world.sagaTallies[0].running > 50 && world.sagaTallies[0].completed < 3)
    }
}
