import Bulkheads
import Resilience
import Simulation
import Testing
import Timeline

/// A balancer in front of four replicas, unless a test says otherwise.
func balanced(
    _ plan: BalancerPlan, replicas: Int = 4, rate: Double = 200, workers: Int = 50,
    latency: Distribution = .constant(.milliseconds(1)), network: Distribution = .constant(.zero),
    outside: [GuardPlan] = [], inside: [GuardPlan] = []
) -> SmallSystem {
    var system = SmallSystem(
        rate: rate, workers: workers, queue: 100, latency: latency, network: network,
        guards: outside + [.balancer(plan)] + inside)
    system.plan.services[0].replicas = replicas
    return system
}

func error(on replica: Int, share: Double = 1, for length: Duration? = nil) -> FaultPlan {
    FaultPlan(.error, on: .replica(service: 0, replica), probability: share, for: length)
}

func at(_ time: Duration, _ fault: FaultPlan) -> TimedAction { TimedAction(at: .after(time), .inject(fault)) }

extension World {
    /// The balancer of the only edge, wherever it stands in the chain.
    var balancer: BalancerView? {
        (0..<EdgePlan.guardLimit).lazy.compactMap { self.balancer(edge: 0, stage: $0) }.first
    }

    /// How many calls each replica was chosen for.
    var picked: [UInt64] { balancer?.replicas.map(\.picked) ?? [] }
}

@Suite("Choosing a replica")
struct BalancerTests {
    @Test("in turn, all get the same")
    func roundRobin() {
        let world = balanced(BalancerPlan(), replicas: 3, rate: 300).runDry(after: .seconds(3)).world
        #expect(world.picked == [300, 300, 300])
        #expect((0..<3).map { world.pool(ofService: 0, replica: $0).totals.completed } == [300, 300, 300])
        #expect(world.balancer?.replicas.map(\.ok) == [300, 300, 300])
    }

    @Test("the least busy avoids a slow replica, and takes turns among equals")
    func leastBusy() {
        let slow = FaultPlan(.latency(add: .milliseconds(200), jitter: 0), on: .replica(service: 0, 1))
        let system = balanced(BalancerPlan(by: .leastBusy))
        #expect(system.runDry(after: .seconds(2)).world.picked == [100, 100, 100, 100])
        let picked = system.runDry(after: .seconds(10), [at(.zero, slow)]).world.picked
        #expect(picked[1] < 60 && picked[0] > 600)
    }

    @Test("at random, all get about the same, and never in turn")
    func random() {
        let picked = balanced(BalancerPlan(by: .random)).runDry(after: .seconds(20)).world.picked
        #expect(picked.allSatisfy { (900...1_100).contains($0) } && Set(picked).count > 1)
    }

    @Test("a key goes to the same replica always, many keys to all, and a call without one to whose turn it is")
    func keys() {
        func picked(_ keys: KeyLaw) -> [UInt64] {
            var system = balanced(BalancerPlan(by: .key))
            system.plan.loads[0].keys = keys
            return system.runDry(after: .seconds(10)).world.picked
        }
        #expect(picked(.uniform(1)).sorted() == [0, 0, 0, 2_000])
        #expect(picked(.uniform(1_000)).allSatisfy { (350...650).contains($0) })
        #expect(picked(.none) == [500, 500, 500, 500])
    }

    @Test("the keys of an ejected replica go to the others, and come back to it")
    func keysOfEjected() throws {
        var system = balanced(
            BalancerPlan(by: .key, outliers: try .init(interval: .seconds(1), baseEjectionTime: .seconds(5))))
        system.plan.loads[0].keys = .uniform(1_000)
        var simulation = system.run(for: .seconds(3), [at(.seconds(1), error(on: 2, for: .seconds(2)))])
        let away = simulation.world.picked
        simulation.run(until: .after(.seconds(6)))
        let during = simulation.world.picked
        simulation.run(until: .after(.seconds(20)))
        let after = simulation.world.picked
        #expect(during[2] == away[2] && after[2] > during[2] + 400)
        let gained = [0, 1, 3].map { during[$0] - away[$0] }
        #expect(gained.allSatisfy { (150...260).contains($0) })
    }

    @Test("a retry outside the balancer picks anew; one inside does not")
    func retries() throws {
        func failed(outside: [GuardPlan], inside: [GuardPlan]) -> UInt64 {
            balanced(BalancerPlan(), replicas: 2, rate: 10, outside: outside, inside: inside)
                .runDry(after: .seconds(10), [at(.zero, error(on: 0))]).work.failed
        }
        #expect(failed(outside: [try retry(2)], inside: []) == 0)
        #expect(failed(outside: [], inside: [try retry(2)]) == 50)
    }

    @Test("a hedge outside the balancer asks another replica")
    func hedges() throws {
        let hedge = GuardPlan.hedge(try HedgePlan(try HedgePolicy(delay: .fixed(.milliseconds(10)))))
        let stuck = FaultPlan(.hang, on: .replica(service: 0, 0), for: .seconds(30))
        let simulation = balanced(BalancerPlan(), replicas: 2, rate: 10, outside: [hedge])
            .runDry(after: .seconds(10), [at(.zero, stuck)])
        #expect(simulation.work.ok == 100 && simulation.work.totalTime < .seconds(2))
        #expect(simulation.world.balancer?.replicas.map(\.underWay) == [0, 0])
    }

    @Test("with a breaker for each replica, one bad replica costs its own calls only")
    func breakerOfReplica() throws {
        guard case .breaker(var plan) = try breaker(10, open: .seconds(60)) else { return }
        plan.scope = .replica
        let world = balanced(BalancerPlan(), inside: [.breaker(plan)])
            .runDry(after: .seconds(10), [at(.zero, error(on: 2))]).world
        #expect(
            (0..<4).map { world.breaker(edge: 0, stage: 1, part: $0)?.state } == [.closed, .closed, .open, .closed])
        #expect(world.operationMeters[0].ok == 1_500)
        #expect(world.balancer?.replicas[2].failed == 10)
    }

    @Test("what a run does is the same again, and whatever was held is given back", arguments: 1...12)
    func conservation(seed: UInt64) throws {
        var random = RandomStream(seed: seed, name: "balancers", purpose: "test")
        let choice = BalancerPlan.Choice.allCases[Int(random.below(10))]
        let health = HealthCheckPlan(
            try .init(intervals: .init(normal: .seconds(1), jitterShare: 0.1), immediateFailures: []),
            depth: seed % 2 == 0 ? .deep : .shallow)
        let plan = BalancerPlan(
            by: choice,
            outliers: try .init(interval: .seconds(1), baseEjectionTime: .seconds(2), maxEjectionPercent: 50),
            health: health, panic: seed % 3 == 0 ? nil : try PanicMode())
        guard case .breaker(var breaker) = try breaker(10) else { return }
        breaker.scope = .replica
        var system = balanced(
            plan, rate: 300, workers: 2, latency: .exponential(mean: .milliseconds(15)),
            network: .exponential(mean: .milliseconds(1)), outside: [try timeout(.milliseconds(300)), try retry(3)],
            inside: [.breaker(breaker), try bulkhead(20, queue: 5), try timeout(.milliseconds(80))])
        system.plan.seed = seed
        system.plan.loads[0].keys = .uniform(50)
        system.plan.edges[0].passesCancellation = seed % 2 == 0
        system.plan.edges[0].passesDeadline = seed % 3 == 0
        let faults = [
            error(on: 1, share: 0.5, for: .seconds(6)),
            FaultPlan(.crash, on: .replica(service: 0, 0), for: .seconds(3)),
            FaultPlan(.stuck(workers: 1), on: .service(0), for: .seconds(4)),
            FaultPlan(.hang, on: .replica(service: 0, 3), for: .seconds(2)),
            FaultPlan(.hungProbe, on: .edge(0), for: .seconds(5)),
            FaultPlan(.falseAlarm, on: .edge(0), probability: 0.3),
            FaultPlan(.badDeploy, on: .replica(service: 0, 2), probability: 0.5, for: .seconds(2)),
            FaultPlan(.halfOpen, on: .replica(service: 0, 1), for: .seconds(2)),
            FaultPlan(.wrongStatus(503), on: .service(0), probability: 0.2, for: .seconds(3)),
        ]
        var fewer = system.plan
        fewer.services[0].running = 2
        let actions =
            faults.map { at(.milliseconds(Int64(random.below(9_000))), $0) }
            + [
                TimedAction(at: .after(.seconds(4)), .change(fewer)),
                TimedAction(at: .after(.seconds(8)), .change(system.plan)),
            ]
        var simulation = system.runDry(after: .seconds(12), actions)
        let world = simulation.world
        #expect(world.isIdle && world.stuckWorkers(service: 0) == 0)
        #expect(world.operationMeters[0].offered == world.operationMeters[0].ended)
        #expect(world.balancer?.replicas.allSatisfy { $0.underWay == 0 && $0.picked >= $0.ok + $0.failed } == true)
        for part in 0..<4 { #expect(world.breaker(edge: 0, stage: 3, part: part)?.totals.inFlight == 0) }
        let again = system.runDry(after: .seconds(12), actions).world
        #expect(again.runDigest == world.runDigest && again.stateDigest == world.stateDigest)
        simulation.seek(to: .after(.milliseconds(4_321)))
        simulation.seek(to: again.now)
        #expect(simulation.world.stateDigest == again.stateDigest)
    }
}
