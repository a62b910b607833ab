import Resilience
import Simulation
import Testing
import Timeline

@Suite("Where further attempts go")
struct BalancerRetryTests {
    private func plan(_ by: BalancerPlan.Choice, _ retries: BalancerPlan.Retries = .move) -> BalancerPlan {
        var plan = BalancerPlan(by: by)
        plan.retries = retries
        return plan
    }

    /// How many calls fail that all have the same key.
    private func failed(
        _ plan: BalancerPlan, replicas: Int = 3, outside: [GuardPlan], inside: [GuardPlan] = [], _ faults: [FaultPlan]
    ) -> UInt64 {
        var system = balanced(plan, replicas: replicas, rate: 20, outside: outside, inside: inside)
        system.plan.loads[0].keys = .uniform(1)
        return system.runDry(after: .seconds(10), faults.map { at(.zero, $0) }).work.failed
    }

    private func hang(_ replica: Int) -> FaultPlan {
        FaultPlan(.hang, on: .replica(service: 0, replica), for: .minutes(1))
    }

    @Test(
        "a retry goes where the call has not been, however replicas are chosen", arguments: BalancerPlan.Choice.allCases
    )
    func move(by: BalancerPlan.Choice) throws {
        #expect(failed(plan(by), outside: [try retry(3)], [error(on: 0), error(on: 2)]) == 0)
    }

    @Test("or stays where the call was, if it is told to", arguments: BalancerPlan.Choice.allCases)
    func stay(by: BalancerPlan.Choice) throws {
        let all = try (0..<3).map { failed(plan(by, .stay), outside: [try retry(3)], [error(on: $0)]) }
        #expect(all.reduce(0, +) > 100)
    }

    @Test("who stays goes elsewhere all the same when the replica may not be called any more")
    func stayWhereItMay() throws {
        var plan = BalancerPlan(
            by: .key,
            outliers: try .init(
                interval: .seconds(60), baseEjectionTime: .seconds(60), maxEjectionPercent: 100, errors: .init(2)))
        plan.retries = .stay
        #expect(try (0..<3).map { failed(plan, outside: [try retry(3)], [error(on: $0)]) } == [0, 0, 0])
    }

    @Test("a time limit between the retry and the balancer, or within it, does not make the call forget")
    func timeouts() throws {
        let limit = try timeout(.milliseconds(20))
        for replica in 0..<3 {
            #expect(failed(plan(.key), outside: [try retry(2), limit], [hang(replica)]) == 0)
            #expect(failed(plan(.key), outside: [try retry(2)], inside: [limit], [hang(replica)]) == 0)
            let outer = try timeout(.seconds(5))
            #expect(
                failed(
                    plan(.key), outside: [outer, try retry(2), limit, try bulkhead(1_000, queue: 0)], [hang(replica)])
                    == 0)
        }
    }

    @Test("a retry within a balancer is the replica's own")
    func inside() throws {
        let all = try (0..<3).map { failed(plan(.key), outside: [], inside: [try retry(2)], [error(on: $0)]) }
        #expect(all.sorted() == [0, 0, 200])
    }

    @Test("hedges keep off the replicas of their siblings, and those off what these try later")
    func hedges() throws {
        let hedge = GuardPlan.hedge(
            try HedgePlan(try HedgePolicy(delay: .fixed(.milliseconds(10)), maxHedges: 2)))
        for well in 0..<3 {
            let hung = (0..<3).filter { $0 != well }.map(hang)
            #expect(failed(plan(.key), outside: [try timeout(.milliseconds(200)), hedge], hung) == 0)
        }
        for well in 0..<3 {
            let bad = (0..<3).filter { $0 != well }.map { error(on: $0) }
            #expect(failed(plan(.hashRing), outside: [hedge, try retry(3)], bad) == 0)
        }
    }

    @Test("when a call has been everywhere it may go anywhere again")
    func everywhere() throws {
        let world = balanced(plan(.key), replicas: 2, rate: 10, outside: [try retry(5)])
            .runDry(after: .seconds(10), [at(.zero, error(on: 0)), at(.zero, error(on: 1))]).world
        #expect(world.operationMeters[0].failed == 100 && world.picked == [250, 250])
    }
}
