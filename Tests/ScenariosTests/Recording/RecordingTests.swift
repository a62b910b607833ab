import EventSourcing
import Scenarios
import Simulation
import Testing
import Timeline

@Suite("Recordings")
struct RecordingTests {
    private static let timeline = ["at 2s inject error on payment for 500ms", "at 4s caption \"late\""]

    private func session(_ timeline: [String] = timeline, interactive: Bool = true) throws -> Session {
        var options = interactive ? Session.Options() : .headless
        options.simulation.keepsTransitions = true
        return Session(scenario: try SmallScenario.read(timeline: timeline, expect: []), options: options)
    }

    /// A store and what writes to it.
    private struct Tape {
        var store = MemoryEventStore()
        var recorder = Recorder(build: "this one")

        mutating func start(_ session: Session) throws {
            _ = try store.append(recorder.start(of: session), at: session.now)
        }

        mutating func follow(_ session: inout Session) throws {
            _ = try store.append(recorder.news(of: &session), at: session.now)
        }

        mutating func end(_ session: inout Session) throws {
            _ = try store.append(recorder.end(of: &session), at: session.now)
        }

        func read() throws -> RecordedRun {
            var store = store
            return try RecordedRun(from: &store)
        }
    }

    /// Runs to the end, recorded at every second.
    private func recorded(_ session: inout Session) throws -> Tape {
        var tape = Tape()
        try tape.start(session)
        while session.state != .ended {
            session.advance(by: .seconds(1))
            try tape.follow(&session)
        }
        try tape.end(&session)
        return tape
    }

    @Test("what happened to components is recorded, each thing once, as the journal has it")
    func transitions() throws {
        var session = try session()
        let run = try recorded(&session).read()
        let plan = session.simulation.plan
        let journal = session.simulation.journal.entries(from: EntryID(1)).filter(\.what.isTransition)
        #expect(run.transitions.map(\.text) == journal.map { $0.text(plan) })
        #expect(run.transitions.map(\.time) == journal.map(\.time))
        #expect(run.transitions.contains { $0.text.contains("OPENED") })
        #expect(run.name == "small" && run.build == "this one" && run.verdict != nil && run.end == session.now)
    }

    @Test("each component has a stream of its own, and a request has none")
    func streams() throws {
        var session = try session()
        var tape = try recorded(&session)
        let names = tape.store.streams(in: nil, after: nil, limit: 100).map(\.stream.text)
        #expect(names.contains("guard-shop -> payment breaker") && names.contains("recording"))
        let events = tape.store.readLog(.all, from: nil, .forward, limit: 4_096).events.count
        #expect(events < 60 && session.simulation.world.eventsExecuted > 1_000)
    }

    @Test("a run without a journal is recorded all the same")
    func headless() throws {
        var watched = try session()
        var blind = try session(interactive: false)
        let (one, other) = (try recorded(&watched).read(), try recorded(&blind).read())
        #expect(one.transitions == other.transitions && !one.transitions.isEmpty)
        #expect(one.keyframes.map(\.digest) == other.keyframes.map(\.digest))
        #expect(!one.keyframes.isEmpty)
    }

    @Test("run again, it has the digests that were recorded, with what the operator did")
    func replay() throws {
        var session = try session()
        var tape = Tape()
        try tape.start(session)
        session.advance(by: .milliseconds(2_700))
        try session.perform(text: "inject crash on orders for 100ms")
        try tape.follow(&session)
        session.advance(by: .milliseconds(700))
        try session.perform(text: "set payment.latency constant 9ms")
        while session.state != .ended {
            session.advance(by: .seconds(1))
            try tape.follow(&session)
        }
        try tape.end(&session)
        let run = try tape.read()
        #expect(run.commands.count == 2)
        var again = try run.session(options: Session.Options())
        for keyframe in run.keyframes {
            again.run(upTo: keyframe.time)
            #expect("\(again.simulation.world.runDigest)" == keyframe.digest)
        }
        again.run(upTo: run.end)
        #expect(again.fingerprint == session.fingerprint)
    }

    @Test("where time was turned back, what was recorded behind it has not happened")
    func turnedBack() throws {
        var session = try session()
        var tape = Tape()
        try tape.start(session)
        for _ in 0..<6 {
            session.advance(by: .milliseconds(500))
            try tape.follow(&session)
        }
        #expect(try tape.read().transitions.contains { $0.text.contains("OPENED") })
        try session.perform(text: "rewind to 1.5s")
        try tape.follow(&session)
        let back = try tape.read()
        #expect(back.transitions.isEmpty && back.end == .after(.milliseconds(1_500)))
        try session.perform(text: "inject crash on orders for 100ms")
        session.runToEnd()
        try tape.end(&session)
        let run = try tape.read()
        #expect(run.commands.count == 1 && run.commands[0].contains("crash"))
        var again = try run.session(options: Session.Options())
        again.run(upTo: run.end)
        #expect(again.fingerprint == session.fingerprint)
    }

    @Test("cut off anywhere, it can be read up to there", arguments: 1...16)
    func cutOff(events: Int) throws {
        var session = try session()
        var tape = try recorded(&session)
        let log = tape.store.readLog(.all, from: nil, .forward, limit: 4_096).events
        var rest = MemoryEventStore()
        for event in log.prefix(events) {
            try rest.append([event.event], to: event.stream, expecting: .any, at: .zero)
        }
        let run = try RecordedRun(from: &rest)
        #expect(run.verdict == nil || events >= log.count)
        var again = try run.session(options: Session.Options())
        again.run(upTo: run.end)
        #expect(again.now == run.end)
    }

    @Test("what was there at a moment, for a program that cannot run it again")
    func state() throws {
        var session = try session()
        let run = try recorded(&session).read()
        let (transitions, keyframe) = run.state(at: .after(.milliseconds(2_100)))
        #expect(transitions.allSatisfy { $0.time <= .after(.milliseconds(2_100)) } && !transitions.isEmpty)
        #expect(keyframe == nil || keyframe?.text.contains("requests") == true)
        #expect(run.state(at: run.end).keyframe?.text.contains("\"payment\"") == true)
    }

    @Test("a store of something else, a newer form and damaged events are told apart")
    func problems() throws {
        var empty = MemoryEventStore()
        #expect(throws: RecordingProblem.noRecording) { _ = try RecordedRun(from: &empty) }
        var session = try session()
        var tape = try recorded(&session)
        let good = tape.store.readLog(.all, from: nil, .forward, limit: 4_096).events
        func store(_ change: (inout EventData) -> Void) throws -> MemoryEventStore {
            var store = MemoryEventStore()
            for (index, event) in good.enumerated() {
                var data = event.event
                if index == 0 { change(&data) }
                try store.append([data], to: event.stream, expecting: .any, at: .zero)
            }
            return store
        }
        var foreign = try store { $0.type = "OrderCreated" }
        #expect(throws: RecordingProblem.noRecording) { _ = try RecordedRun(from: &foreign) }
        var newer = try store { event in
            let text = String(decoding: event.data, as: UTF8.self)
            event.data = Array(text.split(separator: "\"layout\":1").joined(separator: "\"layout\":2").utf8)
        }
        #expect(throws: RecordingProblem.newer(layout: 2, known: 1)) { _ = try RecordedRun(from: &newer) }
        var damaged = try store { $0.data = Array("{".utf8) }
        #expect { _ = try RecordedRun(from: &damaged) } throws: { "\($0)".contains("damaged") }
    }
}
