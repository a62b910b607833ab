import Bulkheads
import Resilience
import Simulation
import Testing
import Timeline

@Suite("Hedged calls")
struct HedgeTests {
    private func hedge(
        after delay: HedgePolicy.Delay = .fixed(.milliseconds(20)), hedges: Int = 1
    ) throws -> GuardPlan {
        .hedge(try HedgePlan(HedgePolicy(delay: delay, maxHedges: hedges)))
    }

    /// A tenth of the calls are slow: 200 ms instead of 5 ms.
    private func slowTenth(_ guards: [GuardPlan], deadlines: Bool = false, cancels: Bool = false) -> SmallSystem {
        let points = [(0.0, 5), (0.9, 5), (0.900_001, 200), (1, 200)].map {
            Quantiles.Point(share: $0.0, length: .milliseconds($0.1))
        }
        var system = SmallSystem(
            rate: 200, workers: 500, latency: Quantiles(points).map { .empirical($0) } ?? .constant(.zero),
            guards: guards)
        system.plan.edges[0].passesCancellation = cancels
        return system
    }

    private func p95(_ simulation: Simulation) -> Duration {
        simulation.history.latencies(operation: 0, .all, over: nil).quantile(0.95) ?? .zero
    }

    @Test("a second attempt answers for the slow ones")
    func cutsTheTail() throws {
        let plain = slowTenth([]).runDry(after: .seconds(20))
        let hedged = slowTenth([try hedge()]).runDry(after: .seconds(20))
        #expect(p95(plain) >= .milliseconds(200))
        #expect(p95(hedged) < .milliseconds(30))
        let totals = try #require(hedged.world.hedge(edge: 0, stage: 0)).totals
        #expect(totals.calls == 4_000)
        #expect((300...500).contains(totals.hedges))
        #expect(totals.wonByPrimary + totals.wonByHedge == 4_000)
        #expect(hedged.world.pool(ofService: 0).totals.started == 4_000 + totals.hedges)
    }

    @Test("the losers run to their end for nobody, unless the edge hands cancellations on", arguments: [false, true])
    func losers(cancels: Bool) throws {
        let world = slowTenth([try hedge()], cancels: cancels).runDry(after: .seconds(10)).world
        #expect(world.isIdle && world.pool(ofService: 0).active == 0)
        #expect(cancels ? world.workForNobody(service: 0) == 0 : world.workForNobody(service: 0) > 100)
    }

    @Test("a delay by what calls took makes no hedges before 20 of them are known")
    func observedDelay() throws {
        let system = slowTenth([try hedge(after: .observed())])
        #expect(system.run(for: .milliseconds(90)).world.hedge(edge: 0, stage: 0)?.totals.hedges == 0)
        let later = system.runDry(after: .seconds(10))
        #expect(later.world.hedge(edge: 0, stage: 0)?.totals.hedges ?? 0 > 50)
    }

    @Test("when all attempts fail, the call fails as its first did")
    func allFail() throws {
        var system = SmallSystem(rate: 100, workers: 50, guards: [try hedge(after: .fixed(.zero), hedges: 2)])
        system.plan.services[0].errors = 1
        let world = system.runDry(after: .seconds(2)).world
        #expect(world.operationMeters[0].count(.error) == 200)
        #expect(world.pool(ofService: 0).totals.started == 600)
    }

    @Test("a hedge within a retry: attempts of an earlier try do not answer for a later one")
    func withinRetry() throws {
        for seed in UInt64(1)...5 {
            var system = slowTenth([try retry(3), try hedge(hedges: 2), try timeout(.milliseconds(50))])
            system.plan.seed = seed
            system.plan.services[0].errors = 0.3
            let world = system.runDry(after: .seconds(5)).world
            #expect(world.isIdle && world.callsUnderWay == 0)
            #expect(world.operationMeters[0].offered == world.operationMeters[0].ended)
        }
    }

    @Test("hedges share the edge's budget: when it is spent, there are none")
    func budget() throws {
        var system = SmallSystem(
            rate: 200, workers: 500, latency: .constant(.milliseconds(100)), guards: [try hedge()])
        system.plan.edges[0].retryBudget = try RetryBudget.Settings(.window(share: 0.1, minPerSecond: 0))
        let world = system.runDry(after: .seconds(20)).world
        let totals = try #require(world.hedge(edge: 0, stage: 0)).totals
        #expect((300...440).contains(totals.hedges))
        #expect(totals.hedges + totals.refused == 4_000)
        #expect(world.retryBudget(edge: 0)?.extrasInFlight == 0)
        #expect(world.retryBudget(edge: 0)?.callsInFlight == 0)
    }
}
