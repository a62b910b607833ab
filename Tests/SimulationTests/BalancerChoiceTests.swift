import Gateway
import Resilience
import Simulation
import Testing
import Timeline

@Suite("The gateway's ways to choose a replica")
struct BalancerChoiceTests {
    private func plan(_ by: BalancerPlan.Choice, weights: [Int] = [1], bound: Int? = nil) -> BalancerPlan {
        var plan = BalancerPlan(by: by)
        (plan.weights, plan.bound) = (weights, bound)
        return plan
    }

    private func keyed(_ plan: BalancerPlan, _ keys: KeyLaw, replicas: Int = 4) -> SmallSystem {
        var system = balanced(plan, replicas: replicas)
        system.plan.loads[0].keys = keys
        return system
    }

    @Test("by smooth weights each gets its weight's part, exactly")
    func smooth() {
        let system = balanced(plan(.smoothWeighted, weights: [5, 1, 1]), replicas: 3, rate: 70)
        #expect(system.runDry(after: .seconds(10)).world.picked == [500, 100, 100])
    }

    @Test("a failure takes weight from a replica, unless none is to")
    func maximumFails() {
        func picked(_ fails: Int) -> [UInt64] {
            var plan = plan(.smoothWeighted, weights: [10])
            plan.maximumFails = fails
            return balanced(plan, replicas: 2, rate: 100).runDry(after: .seconds(10), [at(.zero, error(on: 0))]).world
                .picked
        }
        #expect(picked(0) == [500, 500])
        #expect(picked(1)[0] < 200)
    }

    @Test("the fewest calls under way are counted by weight")
    func leastBusy() {
        let picked = balanced(
            plan(.leastBusy, weights: [3, 1]), replicas: 2, rate: 100, latency: .constant(.milliseconds(200))
        ).runDry(after: .seconds(10)).world.picked
        #expect((700...800).contains(picked[0]))
    }

    @Test(
        "of two the less busy, or the quicker, is chosen: a slow replica gets little",
        arguments: [
            BalancerPlan.Choice.twoChoices, .peakEWMA,
        ])
    func twoDrawn(by: BalancerPlan.Choice) {
        let slow = FaultPlan(.latency(add: .milliseconds(200), jitter: 0), on: .replica(service: 0, 1))
        let picked = balanced(BalancerPlan(by: by)).runDry(after: .seconds(10), [at(.zero, slow)]).world.picked
        #expect(picked[1] < 300 && [0, 2, 3].allSatisfy { picked[$0] > 400 })
    }

    static let hashes = [BalancerPlan.Choice.hashRing, .hashKetama, .hashMaglev]

    @Test("by a hash a key goes to one replica always, and calls without a key take turns", arguments: hashes)
    func keys(by: BalancerPlan.Choice) throws {
        #expect(keyed(plan(by), .uniform(1)).runDry(after: .seconds(10)).world.picked.sorted() == [0, 0, 0, 2_000])
        #expect(keyed(plan(by), .none).runDry(after: .seconds(10)).world.picked == [500, 500, 500, 500])
        let world = keyed(plan(by), .uniform(1_000)).runDry(after: .seconds(10)).world
        #expect(world.picked.allSatisfy { (250...750).contains($0) })
        let shares = try #require(world.balancer).replicas.compactMap(\.keyShare)
        #expect(shares.count == 4 && abs(shares.reduce(0, +) - 1) < 1e-6)
        for (share, picked) in zip(shares, world.picked) { #expect(abs(share - Double(picked) / 2_000) < 0.06) }
    }

    @Test("a weight is a share of the keys", arguments: hashes)
    func weightedKeys(by: BalancerPlan.Choice) throws {
        let picked = keyed(plan(by, weights: [3, 1]), .uniform(1_000), replicas: 2).runDry(after: .seconds(10)).world
            .picked
        #expect((1_350...1_650).contains(picked[0]))
    }

    @Test("with a bound a hot key's calls go further on where their replica has its share already", arguments: hashes)
    func bound(by: BalancerPlan.Choice) {
        func picked(_ bound: Int?) -> [UInt64] {
            var system = balanced(plan(by, bound: bound), latency: .constant(.milliseconds(200)))
            system.plan.loads[0].keys = .uniform(1)
            return system.runDry(after: .seconds(10)).world.picked.sorted()
        }
        #expect(picked(nil) == [0, 0, 0, 2_000])
        let bounded = picked(125)
        #expect(bounded.last ?? 0 < 2_000 * 5 / 16 + 60 && bounded[0] > 50)
    }

    @Test("who is well again starts slowly")
    func slowStart() throws {
        var plan = BalancerPlan(
            by: .smoothWeighted, outliers: try .init(interval: .seconds(1), baseEjectionTime: .seconds(5)))
        plan.slowStart = try SlowStart(window: .seconds(10))
        var simulation = balanced(plan, replicas: 2).run(
            for: .seconds(9), [at(.seconds(1), error(on: 0, for: .seconds(2)))])
        #expect(simulation.world.balancer?.ejected == 0 && simulation.world.balancer?.replicas[0].startShare ?? 1 < 0.5)
        let back = simulation.world.picked
        simulation.run(until: .after(.seconds(11)))
        let soon = simulation.world.picked
        #expect(soon[0] - back[0] < (soon[1] - back[1]) / 2)
        simulation.run(until: .after(.seconds(20)))
        let later = simulation.world.picked
        simulation.run(until: .after(.seconds(30)))
        #expect(simulation.world.picked[0] - later[0] == simulation.world.picked[1] - later[1])
    }

    @Test("calls stay in their caller's zone as far as it has its share of the replicas")
    func zones() throws {
        func picked(_ zones: [Int], least: Int = 1) throws -> [UInt64] {
            var plan = BalancerPlan()
            plan.zones = .init(
                try ZoneAwareness(zone: 0, gateways: [1, 1], minimumBackends: least), replicas: zones)
            return balanced(plan).runDry(after: .seconds(10)).world.picked
        }
        #expect(try picked([0, 0, 1, 1]) == [1_000, 1_000, 0, 0])
        #expect(try picked([0, 0, 1, 1], least: 6) == [500, 500, 500, 500])
        let few = try picked([0, 1, 1, 1])
        #expect((900...1_100).contains(few[0]))
    }

    @Test("a balancer that chooses otherwise from now on knows the calls under way")
    func changed() {
        var system = balanced(BalancerPlan(), replicas: 2, rate: 10)
        system.plan.operations[0].latency = .constant(.seconds(30))
        var other = system.plan
        other.edges[0].guards = [.balancer(plan(.leastBusy, weights: [1, 3]))]
        let world = system.run(
            for: .seconds(11), [TimedAction(at: .after(.milliseconds(4_050)), .change(other))]
        ).world
        // Forty calls in turn, and then three of four to the second until it has three times as many.
        #expect(
            world.balancer?.replicas.map(\.underWay) == [27, 83]
                || world.balancer?.replicas.map(\.underWay) == [28, 82])
    }
}
