import Bulkheads
import Resilience
import Scenarios
import Simulation
import Testing
import Timeline

@Suite("Session")
struct SessionTests {
    private func session(
        timeline: [String] = [], expect: [String] = [], duration: String = "6s", head: String = ""
    ) throws -> Session {
        Session(
            scenario: try SmallScenario.read(timeline: timeline, expect: expect, duration: duration, head: head))
    }

    @Test("time passes by what it is given, and stands still while paused")
    func pacing() throws {
        var session = try session()
        session.advance(by: .milliseconds(1_500))
        #expect(session.now == .after(.milliseconds(1_500)))
        try session.perform(text: "pause")
        session.advance(by: .seconds(1))
        #expect(session.now == .after(.milliseconds(1_500)))
        #expect(session.state == .paused(.command))
        try session.perform(text: "play")
        session.advance(by: .seconds(1))
        #expect(session.now == .after(.milliseconds(2_500)))
        #expect(session.state == .running)
    }

    @Test("the scenario's captions, marks, pauses and speeds come at their moments")
    func script() throws {
        var session = try session(timeline: [
            "at 1s caption \"one\"", "at 1s mark \"first\"", "at 2s pause", "at 2s speed 4", "at 3s caption \"\"",
        ])
        #expect(session.caption == nil)
        session.advance(by: .seconds(5))
        #expect(session.now == .after(.seconds(2)))
        #expect(session.state == .paused(.timeline))
        #expect(session.speed == 4)
        #expect(session.caption == "one")
        #expect(session.marks == [Landmark(name: "first", time: .after(.seconds(1)))])
        try session.perform(text: "play")
        session.advance(by: .seconds(2))
        #expect(session.now == .after(.seconds(4)))
        #expect(session.caption == nil)
    }

    @Test("what does not touch the world does not touch the digest either")
    func outsideTheWorld() throws {
        var plain = try session()
        plain.runToEnd()
        var busy = try session(
            timeline: ["at 1s caption \"x\"", "at 2s pause", "at 3s speed 9"], expect: ["always pending >= 0"])
        while busy.state != .ended {
            busy.advance(by: .milliseconds(77))
            if case .paused = busy.state { try busy.perform(text: "play") }
            if busy.now < .after(.seconds(5)) { try busy.perform(text: "mark \"here\"") }
        }
        #expect(busy.fingerprint == plain.fingerprint)
        var headless = Session(scenario: try SmallScenario.read(), options: .headless)
        headless.runToEnd()
        #expect(headless.fingerprint == plain.fingerprint)
    }

    @Test("steps go by events, back too, and by lengths of time")
    func stepping() throws {
        var session = try session()
        try session.perform(text: "step 5s")
        #expect(session.now == .after(.seconds(5)))
        let before = session.simulation.world.eventsExecuted
        try session.perform(text: "step 10")
        #expect(session.simulation.world.eventsExecuted == before + 10)
        let digest = session.simulation.world.stateDigest
        try session.perform(text: "step 3")
        try session.perform(text: "step back 3")
        #expect(session.simulation.world.stateDigest == digest)
        #expect(session.state == .paused(.stepped))
    }

    @Test("it runs to a time, and to the very event after which something holds")
    func goals() throws {
        var session = try session(timeline: ["at 2s inject error on payment for 1s"])
        try session.perform(text: "run to 1s")
        session.advance(by: .minutes(1))
        #expect(session.now == .after(.seconds(1)))
        #expect(session.state == .paused(.arrived))
        try session.perform(text: "run until breaker payment is open")
        #expect(session.goal != nil)
        session.advance(by: .minutes(1))
        #expect(session.simulation.world.breaker(edge: 0, stage: 2)?.state == .open)
        #expect(session.simulation.journal.latest(1) { $0.what == .opened }.first?.time == session.now)
        try session.perform(text: "run until error share(shop.browse) > 20%")
        session.advance(by: .minutes(1))
        #expect(session.now == .after(.seconds(3)))
        #expect(throws: SyntaxProblem.self) { try session.perform(text: "run to 1s") }
    }

    @Test("a run that is not endless drains and ends at a whole second; an endless one goes on")
    func ending() throws {
        var session = try session(expect: ["at end pending == 0"], duration: "2.5s")
        session.advance(by: .minutes(5))
        #expect(session.state == .ended)
        #expect(session.isDrained == true)
        #expect(session.now.nanoseconds % 1_000_000_000 == 0)
        #expect(session.verdict == .pass)
        #expect(throws: SyntaxProblem.self) { try session.perform(text: "inject crash on shop") }
        var endless = try self.session(duration: "2s", head: "endless: yes")
        endless.advance(by: .seconds(4))
        #expect(endless.state == .running)
        #expect(endless.simulation.world.loadMeters[1].offered > 80)
        #expect(endless.loadEnd == nil)
        var headless = Session(scenario: endless.original, options: .headless)
        headless.runToEnd()
        #expect(headless.now == .after(.seconds(2)) || headless.now == .after(.seconds(3)))
    }

    @Test("a live command comes a nanosecond after the present, acts at once and is kept")
    func liveCommands() throws {
        var session = try session()
        session.advance(by: .seconds(1))
        try session.perform(text: "inject latency on payment add 50ms for 1s")
        #expect(session.now == .after(.nanoseconds(1_000_000_001)))
        #expect(session.simulation.world.faultLog.count == 1)
        try session.perform(text: "force payment open")
        try session.perform(text: "heal payment")
        #expect(session.simulation.world.faultLog[0].isActive == false)
        #expect(session.log.entries.map(\.time.nanoseconds) == [1_000_000_001, 1_000_000_002, 1_000_000_003])
        #expect(session.log.entries.map(\.isLive) == [true, true, true])
        for line in [
            "heal F1", "heal F9", "heal shop", "set payment.wrokers 5", "set payment.workers no", "rewind to x",
        ] {
            #expect(throws: SyntaxProblem.self) { try session.perform(text: line) }
        }
        #expect(session.log.entries.count == 3)
    }

    @Test(
        "what cannot be carried out is refused at the place where it stands in the line",
        arguments: [
            ("heal F9", 5), ("  heal   F9", 9), ("heal shop", 5), ("set  payment.wrokers 5", 5),
            ("set payment.workers no", 20), ("run  to  500ms", 9), ("rewind to x", 10), ("rewind   to 5s", 12),
            ("warm  catalog", 6),
        ])
    func places(line: String, offset: Int) throws {
        var session = try session()
        session.advance(by: .seconds(1))
        let problem = #expect(throws: SyntaxProblem.self) { try session.perform(text: line) }
        #expect(problem?.offset == offset, "\(problem?.message ?? "")")
    }

    @Test("settings changed live are in force, on top of the scripted ones, and go back with time")
    func settings() throws {
        var session = try session(timeline: ["at 2s set orders.workers 9"])
        session.advance(by: .seconds(1))
        try session.perform(text: "set payment.workers 7")
        session.advance(by: .seconds(2))
        #expect(session.simulation.world.pool(ofService: 1).settings.maximum == 7)
        #expect(session.simulation.world.pool(ofService: 2).settings.maximum == 9)
        #expect(session.scenario.value(of: "payment.workers") == "7")
        #expect(session.scenario.value(of: "orders.workers") == "9")
        try session.perform(text: "rewind to 1.5s")
        #expect(session.scenario.value(of: "payment.workers") == "7")
        #expect(session.scenario.value(of: "orders.workers") == "4")
        try session.perform(text: "rewind to 1s")
        #expect(session.scenario.value(of: "payment.workers") == "4")
        #expect(session.simulation.world.pool(ofService: 1).settings.maximum == 4)
    }

    @Test("the messages are handed out once")
    func notices() throws {
        var session = try session()
        session.advance(by: .seconds(1))
        try session.perform(text: "run until charged > 0")
        #expect(session.takeNotices().count == 1)
        #expect(session.takeNotices().isEmpty)
    }

    @Test("saving and leaving are left to the caller")
    func errands() throws {
        var session = try session()
        #expect(try session.perform(text: "quit") == .quit)
        #expect(try session.perform(text: "  # nothing") == nil)
        guard case .write(_, let file) = try session.perform(text: "save a.yaml") else { throw Unexpected() }
        #expect(file == "a.yaml")
    }
}
