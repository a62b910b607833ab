import Resilience
import Simulation
import Testing
import Timeline

@Suite("Throttles and adaptive concurrency limits in front of calls")
struct ConcurrencyTests {
    /// Two replicas, one of which is down: half of the calls that go out are refused.
    private func halfRefused(_ settings: AdaptiveThrottle.Settings, length: Duration = .seconds(40)) -> Simulation {
        var system = SmallSystem(rate: 200, workers: 100, guards: [.throttle(settings)])
        system.plan.services[0].replicas = 2
        let crash = FaultPlan(.crash, on: .replica(service: 0, 1))
        return system.run(for: length, [TimedAction(at: .after(.nanoseconds(1)), .inject(crash))])
    }

    @Test("a throttle holds back the share of the formula when half of the calls are refused")
    func formula() throws {
        for (threshold, share) in [(0.9, 1 - 0.5 / 0.9), (0.75, 1 - 0.5 / 0.75), (0.5, 0)] {
            let simulation = halfRefused(try .init(threshold: threshold, window: .seconds(10)))
            let counts = simulation.world.throttled(edge: 0)
            #expect(abs(Double(counts.rejected) / Double(counts.asked) - share) < 0.03, "\(threshold): \(counts)")
            #expect(Int(simulation.work.count(.throttled)) == counts.rejected)
        }
    }

    @Test("a throttle never holds back more than its largest share, and lets go when the service is well again")
    func limits() throws {
        let crash = FaultPlan(.crash, on: .service(0), for: .seconds(30))
        let settings = try AdaptiveThrottle.Settings(maximumRejection: 0.8, window: .seconds(10))
        let system = SmallSystem(rate: 200, workers: 100, guards: [.throttle(settings)])
        let actions = [TimedAction(at: .after(.nanoseconds(1)), .inject(crash))]
        let during = system.run(for: .seconds(30), actions).world.throttled(edge: 0)
        #expect(abs(Double(during.rejected) / Double(during.asked) - 0.8) < 0.03)
        let simulation = system.run(for: .seconds(60), actions)
        #expect(simulation.world.throttle(edge: 0, stage: 0)?.rejectionProbability(at: simulation.world.now) == 0)
    }

    @Test("errors are answers: a service that fails is not one that has no room")
    func errorsAreAnswers() throws {
        var system = SmallSystem(rate: 200, workers: 100, guards: [.throttle(try .init())])
        system.plan.services[0].errors = 0.5
        let world = system.run(for: .seconds(20)).world
        #expect(world.throttled(edge: 0).rejected == 0)
        #expect(world.throttle(edge: 0, stage: 0)?.totals.refused == 0)
    }

    /// Ten workers with exponential work of 10 ms, asked for twice what they can do.
    private func overload(_ guards: [GuardPlan], for length: Duration) -> Simulation {
        var system = SmallSystem(
            workers: 10, queue: 100_000, latency: .exponential(mean: .milliseconds(10)), guards: guards)
        system.plan.loads[0].arrivals = .open(.poisson, [.steady(2_000)])
        return system.run(for: length)
    }

    private static let algorithms: [(String, ConcurrencyLimit.Settings)] = {
        // Times vary so much that single calls would mislead.
        let window = ConcurrencyLimit.Window(minimumLength: .milliseconds(100), maximumLength: .milliseconds(100))
        let all: [(String, ConcurrencyLimit.Settings?)] = [
            ("vegas", try? .vegas(window: window)), ("gradient2", try? .gradient(minimum: 5)),
            ("aimd", try? .aimd(.init(timeout: .milliseconds(30)), minimum: 5, window: window)),
        ]
        return all.compactMap { name, settings in settings.map { (name, $0) } }
    }()

    @Test("each algorithm finds a limit near the knee, where all workers are busy and few calls wait")
    func knee() throws {
        #expect(Self.algorithms.count == 3)
        #expect(overload([], for: .seconds(4)).world.value(of: .queued(service: 0)) > 3_000)
        for (name, settings) in Self.algorithms {
            let simulation = overload([.concurrency(settings)], for: .seconds(10))
            let limit = try #require(simulation.world.concurrencyLimit(edge: 0, stage: 0))
            #expect((15...40).contains(limit.limit), "\(name): \(limit.limit)")
            #expect(simulation.work.ok > 9_700, "\(name): \(simulation.work.ok)")
            #expect(simulation.world.value(of: .queued(service: 0)) < 30, "\(name)")
            let latencies = simulation.history.latencies(operation: 0, .ok, over: 5..<10)
            #expect(try #require(latencies.quantile(0.99)) < .milliseconds(90), "\(name)")
            #expect(limit.totals.raised > 0 && simulation.entries.contains { $0.what == .limitChanged })
            #expect(Int(simulation.work.count(.limitReached)) == limit.totals.rejected)
        }
    }

    @Test("what the caller refused itself, and plain errors, teach a limit nothing")
    func ignored() throws {
        let settings = try ConcurrencyLimit.Settings.aimd(initial: 50)
        var system = SmallSystem(
            rate: 500, workers: 100, latency: .constant(.milliseconds(20)),
            guards: [.concurrency(settings), try bulkhead(2, queue: 0)])
        system.plan.services[0].errors = 1
        let world = system.runDry(after: .seconds(5)).world
        let limit = try #require(world.concurrencyLimit(edge: 0, stage: 0))
        #expect((limit.limit, limit.inFlight) == (50, 0))
        #expect(limit.totals.ignored == limit.totals.admitted && limit.totals.admitted == 2_500)
    }

    @Test("a changed limit is an entry that says from what to what")
    func change() throws {
        let guards = [GuardPlan.concurrency(try .aimd(initial: 20, minimum: 10))]
        let system = SmallSystem(rate: 10, workers: 10, guards: guards)
        var changed = system.plan
        changed.edges[0].guards = [.concurrency(try .aimd(initial: 10, minimum: 10, maximum: 15))]
        let simulation = system.run(for: .seconds(2), [TimedAction(at: .after(.seconds(1)), .change(changed))])
        let entry = try #require(simulation.entries.first { $0.what == .limitChanged })
        #expect(entry.text(system.plan) == "callers -> service concurrency: limit changed, 20 to 15")
    }
}
