import Scenarios
import Simulation
import Testing
import Timeline

@Suite("Saving a session")
struct SavingTests {
    @Test("a saved session is a scenario whose headless run is the same run")
    func sameRun() throws {
        var session = Session(
            scenario: try SmallScenario.read(
                timeline: ["# first comes trouble", "at 2s   inject error on payment for 500ms", "at 4s pause"],
                expect: ["at end pending == 0"]))
        session.advance(by: .milliseconds(1_234))
        try session.perform(text: "inject latency on payment add 20ms jitter 50% for 3s")
        try session.perform(text: "set visitors.rate 55/s")
        session.advance(by: .milliseconds(900))
        try session.perform(text: "step 7")
        try session.perform(text: "force payment open")
        try session.perform(text: "caption \"a # b\"")
        session.advance(by: .seconds(1))
        try session.perform(text: "rewind to 2.05s")
        try session.perform(text: "heal F1")
        let text = try session.savedText()
        session.runToEnd()

        var saved = Session(scenario: try Scenario(parsing: text, file: "saved.yaml"), options: .headless)
        saved.runToEnd()
        #expect(saved.fingerprint == session.fingerprint)
        #expect(saved.judgements.map(\.verdict) == session.judgements.map(\.verdict))
        #expect(text.contains("  # first comes trouble\n  at 2s   inject error on payment for 500ms\n"))
        #expect(text.contains("at 1.234000001s inject latency"))
        #expect(text.contains("workers: 16, queue: 64, latency: constant 1ms"))
    }

    @Test("a scenario without a timeline gets one, and a session that did nothing is saved as it was")
    func withoutTimeline() throws {
        let scenario = try SmallScenario.read(expect: ["at end pending == 0"])
        var session = Session(scenario: scenario)
        let untouched = try Scenario(parsing: session.savedText(), file: "saved.yaml")
        #expect(untouched.timeline.isEmpty)
        try session.perform(text: "inject crash on shop for 1s")
        let saved = try Scenario(parsing: session.savedText(), file: "saved.yaml")
        #expect(saved.timeline.map(\.text) == ["at 1ns inject crash on shop for 1s"])
        #expect(saved.expectations == scenario.expectations)
    }

    @Test("dropped commands are not saved, and a timeline that has lost all its lines goes")
    func dropped() throws {
        var session = Session(scenario: try SmallScenario.read(timeline: ["at 1s inject crash on shop"]))
        session.advance(by: .seconds(2))
        try session.perform(text: "rewind to 500ms")
        try session.perform(text: "heal all")
        let text = try session.savedText()
        #expect(!text.contains("crash"))
        #expect(text.contains("at 500.000001ms heal all"))
    }

    @Test("an endless run is saved as long as it took")
    func endless() throws {
        var session = Session(scenario: try SmallScenario.read(duration: "2s", head: "endless: yes"))
        session.advance(by: .seconds(3))
        try session.perform(text: "inject error on payment for 200ms")
        session.advance(by: .seconds(1))
        let text = try session.savedText()
        session.runToEnd()
        var saved = Session(scenario: try Scenario(parsing: text, file: "saved.yaml"), options: .headless)
        saved.runToEnd()
        #expect(saved.fingerprint == session.fingerprint)
    }
}

@Suite("Running twice")
struct FingerprintTests {
    @Test("the same scenario runs the same twice; another seed differs from the first second on")
    func twice() throws {
        let scenario = try SmallScenario.read(timeline: ["at 1.2s inject error on payment for 500ms"], duration: "3s")
        let first = Fingerprints(running: scenario)
        #expect(first.firstDifference(from: Fingerprints(running: scenario)) == nil)
        let text = SmallScenario.text(duration: "3s").replacing("seed: 7", with: "seed: 8")
        let other = try Scenario(parsing: text, file: "other.yaml")
        #expect(first.firstDifference(from: Fingerprints(running: other)) == .after(.seconds(1)))
        let later = try SmallScenario.read(timeline: ["at 1.5s inject error on payment for 500ms"], duration: "3s")
        #expect(first.firstDifference(from: Fingerprints(running: later)) == .after(.seconds(2)))
    }
}
