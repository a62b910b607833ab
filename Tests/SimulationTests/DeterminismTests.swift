import Simulation
import Testing
import Timeline

@Suite("Determinism and time travel")
struct DeterminismTests {
    private static let slowPayment = [
        TimedAction(
            at: .after(.seconds(2)),
            .inject(
                FaultPlan(.latency(add: .milliseconds(800), jitter: 0.2), on: .service(Shop.payment), for: .seconds(3)))
        )
    ]

    private func run(_ options: Simulation.Options, until end: Duration = .seconds(8)) throws -> Simulation {
        var simulation = Simulation(plan: try Shop().plan, options: options)
        for action in Self.slowPayment { simulation.schedule(action) }
        simulation.run(until: .after(end))
        return simulation
    }

    @Test("the digest is the same with and without journal, measurement and keyframes")
    func onlookersChangeNothing() throws {
        let all = try run(.init())
        var blind = Simulation.Options()
        (blind.journalEntries, blind.keyframeBytes, blind.measures) = (0, 0, false)
        let none = try run(blind)
        #expect(all.world.runDigest == none.world.runDigest)
        #expect(all.world.stateDigest == none.world.stateDigest)
        #expect(all.journal.count > 0 && none.journal.count == 0)
    }

    @Test("the digest is this one, in every build and on every machine")
    func digestForEver() throws {
        let digest = try run(.init(), until: .seconds(5)).world.runDigest.description
        #expect(digest == "b99c0b84db653837")
    }

    @Test("it does not matter in which pieces a run is run")
    func pieces() throws {
        let whole = try run(.init())
        var pieces = Simulation(plan: try Shop().plan)
        for action in Self.slowPayment { pieces.schedule(action) }
        var random = RandomStream(seed: 3, name: "pieces", purpose: "test")
        while pieces.world.now < .after(.seconds(8)) {
            let next = pieces.world.now + .milliseconds(Int64(random.below(300)))
            pieces.run(until: min(next, .after(.seconds(8))), atMost: Int(random.below(500)), watching: .breakers)
        }
        #expect(pieces.world.runDigest == whole.world.runDigest)
        #expect(pieces.world.stateDigest == whole.world.stateDigest)
    }

    @Test("another seed is another run")
    func seeds() throws {
        let digests = try (1...5 as ClosedRange<UInt64>).map { seed in
            var simulation = Simulation(plan: try Shop(seed: seed).plan)
            simulation.run(until: .after(.seconds(1)))
            return simulation.world.runDigest
        }
        #expect(Set(digests).count == 5)
    }

    @Test("a further component leaves the random streams of the others alone")
    func streamsAreIndependent() throws {
        var plan = try Shop().plan
        var alone = Simulation(plan: plan)
        plan.services.append(ServicePlan(name: "newcomer"))
        plan.operations.append(OperationPlan(name: "newcomer.work", service: 5))
        plan.edges.append(EdgePlan(name: "newcomers -> newcomer", source: .load(2), target: 5))
        plan.loads.append(
            LoadPlan(
                name: "newcomers", target: .call(CallPlan(edge: 7, operation: 9)),
                arrivals: .open(.poisson, [.steady(50)])))
        var together = Simulation(plan: plan)
        alone.run(until: .after(.seconds(3)))
        together.run(until: .after(.seconds(3)))
        for operation in 0..<9 {
            #expect(
                alone.world.operationMeters[operation].totalTime == together.world.operationMeters[operation].totalTime)
        }
    }

    @Test("the world at 100 random instants is the same when time is turned back to them")
    func rewind() throws {
        var options = Simulation.Options()
        options.keyframeEvents = 1_500
        var simulation = Simulation(plan: try Shop().plan, options: options)
        for action in Self.slowPayment { simulation.schedule(action) }
        var random = RandomStream(seed: 4, name: "rewind", purpose: "test")
        var instants = (0..<100).map { _ in Instant(nanoseconds: Int64(random.below(8_000_000_000))) }.sorted()
        var digests: [Instant: Digest] = [:]
        for instant in instants {
            simulation.run(until: instant)
            digests[instant] = simulation.world.stateDigest
        }
        while !instants.isEmpty {
            let instant = instants.remove(at: Int(random.below(UInt64(instants.count))))
            simulation.seek(to: instant)
            #expect(simulation.world.now == instant)
            #expect(simulation.world.stateDigest == digests[instant], "at \(instant)")
        }
    }

    @Test("one event back is one event back")
    func stepBack() throws {
        var simulation = try run(.init(), until: .seconds(3))
        let digest = simulation.world.stateDigest
        let events = simulation.world.eventsExecuted
        simulation.run(until: .distantFuture, atMost: 7)
        simulation.stepBack(7)
        #expect(simulation.world.eventsExecuted == events)
        simulation.run(until: .after(.seconds(3)))
        #expect(simulation.world.stateDigest == digest)
    }

    @Test("a copy is a fork: what is done to it changes nothing in the run that it was taken from")
    func fork() throws {
        let whole = try run(.init())
        var original = try run(.init(), until: .seconds(4))
        var fork = original
        fork.perform(.inject(FaultPlan(.error, on: .service(Shop.payment), for: .seconds(1))))
        fork.run(until: .after(.seconds(8)))
        original.run(until: .after(.seconds(8)))
        #expect(original.world.runDigest == whole.world.runDigest)
        #expect(original.world.stateDigest == whole.world.stateDigest)
        #expect(original.journal.count == whole.journal.count)
        #expect(fork.world.runDigest != whole.world.runDigest)
        fork.seek(to: .after(.seconds(2)))
        original.seek(to: .after(.seconds(2)))
        #expect(fork.world.runDigest == original.world.runDigest, "their past is one")
    }

    @Test("journal and history of a rewound run are those of the first time")
    func rewoundRecords() throws {
        var simulation = try run(.init(), until: .seconds(6))
        let entries = simulation.journal.latest(500).map(\.id)
        let rates = simulation.history.rates(.operation(Shop.charge, .offered), 60)
        simulation.seek(to: .after(.milliseconds(2_500)))
        #expect(simulation.history.windows == 2)
        #expect(simulation.journal.next == simulation.world.nextEntry)
        simulation.seek(to: .after(.seconds(6)))
        #expect(simulation.journal.latest(500).map(\.id) == entries)
        #expect(simulation.history.rates(.operation(Shop.charge, .offered), 60) == rates)
    }

    @Test("a command given after turning back makes another future, which replays as given")
    func anotherFuture() throws {
        var simulation = try run(.init(), until: .seconds(6))
        let first = simulation.world.runDigest
        simulation.seek(to: .after(.seconds(3)))
        simulation.dropCommands(after: simulation.world.now)
        let moment = simulation.perform(.heal(.all))
        simulation.run(until: .after(.seconds(6)))
        let second = simulation.world.runDigest
        #expect(second != first)
        var replay = Simulation(plan: try Shop().plan)
        for action in Self.slowPayment { replay.schedule(action) }
        replay.schedule(TimedAction(at: moment, .heal(.all)))
        replay.run(until: .after(.seconds(6)))
        #expect(replay.world.runDigest == second)
    }
}
