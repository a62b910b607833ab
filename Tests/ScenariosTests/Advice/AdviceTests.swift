import Simulation
import Testing
import Timeline

@testable import Scenarios

@Suite("Advice from what a run measured")
struct AdviceTests {
    private func session(errors: String = "0%", fault: String = "", duration: String = "60s") throws -> Session {
        var session = Session(
            scenario: try Scenario(
                parsing: """
                    sagascope: 1
                    name: advice
                    seed: 5
                    duration: \(duration)
                    services:
                      front: {workers: 200, operations: {ask: [call back.answer]}}
                      back: {workers: 200, latency: uniform 10ms to 110ms, errors: \(errors)}
                    edges:
                      front -> back:
                        guards: [breaker, timeout]
                        breaker: {window: 100 calls, open: 5s}
                        timeout: 2s
                    load:
                      people: {call: front.ask, rate: 50/s}
                    timeline: |
                      \(fault)
                    """, file: "advice.yaml"), options: .headless)
        session.runToEnd()
        return session
    }

    @Test("the time limit lies a little above nearly all good answers")
    func timeLimit() throws {
        let advice = try #require(try session().advice(onEdge: "back").advice)
        #expect(advice.timeout >= .milliseconds(150) && advice.timeout <= .milliseconds(180))
        #expect(advice.cutOff == 0)
        #expect(advice.slowLimit >= .milliseconds(105) && advice.slowLimit <= .milliseconds(115))
        #expect(advice.slowLimit < advice.timeout)
        #expect(advice.window == 200)
    }

    @Test("the threshold is one that a service with its usual errors does not reach by chance")
    func threshold() throws {
        let calm = try #require(try session().advice(onEdge: "back").advice)
        let flaky = try #require(try session(errors: "20%").advice(onEdge: "front -> back").advice)
        #expect(calm.threshold == 0.2)
        #expect(flaky.threshold > 0.3 && flaky.threshold < 0.45)
        #expect(flaky.falseAlarm < 1e-6)
        #expect((0.17...0.23).contains(flaky.record.errorShare))
        #expect(flaky.probes > calm.probes)
    }

    @Test("what happens while something is broken, and just after, is left out")
    func calmSecondsOnly() throws {
        let session = try session(fault: "at 20s inject latency on back add 1s for 10s")
        let advice = try #require(try session.advice(onEdge: "back").advice)
        #expect(advice.record.calmSeconds == 40)
        #expect(advice.timeout < .milliseconds(200))
        #expect(advice.openTime == .seconds(1))
    }

    @Test("what is proposed are settings that the scenario takes")
    func settingsAreValid() throws {
        let session = try session()
        let found = try session.advice(onEdge: "back")
        #expect(found.settings.count == 6)
        var scenario = session.original
        for (path, value) in found.settings { scenario = try scenario.changing(path, to: value) }
        let advice = try #require(found.advice)
        #expect(scenario.value(of: "back.timeout") == "\(advice.timeout)")
        #expect(advice.reasons.allSatisfy { !$0.contains("nan") && !$0.contains("inf") })
        #expect(advice.settings(of: "front -> back").contains("timeout: \(advice.timeout)"))
    }

    @Test("too few calls give no advice, and an unknown edge is said to be one")
    func refusals() throws {
        #expect(try session(duration: "2s").advice(onEdge: "back").advice == nil)
        let session = try session(duration: "1s")
        #expect(throws: SyntaxProblem.self) { try session.advice(onEdge: "bakc") }
    }

    @Test(
        "the chance of so many failures agrees with the binomial distribution",
        arguments: [
            // Trials, chance, at least so many, and what R's pbinom(k - 1, n, p, lower.tail = FALSE) says.
            (10, 0.5, 5, 0.623_046_875), (20, 0.1, 5, 0.043_174_5), (100, 0.01, 5, 0.003_432_3),
            (200, 0.02, 0, 1), (3, 1, 3, 1), (3, 0, 1, 0),
        ])
    func binomial(trials: Int, chance: Double, count: Int, expected: Double) {
        let value = Binomial(trials: trials, chance: chance).atLeast(count)
        #expect(abs(value - expected) < 1e-6)
    }
}
