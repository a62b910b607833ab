import Simulation
import Testing
import Timeline

@Suite("Loads and services")
struct LoadTests {
    private func arrivals(_ stages: [RateStage], _ process: LoadPlan.Process = .even, after length: Duration) -> UInt64
    {
        var system = SmallSystem(workers: 1_000)
        system.plan.loads[0].arrivals = .open(process, stages)
        return system.run(for: length).world.requestsArrived
    }

    @Test(
        "the rate is followed through stages and ramps",
        arguments: [
            ([RateStage.steady(50)], 10, 500),
            ([RateStage(from: 0, to: 100, over: .seconds(10)), .steady(100)], 10, 500),
            ([RateStage(from: 0, to: 100, over: .seconds(10)), .steady(100)], 20, 1_500),
            ([RateStage(from: 100, to: 0, over: .seconds(10)), .steady(0)], 100, 500),
            (
                [
                    RateStage(from: 10, to: 10, over: .seconds(5)), RateStage(from: 0, to: 0, over: .seconds(5)),
                    .steady(20),
                ], 20, 250
            ),
            ([RateStage.steady(0)], 100, 0),
        ])
    func stages(stages: [RateStage], seconds: Int64, expected: Int) {
        let count = arrivals(stages, after: .seconds(seconds) + .milliseconds(1))
        #expect(abs(Int(count) - expected) <= 1)
    }

    @Test("Poisson arrivals have the mean and the variance of their rate")
    func poisson() {
        var system = SmallSystem(workers: 10_000, queue: 0)
        system.plan.loads[0].arrivals = .open(.poisson, [.steady(200)])
        var simulation = Simulation(plan: system.plan)
        simulation.run(until: .after(.seconds(100)))
        let counts = simulation.history.rates(.load(0, .offered), 100)
        let mean = counts.reduce(0, +) / 100
        let variance = counts.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 99
        #expect((195...205).contains(mean))
        #expect((0.6...1.5).contains(variance / mean))
    }

    @Test("users of a closed load wait for their answer, think, and ask again")
    func closed() {
        var system = SmallSystem(workers: 1, queue: 100, latency: .constant(.milliseconds(100)))
        system.plan.loads[0].arrivals = .closed(users: 5, think: .constant(.milliseconds(900)))
        let simulation = system.run(for: .seconds(10))
        // Five users each need at least a second for a round; a tenth of that they spend in the queue or at work.
        #expect((40...50).contains(simulation.work.ok))
        #expect(simulation.work.underWay <= 5)
    }

    @Test("users come and go when their number is changed")
    func changedUsers() {
        var system = SmallSystem(workers: 100, latency: .constant(.milliseconds(10)))
        system.plan.loads[0].arrivals = .closed(users: 2, think: .constant(.milliseconds(90)))
        var more = system.plan
        more.loads[0].arrivals = .closed(users: 6, think: .constant(.milliseconds(90)))
        var simulation = Simulation(plan: system.plan)
        simulation.run(until: .after(.seconds(1)))
        simulation.perform(.change(more))
        simulation.run(until: .after(.seconds(2)))
        simulation.perform(.change(system.plan))
        simulation.run(until: .after(.seconds(4)))
        let rates = simulation.history.rates(.load(0, .offered), 4)
        #expect(
            rates == [18, 58, 22, 20] || rates.enumerated().allSatisfy { abs($1 - [20, 60, 20, 20][$0]) <= 4 },
            "\(rates)")
    }

    @Test("a changed rate holds from that moment on")
    func changedRate() {
        let system = SmallSystem(rate: 10, workers: 100)
        var faster = system.plan
        faster.loads[0].arrivals = .open(.even, [.steady(100)])
        var simulation = Simulation(plan: system.plan)
        simulation.run(until: .after(.seconds(5)))
        simulation.perform(.change(faster))
        simulation.run(until: .after(.seconds(10)))
        #expect((545...555).contains(simulation.world.requestsArrived))
    }

    @Test("a worker is held until the downstream reply, unless the service says it does not block")
    func blocking() {
        func busy(_ isBlocking: Bool) -> Int {
            var system = SmallSystem(rate: 10, workers: 50)
            var backend = ServicePlan(name: "backend")
            (backend.workers, backend.latency) = (100, .constant(.seconds(2)))
            system.plan.services.append(backend)
            system.plan.services[0].blocking = isBlocking
            system.plan.operations.append(OperationPlan(name: "backend.work", service: 1))
            system.plan.edges.append(EdgePlan(name: "service -> backend", source: .service(0), target: 1))
            system.plan.operations[0].calls = [CallPlan(edge: 1, operation: 1)]
            return Int(system.run(for: .milliseconds(5_050)).world.value(of: .busy(service: 0)))
        }
        #expect(busy(true) == 20 && busy(false) == 0)
    }

    @Test("a cache answers what it knows faster than the service, and expires")
    func cache() {
        var system = SmallSystem(rate: 10, workers: 9, latency: .constant(.milliseconds(20)))
        system.plan.services[0].cache = CachePlan.standard(10, 100, timeToLive: .milliseconds(950))
        system.plan.loads[0].keys = .uniform(1)
        let simulation = system.runDry(after: .seconds(2))
        // Loads at 0.1 s, 1.1 s and 2 s (the value of 1.1 s was filled at 1.12 s and dies at 2.07 s): two of twenty.
        #expect(simulation.world.value(of: .levelHits(service: 0, level: 0)) == 18)
        // Either load first asks both levels in vain.
        #expect(simulation.work.totalTime == .microseconds(2 * 21_050 + 18 * 50))
    }

    @Test("what a cache knows makes no calls; keys are an operation's own")
    func cacheSparesCalls() {
        var system = SmallSystem(rate: 10, workers: 9)
        system.plan.services[0].cache = CachePlan.standard(10, 100, timeToLive: nil)
        system.plan.services.append(ServicePlan(name: "backend"))
        system.plan.operations += [
            OperationPlan(name: "backend.work", service: 1), OperationPlan(name: "service.other", service: 0),
        ]
        system.plan.edges.append(EdgePlan(name: "service -> backend", source: .service(0), target: 1))
        for operation in [0, 2] { system.plan.operations[operation].calls = [CallPlan(edge: 1, operation: 1)] }
        system.plan.loads.append(
            LoadPlan(
                name: "others", target: .call(CallPlan(edge: 0, operation: 2)),
                arrivals: .open(.even, [.steady(9)])))
        for load in [0, 1] { system.plan.loads[load].keys = .uniform(1) }
        let world = system.runDry(after: .seconds(5)).world
        #expect(world.operationMeters.map(\.ok) == [50, 2, 45])
        #expect(world.value(of: .levelHits(service: 0, level: 0)) == 93)
    }

    @Test("a change of something else leaves the arrivals alone")
    func arrivalsGoOn() {
        let system = SmallSystem(rate: 1, workers: 9)
        var changed = system.plan
        let changes = (1...40).map { half in
            changed.services[0].workers = 9 + half
            return TimedAction(at: .after(.milliseconds(Int64(half) * 250)), .change(changed))
        }
        #expect(system.runDry(after: .seconds(10), changes).work.ok == 10)
    }

    @Test("M/M/1 at 80 % utilisation stays five service times in the system (Erlang)")
    func queueingTheory() {
        var system = SmallSystem(workers: 1, queue: 10_000, latency: .exponential(mean: .milliseconds(1)))
        system.plan.loads[0].arrivals = .open(.poisson, [.steady(800)])
        let simulation = system.run(for: .seconds(150))
        let mean = simulation.work.totalTime.seconds / Double(simulation.work.ended)
        // 120 000 customers: the standard error of the mean is about 2.6 %.
        #expect(abs(mean / 0.005 - 1) < 0.09, "\(mean)")
    }
}
