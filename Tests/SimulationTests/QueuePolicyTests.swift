import Bulkheads
import Resilience
import Simulation
import Testing
import Timeline

/// What a queue does under overload: physics first, then the cures.
@Suite("Queues under overload")
struct QueuePolicyTests {
    /// 200 calls a second for a service that can do 100, whose callers wait for 500 ms.
    private func overload(_ change: (inout ServicePlan) -> Void = { _ in }) throws -> SmallSystem {
        var system = SmallSystem(
            rate: 200, workers: 1, queue: 100_000, latency: .constant(.milliseconds(10)),
            guards: [try timeout(.milliseconds(500))])
        system.plan.edges[0].passesDeadline = true
        change(&system.plan.services[0])
        return system
    }

    private func goodput(_ system: SmallSystem) -> Double {
        let simulation = system.run(for: .seconds(60))
        return simulation.history.growth(.load(0, .ok), over: 30..<60) / 30
    }

    @Test("first in, first out: all are served too late")
    func collapse() throws {
        #expect(goodput(try overload()) == 0)
    }

    @Test(
        "each of these keeps goodput near what the service can do",
        arguments: ["long waits are dropped", "last in, first out", "a short queue"])
    func cures(cure: String) throws {
        let system = try overload { service in
            switch cure {
            case "long waits are dropped": service.maximumWait = .milliseconds(400)
            case "last in, first out": service.order = .lifo
            default: service.queue = 40
            }
        }
        #expect(goodput(system) > 80)
        let world = system.runDry(after: .seconds(10)).world
        #expect(world.isIdle)
        #expect(world.operationMeters[0].offered == world.operationMeters[0].ended)
    }

    @Test("to drop only what has expired is no cure: what is left has no time left for its work")
    func droppingExpired() throws {
        let system = try overload { $0.expired = .drop }
        #expect(goodput(system) == 0)
        let world = system.run(for: .seconds(60)).world
        #expect(world.pool(ofService: 0).queued < 110)
        #expect(world.pool(ofService: 0).totals.expired > 4_000)
    }

    @Test("a full queue that discards its oldest tells the discarded caller")
    func discardsOldest() throws {
        let system = try overload { service in
            (service.queue, service.whenFull) = (10, .discardOldest)
        }
        let world = system.runDry(after: .seconds(10)).world
        #expect(world.operationMeters[0].count(.dropped) > 900)
        #expect(world.operationMeters[0].offered == world.operationMeters[0].ended)
        #expect(world.pool(ofService: 0).totals.discarded == Int(world.operationMeters[0].count(.dropped)))
    }

    /// Two loads of different urgency, together more than the service can do.
    private func twoPriorities(_ order: ThreadPool.Order) -> Simulation {
        var system = SmallSystem(rate: 80, workers: 1, queue: 50, latency: .constant(.milliseconds(10)))
        system.plan.services[0].order = order
        system.plan.loads[0].priority = .critical
        var low = system.plan.loads[0]
        (low.name, low.priority) = ("background", .low)
        system.plan.loads.append(low)
        return system.run(for: .seconds(30))
    }

    @Test("by priority the urgent calls do not wait behind the others, which starve")
    func priorities() {
        let fair = twoPriorities(.fifo)
        let strict = twoPriorities(.priority())
        func p99(_ simulation: Simulation, _ load: Int) -> Duration {
            simulation.history.latencies(load: load, .ok, over: nil).quantile(0.99) ?? .zero
        }
        #expect(p99(fair, 0) > .milliseconds(400))
        #expect(p99(strict, 0) < .milliseconds(30))
        #expect(strict.world.pool(ofService: 0).queued(.low) > 40)
        #expect(strict.world.loadMeters[1].ok < fair.world.loadMeters[1].ok)
    }

    @Test("a semaphore admits as many as it has permits, the others wait for as long as they may")
    func semaphore() throws {
        for wait in [Duration.zero, .milliseconds(15), .seconds(10)] {
            let settings = try Semaphore.Settings(permits: 2, maximumWait: wait)
            let simulation = SmallSystem(
                rate: 300, workers: 50, latency: .constant(.milliseconds(10)), guards: [.semaphore(settings)]
            ).runDry(after: .seconds(5))
            let world = simulation.world
            let semaphore = try #require(world.semaphore(edge: 0, stage: 0))
            #expect(semaphore.inUse == 0 && semaphore.waiting == 0)
            #expect(semaphore.totals.mostInUse == 2)
            #expect(UInt64(semaphore.totals.rejected) == world.operationMeters[0].count(.bulkheadFull))
            #expect(world.operationMeters[0].offered == world.operationMeters[0].ended)
            let longest = simulation.history.latencies(operation: 0, .all, over: nil).longest ?? .zero
            #expect(longest <= wait + .milliseconds(11) || wait > .seconds(1))
        }
    }

    @Test("a bulkhead's policies: abort, discard and discard-oldest refuse, caller-runs does not")
    func bulkheadPolicies() throws {
        for policy in ThreadPool.RejectionPolicy.allCases {
            let settings = try ThreadPool.Settings(core: 2, queue: 2, whenFull: policy)
            let world = SmallSystem(
                rate: 500, workers: 50, latency: .constant(.milliseconds(10)), guards: [.bulkhead(settings)]
            ).runDry(after: .seconds(2)).world
            let refused = world.operationMeters[0].count(.bulkheadFull)
            #expect(policy == .callerRuns ? refused == 0 : refused > 400)
            #expect(world.operationMeters[0].offered == world.operationMeters[0].ended)
            #expect(world.bulkhead(edge: 0, stage: 0)?.active == 0)
        }
    }
}
