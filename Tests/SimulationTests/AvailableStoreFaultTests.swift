import EventSourcing
import Simulation
import Testing
import Timeline

@Suite("Event stores that prefer availability, under random faults")
struct AvailableStoreFaultTests {
    @Test(
        "nodes end alike, no appended event is lost, and every conflict is counted",
        arguments: 1...10 as ClosedRange<UInt64>)
    func random(seed: UInt64) throws {
        let nodes = 2 + Int(seed % 3)
        let shop = try AvailableShop(
            seed: seed, nodes: nodes, resolution: seed % 2 == 0 ? .keepBoth : .lastWriterWins, rate: 20)
        let simulation = shop.run(shop.randomFaults(seed: seed))
        let world = simulation.world
        let state = try #require(world.availableNodes(ofStore: 0))
        let appended = world.storeTotals(0).appended
        #expect(state.isUp == [Bool](repeating: true, count: nodes))
        #expect(state.diverged == 0 && state.isOneHistory)
        #expect(state.replicas.allSatisfy { $0.lastArrival.number == Int64(appended) })
        #expect(Int(state.concurrent) == state.concurrentByCounting && state.concurrent > 0)
        #expect(simulation.journal.count(.appended) == Int(appended))
        #expect(simulation.journal.count(.booked) == Int(appended))
        // Whatever a service was told to be there is there.
        #expect(world.operationMeters.reduce(0) { $0 + $1.ok } <= appended)
    }

    @Test("the digest is the same again, and after turning time back", arguments: [3, 4] as [UInt64])
    func deterministic(seed: UInt64) throws {
        let shop = try AvailableShop(seed: seed)
        func simulation() -> Simulation {
            var simulation = Simulation(plan: shop.plan)
            for (time, fault) in shop.randomFaults(seed: seed).sorted(by: { $0.at < $1.at }) {
                simulation.schedule(TimedAction(at: .after(time), .inject(fault)))
            }
            simulation.run(until: .after(.seconds(6)))
            return simulation
        }
        var one = simulation()
        let digest = one.world.stateDigest
        one.run(until: .after(.seconds(12)))
        let end = one.world.stateDigest
        one.seek(to: .after(.seconds(6)))
        #expect(one.world.stateDigest == digest)
        one.run(until: .after(.seconds(12)))
        #expect(one.world.stateDigest == end)
        #expect(simulation().world.stateDigest == digest)
    }
}
