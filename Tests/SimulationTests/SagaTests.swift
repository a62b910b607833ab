import Sagas
import Simulation
import Testing
import Timeline

extension World {
    /// Whether the money adds up at this instant.
    var balances: Bool {
        ledger.missing == 0
    }
}

@Suite("Sagas and the ledger")
struct SagaTests {
    private static let inventory = 2
    private static let orders = 4
    private static let confirm = 6

    /// The shop without visitors, few enough orders to follow, and its sagas' attempts limited to 2 s.
    private func shop(rate: Double = 20, seed: UInt64 = 42) throws -> Shop {
        var shop = try Shop(seed: seed)
        shop.plan.loads[Shop.shoppers].arrivals = .open(.poisson, [.steady(rate)])
        shop.plan.loads[Shop.visitors].arrivals = .open(.poisson, [.steady(0)])
        try shop.changeSaga { steps in for index in steps.indices { steps[index].attemptLimit = .seconds(2) } }
        return shop
    }

    /// A run at its end, and when its money first did not add up.
    private struct Aftermath {
        let world: World
        let journal: Journal
        let violation: Instant?
    }

    /// Runs with these faults, watching the ledger at every entry.
    private func run(
        _ shop: Shop, _ faults: [(Duration, FaultPlan)], load: Duration = .seconds(5), drain: Duration = .minutes(6)
    ) -> Aftermath {
        var simulation = Simulation(plan: shop.plan)
        for (time, fault) in faults { simulation.schedule(TimedAction(at: .after(time), .inject(fault))) }
        simulation.schedule(TimedAction(at: .after(load), .stopLoad))
        var violation: Instant?
        let limit = Instant.after(load + drain)
        while violation == nil, simulation.run(until: limit, watching: .ledger) == .change {
            if !simulation.world.balances { violation = simulation.world.now }
            if simulation.world.isIdle, simulation.world.now > .after(load) { break }
        }
        return Aftermath(world: simulation.world, journal: simulation.journal, violation: violation)
    }

    @Test("healthy orders are charged and confirmed, to the cent")
    func healthy() throws {
        let end = run(try shop(), [])
        let tally = end.world.sagaTallies[0]
        #expect(end.violation == nil && end.world.isIdle)
        #expect(tally.completed == tally.started && tally.started > 50)
        #expect(end.world.ledger.charged == end.world.ledger.confirmed)
        #expect(end.world.ledger.refunded == 0 && end.world.ledger.pending == 0)
    }

    @Test("when confirming fails, every charge is refunded")
    func pivotFails() throws {
        let end = run(try shop(), [(.zero, FaultPlan(.error, on: .operation(Self.confirm)))])
        let tally = end.world.sagaTallies[0]
        #expect(end.violation == nil && end.world.isIdle)
        #expect(tally.compensated == tally.started && tally.completed == 0)
        #expect(end.world.ledger.charged == end.world.ledger.refunded)
        #expect(end.world.ledger.charged > 0)
    }

    @Test("a charge whose answer comes too late is refunded or never happens")
    func unknownOutcome() throws {
        let slow = FaultPlan(.latency(add: .seconds(1), jitter: 0.5), on: .operation(Shop.charge), for: .seconds(4))
        let end = run(try shop(), [(.milliseconds(500), slow)])
        let tally = end.world.sagaTallies[0]
        #expect(end.violation == nil && end.world.isIdle)
        #expect(tally.compensated > 0 && tally.compensationFailed == 0)
        #expect(end.world.ledger.pending == 0)
    }

    @Test("an undo that overtakes its own step voids it")
    func undoOvertakes() throws {
        // The charge hangs while its saga gives up; a refund that comes first finds nothing, and the late charge
        // is refused.
        var shop = try shop(rate: 5)
        shop.plan.services[Shop.payment].workers = 200
        let end = run(shop, [(.zero, FaultPlan(.hang, on: .operation(Shop.charge), for: .seconds(8)))])
        let late = end.journal.latest(10_000) { $0.what == .failedWork && $0.why == .failure(.voided) }
        #expect(end.violation == nil && end.world.isIdle)
        #expect(!late.isEmpty)
        #expect(end.world.ledger.charged == end.world.ledger.refunded)
    }

    @Test("a pivot of unknown outcome is asked for until it is known, and never compensated")
    func pivotOfUnknownOutcome() throws {
        let end = run(
            try shop(rate: 5), [(.seconds(1), FaultPlan(.hang, on: .operation(Self.confirm), for: .seconds(20)))])
        let tally = end.world.sagaTallies[0]
        #expect(end.violation == nil && end.world.isIdle)
        #expect(tally.completed == tally.started)
    }

    @Test("past the point of no return a late saga is overdue, and goes on")
    func overdue() throws {
        let end = run(
            try shop(rate: 2), [(.zero, FaultPlan(.error, on: .operation(7), for: .seconds(60)))])
        let tally = end.world.sagaTallies[0]
        #expect(end.violation == nil && end.world.isIdle)
        #expect(tally.overdue > 0 && tally.completed == tally.started)
    }

    @Test("a compensation that cannot be done ends honestly, and the ledger shows what is missing")
    func compensationFails() throws {
        let end = run(
            try shop(rate: 5),
            [
                (.zero, FaultPlan(.error, on: .operation(Self.confirm))),
                (.zero, FaultPlan(.error, on: .operation(5))),
            ])
        let tally = end.world.sagaTallies[0]
        #expect(tally.compensationFailed > 0 && tally.compensated == 0)
        #expect(end.violation != nil)
    }

    @Test("an undo of what was never done makes no calls either")
    func undoOfNothing() throws {
        var shop = try shop()
        // The reservation charges, through a call of its own, and releasing it refunds; the second step does neither.
        shop.plan.edges.append(EdgePlan(name: "inventory -> payment", source: .service(2), target: Shop.payment))
        shop.plan.operations[2].calls = [CallPlan(edge: 7, operation: Shop.charge)]
        shop.plan.operations[3].calls = [CallPlan(edge: 7, operation: 5)]
        shop.plan.operations.append(OperationPlan(name: "inventory.nothing", service: 2))
        shop.plan.sagas[0].actions[1] = CallPlan(edge: 1, operation: 9)
        shop.plan.sagas[0].undos[1] = CallPlan(edge: 1, operation: 9)
        let end = run(shop, [(.seconds(1), FaultPlan(.error, on: .operation(2), probability: 0.5))])
        #expect(end.violation == nil && end.world.isIdle)
        #expect(end.world.sagaTallies[0].compensated > 20 && end.world.ledger.refunded == 0)
    }

    @Test("a changed time limit holds for the sagas under way, a longer one and a shorter one", arguments: [3, 12])
    func changedLimit(seconds: Int64) throws {
        var before = try shop()
        try before.changeSaga { steps in for index in steps.indices { steps[index].attemptLimit = nil } }
        let old = before.plan.sagas[0].definition
        func limited(to limit: Duration) throws -> Plan {
            var plan = before.plan
            plan.sagas[0].definition = try SagaDefinition(
                name: old.name, steps: old.steps, timeLimit: limit, compensation: old.compensation)
            return plan
        }
        before.plan = try limited(to: .seconds(6))
        var simulation = Simulation(plan: before.plan)
        simulation.perform(.inject(FaultPlan(.hang, on: .operation(Self.inventory))))
        simulation.run(until: .after(.seconds(1)))
        simulation.perform(.stopLoad)
        simulation.perform(.change(try limited(to: .seconds(seconds))))
        let started = simulation.world.sagaTallies[0].started
        simulation.run(until: .after(.seconds(seconds)))
        #expect(simulation.world.sagaTallies[0].running > 0)
        simulation.run(until: .after(.seconds(seconds + 1) + .milliseconds(1)))
        #expect(simulation.world.sagaTallies[0].running == 0 && started > 2)
    }

    @Test("a crash of the home service delays sagas and loses none")
    func homeCrashes() throws {
        let end = run(
            try shop(), [(.seconds(2), FaultPlan(.crash, on: .service(0), for: .seconds(3)))])
        let tally = end.world.sagaTallies[0]
        #expect(end.violation == nil && end.world.isIdle)
        #expect(tally.completed + tally.compensated == tally.started)
    }

    @Test("a saga that finds no room at home, and meanwhile runs out of time, still ends")
    func noRoomAtHome() throws {
        var shop = try shop(rate: 5)
        (shop.plan.services[0].workers, shop.plan.services[0].queue) = (1, 0)
        shop.plan.services[0].latency = .constant(.milliseconds(400))
        let end = run(shop, [])
        let tally = end.world.sagaTallies[0]
        #expect(end.violation == nil && end.world.isIdle)
        #expect(tally.compensated > 0 && tally.completed + tally.compensated == tally.started)
    }

    @Test("whatever breaks for a while, the money adds up at every entry (20 seeds)")
    func conservation() throws {
        for seed in 1...20 as ClosedRange<UInt64> {
            var random = RandomStream(seed: seed, name: "chaos", purpose: "faults")
            let kinds: [FaultPlan.Kind] = [
                .latency(add: .seconds(1), jitter: 0.5), .error, .hang, .crash, .capacity(lose: 0.9),
            ]
            let faults = (0..<4).map { _ in
                let kind = kinds[Int(random.below(UInt64(kinds.count)))]
                let target = FaultPlan.Target.service(Int([0, 2, 3, 4][Int(random.below(4))]))
                let share = kind == .crash ? 1 : 0.3 + 0.7 * random.uniform()
                let plan = FaultPlan(
                    kind, on: target, probability: share, for: .milliseconds(Int64(500 + random.below(4_000))))
                return (Duration.milliseconds(Int64(random.below(4_000))), plan)
            }
            let end = run(try shop(rate: 15, seed: seed), faults, load: .seconds(4))
            let tally = end.world.sagaTallies[0]
            #expect(end.violation == nil, "seed \(seed)")
            #expect(end.world.isIdle, "seed \(seed)")
            #expect(end.world.ledger.pending == 0, "seed \(seed)")
            #expect(tally.completed + tally.compensated == tally.started, "seed \(seed)")
        }
    }
}
