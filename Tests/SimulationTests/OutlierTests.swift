import Resilience
import Simulation
import Testing
import Timeline

@Suite("Replicas that are ejected")
struct OutlierTests {
    private func outliers(atMost: Int = 50, ejection: Duration = .seconds(10)) throws -> BalancerPlan {
        BalancerPlan(
            outliers: try .init(interval: .seconds(1), baseEjectionTime: ejection, maxEjectionPercent: atMost))
    }

    @Test("an ejected replica gets no call before it is due, and then gets its share again")
    func ejection() throws {
        var simulation = balanced(try outliers())
            .run(for: .seconds(3), [at(.seconds(1), error(on: 2, for: .seconds(2)))])
        let until = try #require(simulation.world.balancer?.replicas[2].ejectedUntil)
        #expect((11_000...11_200).contains(until.sinceZero.milliseconds))
        #expect(simulation.world.balancer?.ejected == 1 && simulation.world.balancer?.eligible == 3)
        let failed = simulation.world.balancer?.replicas[2].failed
        #expect(failed == 5)
        let picked = simulation.world.picked[2]
        simulation.run(until: until)
        #expect(simulation.world.picked[2] == picked)
        simulation.run(until: .after(.seconds(16)))
        #expect((picked + 150...picked + 250).contains(simulation.world.picked[2]))
        #expect(simulation.world.balancer?.replicas[2].ejectedUntil == nil)
    }

    @Test("a replica that goes on failing is ejected for longer each time")
    func growth() throws {
        var simulation = balanced(try outliers(ejection: .seconds(2))).run(for: .zero, [at(.seconds(1), error(on: 0))])
        var lengths: [Double] = []
        while simulation.world.now < .after(.seconds(40)) {
            simulation.run(until: .after(.seconds(40)), watching: .replicas)
            guard let until = simulation.world.balancer?.replicas[0].ejectedUntil else { continue }
            lengths.append((until - simulation.world.now).seconds.rounded())
        }
        #expect(Array(lengths.prefix(4)) == [2, 4, 6, 8])
    }

    @Test(
        "no more than the share are ejected, though all fail", arguments: [(0, 1), (10, 1), (50, 2), (80, 3), (100, 4)])
    func limit(share: Int, most: Int) throws {
        var plan = try outliers(atMost: share)
        plan.panic = try PanicMode()
        var simulation = balanced(plan).run(for: .zero, [at(.seconds(1), FaultPlan(.error, on: .service(0)))])
        var seen = 0
        while simulation.world.now < .after(.seconds(60)) {
            simulation.run(until: .after(.seconds(60)), watching: .replicas)
            seen = max(seen, simulation.world.balancer?.ejected ?? 0)
        }
        #expect(seen == most)
    }

    @Test("where too few are left all are used, and where that is never done calls find no replica")
    func panic() throws {
        func run(_ panic: PanicMode?) throws -> Simulation {
            var plan = try outliers(atMost: 100)
            plan.panic = panic
            return balanced(plan).run(
                for: .seconds(8), [at(.seconds(1), FaultPlan(.error, on: .service(0), for: .seconds(1)))])
        }
        let brave = try run(try PanicMode())
        #expect(brave.world.balancer?.isPanicking == true && brave.world.balancer?.ejected == 4)
        #expect(brave.work.count(.noReplica) == 0 && brave.work.ok > 1_300)
        #expect(brave.journal.latest(2_000).contains { $0.what == .readmitted } == false)
        let strict = try run(nil)
        #expect(strict.work.count(.noReplica) > 1_300 && (198...200).contains(strict.work.ok))
        #expect(strict.world.balancer?.refused == strict.work.count(.noReplica))
    }

    @Test("panic ends when enough replicas are back, and both stand in the journal")
    func calm() throws {
        var plan = try outliers(atMost: 100, ejection: .seconds(2))
        plan.panic = try PanicMode()
        let simulation = balanced(plan).run(
            for: .seconds(10), [at(.seconds(1), FaultPlan(.error, on: .service(0), for: .milliseconds(500)))])
        let changes = simulation.journal.latest(20_000).reversed().filter { [.panicked, .calmed].contains($0.what) }
        #expect(changes.map(\.what) == [.panicked, .calmed])
        #expect(
            changes.first?.text(simulation.plan)
                == "callers -> service balancer: PANIC: all replicas are used, 1 of 4 replicas left")
        #expect(simulation.world.balancer?.panics == 1)
    }

    @Test("the shares of failures are judged at the interval's end")
    func failureShare() throws {
        let plan = BalancerPlan(
            outliers: try .init(
                interval: .seconds(2), errors: .init(5, enforcement: 0),
                failurePercentage: .init(threshold: 30, minimumHosts: 3, minimumCalls: 20, enforcement: 100)))
        let simulation = balanced(plan).run(for: .seconds(5), [at(.seconds(2), error(on: 1, share: 0.5))])
        let ejected = try #require(simulation.journal.latest(20_000).reversed().first { $0.what == .ejected })
        #expect(ejected.time == .after(.seconds(4)))
        #expect(ejected.text(simulation.plan).hasPrefix("callers -> service balancer of service#2: EJECTED, failures "))
        #expect(ejected.text(simulation.plan).hasSuffix("% (limit 30%)"))
    }

    @Test("a success rate far below the others' is found among five, and cannot be among four")
    func successRate() throws {
        for (replicas, expected) in [(5, 1), (4, 0)] {
            let plan = BalancerPlan(
                outliers: try .init(
                    interval: .seconds(5), errors: .init(5, enforcement: 0),
                    successRate: .init(minimumHosts: 4, minimumCalls: 20)))
            let simulation = balanced(plan, replicas: replicas)
                .run(for: .seconds(6), [at(.zero, error(on: 1, share: 0.5))])
            #expect(simulation.world.balancer?.ejected == expected)
        }
    }

    @Test("an ejection is caused by the call that did it, and that by the fault; the return by the ejection")
    func causes() throws {
        let simulation = balanced(try outliers(ejection: .seconds(2)))
            .run(for: .seconds(6), [at(.seconds(1), error(on: 3, for: .seconds(1)))])
        let entries = Array(simulation.journal.latest(50_000).reversed())
        let ejected = try #require(entries.first { $0.what == .ejected })
        #expect(
            ejected.text(simulation.plan)
                == "callers -> service balancer of service#4: EJECTED, 5 failures in a row (limit 5)")
        #expect(ejected.request > 0)
        #expect(simulation.chain(from: ejected.id).contains { $0.what == .faultInjected })
        let back = try #require(entries.first { $0.what == .readmitted })
        #expect(back.cause == ejected.id)
    }

    @Test("refusals on this side say nothing of the replica, and neither do the caller's faults")
    func localRefusals() throws {
        var system = balanced(
            try outliers(), rate: 400, latency: .constant(.milliseconds(50)), inside: [try bulkhead(1, queue: 0)])
        system.plan.services[0].invalid = 0.5
        let world = system.run(for: .seconds(5)).world
        #expect(world.operationMeters[0].count(.bulkheadFull) > 1_000)
        #expect(world.operationMeters[0].count(.invalid) > 10)
        #expect(world.balancer?.ejected == 0 && world.balancer?.replicas.allSatisfy { $0.failed == 0 } == true)
    }

    @Test("timeouts inside the balancer count against the replica")
    func timeouts() throws {
        let world = balanced(try outliers(), inside: [try timeout(.milliseconds(20))])
            .run(for: .seconds(3), [at(.seconds(1), FaultPlan(.hang, on: .replica(service: 0, 0)))]).world
        #expect(world.balancer?.replicas[0].ejectedUntil != nil)
        #expect(world.balancer?.replicas[0].failed ?? 0 >= 5)
    }

    @Test("changed settings hold from the next result on")
    func liveChange() throws {
        let system = balanced(try outliers())
        var plan = system.plan
        plan.edges[0].guards = [
            .balancer(
                BalancerPlan(
                    by: .leastBusy, outliers: try .init(errors: .init(1_000), successRate: .init(enforcement: 0))))
        ]
        let world = system.run(
            for: .seconds(5), [TimedAction(at: .after(.seconds(1)), .change(plan)), at(.seconds(2), error(on: 0))]
        ).world
        #expect(world.balancer?.by == .leastBusy && world.balancer?.ejected == 0)
    }
}
