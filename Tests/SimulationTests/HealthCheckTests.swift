import Bulkheads
import Resilience
import Simulation
import Testing
import Timeline

@Suite("Health checks of replicas")
struct HealthCheckTests {
    private func checks(
        every interval: Duration = .seconds(1), timeout: Duration = .milliseconds(500), unhealthyAfter: Int = 3,
        depth: HealthCheckPlan.Depth = .shallow, panic: PanicMode? = nil, outliers: OutlierDetector.Settings? = nil
    ) throws -> BalancerPlan {
        BalancerPlan(
            outliers: outliers,
            health: HealthCheckPlan(
                try .init(
                    intervals: .init(normal: interval, jitterShare: 0.1), timeout: timeout,
                    unhealthyThreshold: unhealthyAfter, immediateFailures: []),
                depth: depth), panic: panic)
    }

    private let crash = FaultPlan(.crash, on: .replica(service: 0, 1), for: .seconds(10))

    @Test("a crashed replica is found, left out, and used again when it is back")
    func crashed() throws {
        var simulation = balanced(try checks(), network: .constant(.milliseconds(1)))
            .run(for: .seconds(9), [at(.seconds(5), crash)])
        #expect(simulation.world.balancer?.replicas.map(\.health) == [.healthy, .unhealthy, .healthy, .healthy])
        #expect(simulation.world.balancer?.unhealthy == 1 && simulation.world.balancer?.eligible == 3)
        let picked = simulation.world.picked[1]
        simulation.run(until: .after(.seconds(14)))
        #expect(simulation.world.picked[1] == picked)
        simulation.run(until: .after(.seconds(17)))
        #expect(simulation.world.balancer?.eligible == 4 && simulation.world.picked[1] > picked)
        let entries = simulation.journal.latest(50_000).reversed().filter { [.unhealthy, .healthy].contains($0.what) }
        #expect(
            entries.map { $0.text(simulation.plan) } == [
                "callers -> service balancer of service#2: UNHEALTHY, 3 failures in a row (limit 3)",
                "callers -> service balancer of service#2: HEALTHY, 1 of 1 probes ok",
            ])
        #expect(simulation.chain(from: entries[0].id).map(\.what) == [.unhealthy, .faultInjected])
        #expect(entries[1].cause == entries[0].id)
        // One call in four for the three or four seconds that it took.
        #expect((100...220).contains(simulation.work.count(.refused)))
    }

    @Test("the first check decides at once")
    func first() throws {
        let simulation = balanced(try checks(panic: try PanicMode()))
            .run(for: .milliseconds(10), [at(.zero, FaultPlan(.crash, on: .replica(service: 0, 0)))])
        #expect(simulation.world.balancer?.replicas.map(\.health) == [.unhealthy, .healthy, .healthy, .healthy])
    }

    @Test("a replica that fails half of its calls passes shallow checks; its calls give it away")
    func grayFailure() throws {
        let gray = at(.seconds(2), error(on: 2, share: 0.5))
        var checked = balanced(try checks(unhealthyAfter: 1)).run(for: .zero, [gray])
        while checked.world.now < .after(.minutes(1)) {
            checked.run(until: .after(.minutes(1)), watching: .windows)
            #expect(checked.world.balancer?.unhealthy == 0)
        }
        #expect(checked.work.failed > 1_000)
        let both = balanced(try checks(unhealthyAfter: 1, outliers: try .init())).run(for: .minutes(1), [gray])
        #expect(both.world.balancer?.replicas[2].ejections ?? 0 > 0 && both.work.failed < 200)
    }

    @Test("deep checks go through queue and worker, and are no calls")
    func deep() throws {
        let system = balanced(try checks(depth: .deep), rate: 1, latency: .constant(.milliseconds(20)))
        let world = system.runDry(after: .seconds(10)).world
        #expect(world.operationMeters[0].offered == 10 && world.operationMeters[0].ok == 10)
        #expect(world.edgeMeters[0].offered == 10 && world.edgeMeters[0].ended == 10)
        #expect(world.pool(ofService: 0).totals.submitted > 100)
        #expect(world.balancer?.replicas.allSatisfy { $0.health == .healthy && $0.checker?.totals.failed == 0 } == true)
        let hung = FaultPlan(.hang, on: .replica(service: 0, 3))
        #expect(system.run(for: .seconds(10), [at(.seconds(1), hung)]).world.balancer?.replicas[3].health == .unhealthy)
        let shallow = balanced(try checks(), rate: 1).run(for: .seconds(10), [at(.seconds(1), hung)])
        #expect(shallow.world.balancer?.replicas[3].health == .healthy)
    }

    @Test("a hung probe has failed after its time, and the next one is sent all the same")
    func hungProbe() throws {
        let fault = FaultPlan(.hungProbe, on: .edge(0), for: .seconds(20))
        var simulation = balanced(try checks(), network: .constant(.milliseconds(1)))
            .run(for: .seconds(24), [at(.seconds(5), fault)])
        let during = try #require(simulation.world.balancer?.replicas[0].checker)
        #expect(during.state == .unhealthy && during.totals.timedOut >= 10)
        #expect(simulation.world.callsUnderWay <= 1)
        #expect(simulation.world.faultLog[0].hits >= 40)
        simulation.run(until: .after(.seconds(27)))
        #expect(simulation.world.balancer?.eligible == 4)
        #expect(simulation.work.count(.noReplica) > 1_000)
    }

    @Test("checks that all fail make a balancer panic, so that no call suffers from them")
    func panic() throws {
        let fault = FaultPlan(.hungProbe, on: .edge(0), for: .seconds(20))
        let simulation = balanced(try checks(panic: try PanicMode())).runDry(
            after: .seconds(30), [at(.seconds(5), fault)])
        #expect(simulation.work.failed == 0 && simulation.world.balancer?.panics == 1)
        #expect(simulation.world.balancer?.isPanicking == false)
    }

    @Test("one false alarm in twenty does not get through three in a row, but does through one")
    func falseAlarms() throws {
        func unhealthy(after count: Int) throws -> Int {
            let fault = FaultPlan(.falseAlarm, on: .edge(0), probability: 0.05)
            let simulation = balanced(try checks(every: .seconds(10), unhealthyAfter: count), rate: 1)
                .run(for: .minutes(10), [at(.seconds(1), fault)])
            #expect(simulation.world.faultLog[0].hits > 5)
            return simulation.journal.latest(50_000).reversed().count { $0.what == .unhealthy }
        }
        #expect(try unhealthy(after: 3) == 0)
        #expect(try unhealthy(after: 1) > 5)
    }

    @Test("faults of health checks leave calls alone")
    func callsUnharmed() throws {
        let faults = [FaultPlan(.hungProbe, on: .edge(0)), FaultPlan(.falseAlarm, on: .edge(0))]
        let simulation = balanced(BalancerPlan()).runDry(after: .seconds(2), faults.map { at(.zero, $0) })
        #expect(simulation.work.ok == 400 && simulation.world.faultLog.allSatisfy { $0.hits == 0 })
    }

    @Test("a network that loses or delays messages does so to probes")
    func network() throws {
        for kind in [FaultPlan.Kind.error, .latency(add: .seconds(1), jitter: 0), .hang] {
            let world = balanced(try checks()).run(for: .seconds(12), [at(.seconds(1), FaultPlan(kind, on: .edge(0)))])
                .world
            #expect(world.balancer?.unhealthy == 4, "\(kind)")
        }
    }

    @Test("breakers that listen hear of it: each of its replica, or one of all")
    func breakers() throws {
        func run(_ scope: BreakerPlan.Scope, _ target: FaultPlan.Target) throws -> World {
            let settings = try CircuitBreaker.Settings(window: .calls(100_000), health: .closes)
            return balanced(try checks(), inside: [.breaker(BreakerPlan(settings, scope: scope))])
                .run(for: .seconds(9), [at(.seconds(3), FaultPlan(.crash, on: target, for: .seconds(20)))]).world
        }
        let one = try run(.replica, .replica(service: 0, 2))
        #expect((0..<4).map { one.breaker(edge: 0, stage: 1, part: $0)?.state } == [.closed, .closed, .open, .closed])
        #expect(try run(.edge, .replica(service: 0, 2)).breaker(edge: 0, stage: 1)?.state == .closed)
        #expect(try run(.edge, .service(0)).breaker(edge: 0, stage: 1)?.state == .open)
    }

    @Test("a breaker that closes by health does so when the first replica is well again")
    func breakerCloses() throws {
        let settings = try CircuitBreaker.Settings(window: .calls(100_000), openTime: .minutes(5), health: .closes)
        let world = balanced(try checks(), inside: [.breaker(BreakerPlan(settings))])
            .run(for: .seconds(20), [at(.seconds(3), FaultPlan(.crash, on: .service(0), for: .seconds(10)))]).world
        #expect(world.breaker(edge: 0, stage: 1)?.state == .closed)
        #expect(world.breaker(edge: 0, stage: 1)?.trips == 1)
    }

    @Test("with checks or without, calls find the same network and the same work")
    func streams() throws {
        func time(_ plan: BalancerPlan) -> Duration {
            balanced(
                plan, latency: .exponential(mean: .milliseconds(3)), network: .exponential(mean: .milliseconds(2))
            ).runDry(after: .seconds(5)).work.totalTime
        }
        #expect(time(BalancerPlan()) == time(try checks(depth: .deep)))
    }
}
