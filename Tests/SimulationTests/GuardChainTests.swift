import Bulkheads
import Resilience
import Simulation
import Testing
import Timeline

/// Chains of all kinds of guards in any order.
@Suite("Guards in any order")
struct GuardChainTests {
    private static let chains = 60

    /// A run that nobody looks at.
    private var blind: Simulation.Options {
        var options = Simulation.Options()
        (options.journalEntries, options.keyframeBytes, options.measures) = (0, 0, false)
        return options
    }

    private func kinds() throws -> [GuardPlan] {
        [
            try limiter(.smooth, 60, wait: .milliseconds(100), givesBack: true),
            try limiter(.tokenBucket, 80, burst: 5), try limiter(.slidingLog, 50, wait: .milliseconds(40)),
            .throttle(try .init(window: .seconds(2))), .concurrency(try .aimd(initial: 5, minimum: 1)),
            .concurrency(try .vegas(initial: 5)), .concurrency(try .gradient(initial: 5, minimum: 1)),
            try isolator([
                try compartment(threads: 1, queue: 2, fallback: .value),
                try compartment(threads: 2, queue: 2, rate: 90),
            ]),
            try isolator([
                try Compartment.Settings(
                    isolation: .semaphore(try Semaphore.Settings(permits: 1, maximumWait: .milliseconds(50))),
                    fallback: try Fallback.Settings(source: .value)),
                try compartment(threads: 2, breaker: try .init(window: .calls(5))),
            ]),
            try bulkhead(2, queue: 3),
            .bulkhead(try ThreadPool.Settings(core: 1, queue: 1, whenFull: .callerRuns)),
            .bulkhead(try ThreadPool.Settings(core: 1, queue: 2, whenFull: .discardOldest)),
            .semaphore(try Semaphore.Settings(permits: 2, maximumWait: .milliseconds(30))),
            try retry(2), try breaker(10, open: .milliseconds(500)), try timeout(.milliseconds(80)),
            .hedge(try HedgePlan(try HedgePolicy(delay: .fixed(.milliseconds(20)), maxHedges: 2))),
        ]
    }

    private func plan(_ random: inout RandomStream) throws -> Plan {
        var kinds = try kinds()
        var guards: [GuardPlan] = []
        for _ in 0..<(2 + random.below(5)) { guards.append(kinds.remove(at: Int(random.below(UInt64(kinds.count))))) }
        var plan = try IsolatedSystem(guards: guards, rates: (50, 60)).plan
        plan.services[1].workers = 3
        plan.services[1].queue = 5
        plan.services[1].errors = 0.1
        plan.operations[2].latency = .exponential(mean: .milliseconds(40))
        plan.operations[3].latency = .exponential(mean: .milliseconds(15))
        for edge in 0..<2 { plan.edges[edge].guards = [try timeout(.milliseconds(120))] }
        for edge in plan.edges.indices {
            plan.edges[edge].passesCancellation = random.below(3) > 0
            plan.edges[edge].passesDeadline = random.below(2) > 0
        }
        return plan
    }

    @Test("every call ends once, and nothing is held when all have ended")
    func nothingIsHeld() throws {
        var random = RandomStream(seed: 1, name: "chains", purpose: "test")
        for _ in 0..<Self.chains {
            let plan = try plan(&random)
            var simulation = Simulation(plan: plan, options: blind)
            simulation.schedule(TimedAction(at: .after(.seconds(2)), .stopLoad))
            simulation.run(until: .after(.seconds(20)))
            let world = simulation.world
            let chain = plan.edges[2].guards.map(\.name).joined(separator: ", ")
            #expect(world.isIdle, "\(chain)")
            for meter in world.operationMeters { #expect(meter.offered == meter.ended, "\(chain)") }
            for stage in plan.edges[2].guards.indices {
                #expect(isEmpty(world, stage), "\(chain) at \(stage), \(plan.edges.map(\.passesCancellation))")
            }
            #expect(world.pool(ofService: 1).active == 0 && world.pool(ofService: 1).queued == 0, "\(chain)")
        }
    }

    private func isEmpty(_ world: World, _ stage: Int) -> Bool {
        let bulkhead = world.bulkhead(edge: 2, stage: stage)
        let semaphore = world.semaphore(edge: 2, stage: stage)
        let compartments = world.isolator(edge: 2, stage: stage)?.compartments ?? []
        let held = [
            bulkhead?.active, bulkhead?.queued, semaphore?.inUse, semaphore?.waiting,
            world.concurrencyLimit(edge: 2, stage: stage)?.inFlight,
            world.breaker(edge: 2, stage: stage)?.totals.inFlight,
            world.limiter(edge: 2, stage: stage)?.reserved(at: world.now),
        ]
        return held.allSatisfy { $0 ?? 0 == 0 }
            && compartments.allSatisfy { $0.running == 0 && $0.queued == 0 && $0.fallback.inFlight == 0 }
    }

    @Test("a run is the same in pieces, and with or without journal and keyframes")
    func determinism() throws {
        var random = RandomStream(seed: 2, name: "chains", purpose: "test")
        for _ in 0..<8 {
            let plan = try plan(&random)
            var whole = Simulation(plan: plan)
            whole.run(until: .after(.seconds(3)))
            var pieces = Simulation(plan: plan, options: blind)
            while pieces.world.now < .after(.seconds(3)) {
                pieces.run(until: min(pieces.world.now + .milliseconds(Int64(random.below(200))), .after(.seconds(3))))
            }
            #expect(pieces.world.runDigest == whole.world.runDigest)
            #expect(pieces.world.stateDigest == whole.world.stateDigest)
        }
    }
}
