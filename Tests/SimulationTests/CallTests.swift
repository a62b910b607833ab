import Bulkheads
import Resilience
import Simulation
import Testing
import Timeline

@Suite("Calls and their guards")
struct CallTests {
    @Test("a call takes network, work and network again")
    func latencyAddsUp() {
        let simulation = SmallSystem(
            rate: 10, latency: .constant(.milliseconds(7)), network: .constant(.milliseconds(2))
        )
        .runDry(after: .seconds(1))
        #expect(simulation.work.ok == 10)
        #expect(simulation.work.totalTime == .milliseconds(110))
    }

    @Test("a queue that is full turns calls away")
    func queueFull() {
        // Two calls a service time and room for one: every other call is refused once the queue is full.
        let simulation = SmallSystem(rate: 20, workers: 1, queue: 1, latency: .constant(.milliseconds(100)))
            .runDry(after: .seconds(10))
        let turnedAway = simulation.work.count(.queueFull)
        #expect(simulation.work.ok + turnedAway == 200)
        #expect((97...99).contains(turnedAway))
    }

    @Test("a time limit gives the caller its answer, while the worker goes on to the end")
    func timeLimitLeavesTheWorkerBusy() throws {
        let simulation = SmallSystem(
            rate: 1, workers: 1, latency: .constant(.milliseconds(900)), guards: [try timeout(.milliseconds(100))]
        ).runDry(after: .seconds(5))
        #expect(simulation.work.count(.timedOut) == 5)
        #expect(simulation.work.totalTime == .milliseconds(500))
        #expect(simulation.world.workForNobody(service: 0) == 5)
        #expect(simulation.world.isIdle)
    }

    @Test("a retry's new attempt finds the worker still busy with the old one")
    func retryMeetsItsOwnAttempt() throws {
        let simulation = SmallSystem(
            rate: 1, workers: 1, queue: 0, latency: .constant(.milliseconds(900)),
            guards: [try retry(2), try timeout(.milliseconds(100))]
        ).runDry(after: .seconds(3))
        #expect(simulation.world.attempts(edge: 0) == 6)
        #expect(simulation.work.count(.queueFull) == 3)
    }

    @Test("attempts stop at the limit, and a success needs no more")
    func retries() throws {
        let failing = FaultPlan(.error, on: .service(0))
        let simulation = SmallSystem(rate: 10, guards: [try retry(3)])
            .runDry(after: .seconds(2), [TimedAction(at: .after(.seconds(1) + .milliseconds(50)), .inject(failing))])
        #expect(simulation.work.ok == 10 && simulation.work.count(.error) == 10)
        #expect(simulation.world.attempts(edge: 0) == 10 + 30)
        #expect(simulation.world.retries(edge: 0, stage: 0)?.made == 20)
        #expect(simulation.world.retries(edge: 0, stage: 0)?.exhausted == 10)
    }

    /// Where the breaker stands among the guards decides what it counts.
    @Test(
        "a breaker inside a retry counts attempts, outside it counts calls",
        arguments: [(true, 1), (false, 4)])
    func orderMatters(breakerInside: Bool, callsUntilOpen: Int) throws {
        let guards = breakerInside ? [try retry(4), try breaker(4)] : [try breaker(4), try retry(4)]
        let simulation = SmallSystem(rate: 1, guards: guards)
            .run(
                for: .seconds(Int64(callsUntilOpen)) + .milliseconds(500),
                [TimedAction(at: .after(.milliseconds(1)), .inject(FaultPlan(.error, on: .service(0))))])
        let stage = breakerInside ? 1 : 0
        #expect(simulation.world.breaker(edge: 0, stage: stage)?.trips == 1)
        #expect(simulation.world.attempts(edge: 0) == UInt64(breakerInside ? 4 : 16))
    }

    @Test("an open breaker refuses at once, says so, and closes after good probes")
    func breakerLifeCycle() throws {
        let simulation = SmallSystem(rate: 10, guards: [try breaker(4, open: .seconds(2), probes: 2)])
            .runDry(
                after: .seconds(10),
                [
                    TimedAction(
                        at: .after(.milliseconds(1)), .inject(FaultPlan(.error, on: .service(0), for: .seconds(1))))
                ])
        let transitions = simulation.journal.latest(10) { [.opened, .halfOpened, .closed].contains($0.what) }
        #expect(transitions.reversed().map(\.what) == [.opened, .halfOpened, .closed])
        #expect(transitions.last?.why == .rate(.failures, bad: 4, of: 4, threshold: 0.5))
        #expect(simulation.work.count(.breakerOpen) == 20)
        #expect(simulation.work.count(.error) == 4)
    }

    @Test("one kind of guard may stand twice on an edge")
    func twoTimeLimits() throws {
        // Inside, each attempt has 100 ms; outside, the whole call has 250 ms.
        let simulation = SmallSystem(
            rate: 1, workers: 9, latency: .constant(.seconds(1)),
            guards: [try timeout(.milliseconds(250)), try retry(9), try timeout(.milliseconds(100))]
        ).runDry(after: .seconds(1))
        #expect(simulation.work.totalTime == .milliseconds(250))
        #expect(simulation.world.timeouts(edge: 0, stage: 0) == 1)
        #expect(simulation.world.timeouts(edge: 0, stage: 2) == 9)
        #expect(simulation.world.isIdle)
    }

    @Test("a bulkhead lets so many through, so many wait, and turns the rest away")
    func bulkheads() throws {
        let simulation = SmallSystem(
            rate: 100, workers: 100, latency: .constant(.seconds(1)), guards: [try bulkhead(5, queue: 3)]
        ).run(for: .milliseconds(500))
        let pool = simulation.world.bulkhead(edge: 0, stage: 0)
        #expect(pool?.active == 5 && pool?.queued == 3)
        #expect(simulation.work.count(.bulkheadFull) == 42)
    }

    @Test("a bulkhead outside a time limit is free at once, one inside holds on until the late reply")
    func whoHearsOfATimeOut() throws {
        func held(_ guards: [GuardPlan]) throws -> Int? {
            let stage = guards.firstIndex { if case .bulkhead = $0 { true } else { false } }
            return SmallSystem(rate: 1, workers: 9, latency: .constant(.seconds(10)), guards: guards)
                .run(for: .milliseconds(1_500)).world.bulkhead(edge: 0, stage: stage ?? 0)?.active
        }
        #expect(try held([bulkhead(9, queue: 0), timeout(.milliseconds(100))]) == 0)
        #expect(try held([timeout(.milliseconds(100)), bulkhead(9, queue: 0)]) == 1)
    }

    @Test("cancelled time limits leave the agenda: pending is work and live timers, no more")
    func agendaHoldsLiveTimersOnly() throws {
        var system = SmallSystem(
            rate: 1_000, workers: 100, queue: 100, latency: .exponential(mean: .milliseconds(20)),
            network: .constant(.milliseconds(1)), guards: [try timeout(.seconds(30))])
        system.plan.duration = .seconds(4)
        var simulation = Simulation(plan: system.plan)
        for step in 1...40 {
            simulation.run(until: .after(.milliseconds(Int64(step) * 100)))
            // A call under way has at most its time limit and one timer of its own; the load and the window one each.
            let calls = Int(simulation.work.underWay)
            #expect(simulation.world.eventsPending <= 2 * calls + 2, "after \(step) steps")
            #expect(calls < 100)
        }
    }
}
