import Resilience
import Testing
import Timeline

/// Vectors: resilience4j CircuitBreakerStateMachineTest (marked R4J), failsafe-go closedstate_test (FG),
/// Polly AdvancedCircuitBehaviorTests (PO), Hystrix HystrixCircuitBreakerTest (HY).
@Suite("A closed breaker")
struct CircuitBreakerClosedTests {
    @Test("R4J: judges nothing below the minimum, then opens even on a success")
    func opensOnSuccess() throws {
        var script = BreakerScript(try .stateMachineTest())
        #expect(script.play("FFFS").isEmpty)
        #expect(script.tally.calls == 4)
        #expect(script.breaker.failureRate(at: script.now) == nil)

        let transitions = script.play("S")
        #expect(transitions.map(\.reason) == [.failureRate(failed: 3, of: 5, threshold: 0.5)])
        #expect(transitions.map(\.to) == [.open])
        #expect(script.breaker.failureRate(at: script.now) == 0.6)
        #expect(script.tally.succeeded == 2)
        #expect(script.tally.failed == 3)

        #expect(script.admit() == nil)
        #expect(script.breaker.totals.rejected == 1)
        #expect(script.breaker.trips == 1)
    }

    @Test("R4J: a rate that reaches the threshold is enough")
    func reachingIsEnough() throws {
        var script = BreakerScript(try .stateMachineTest())
        script.play("SSSFF", every: .seconds(1))
        #expect(script.state == .closed)
        #expect(script.breaker.failureRate(at: script.now) == 0.4)
        script.play("F", every: .seconds(1))
        #expect(script.state == .open)
    }

    @Test("R4J: slow calls open it although few fail")
    func opensOnSlowCalls() throws {
        var script = BreakerScript(try .stateMachineTest())
        script.play("F", took: .seconds(5))
        script.play("S", took: .seconds(5))
        script.play("F", took: .milliseconds(100))
        script.play("S", took: .milliseconds(100))
        let last = script.play("S", took: .seconds(5))
        #expect(last.map(\.reason) == [.slowCallRate(slow: 3, of: 5, threshold: 0.5)])
        #expect(script.breaker.failureRate(at: script.now) == 0.4)
        #expect(script.breaker.slowCallRate(at: script.now) == 0.6)
        #expect(script.breaker.totals.slow == 3)
    }

    @Test("a call is slow only if it takes longer than the limit")
    func slowIsStrict() throws {
        var script = BreakerScript(try .stateMachineTest())
        script.play("SSSSS", took: .seconds(4))
        #expect(script.tally.slow == 0)
    }

    @Test(
        "window, threshold and results decide",
        arguments: [
            // FG: 3 failures in a row.
            Case(window: 3, rate: 1, results: "FSFF", state: .closed),
            Case(window: 3, rate: 1, results: "FSFFF", state: .open),
            // FG: 2 of 3.
            Case(window: 3, rate: 2.0 / 3, results: "FSF", state: .open),
            // FG: 3 of 4 never comes about.
            Case(window: 4, rate: 0.75, results: String(repeating: "SF", count: 20), state: .closed),
            // PO: throughput 10, 10 and 9 of at least 10.
            Case(window: 10, rate: 0.1, results: "SSSSSSSSSS", state: .closed),
            Case(window: 10, rate: 0.1, results: "SSSSSSSSSF", state: .open),
            Case(window: 10, rate: 0.1, results: "SSSSSSSSF", state: .closed),
            // HY: 50 % and 37.5 % against 40 %.
            Case(window: 8, rate: 0.4, results: "SSFSFSFF", state: .open),
            Case(window: 8, rate: 0.4, results: "SSFSSFSF", state: .closed),
            // Ignored results neither count nor fill the window.
            Case(window: 3, rate: 1, results: "FXFXXF", state: .open),
            Case(window: 3, rate: 1, results: "FXFXX", state: .closed),
            // A share that binary fractions cannot hold: 7 of 100 reaches 0.07.
            Case(
                window: 100, rate: 0.07, results: String(repeating: "S", count: 93) + "FFFFFFF", state: .open),
        ])
    func decides(_ example: Case) throws {
        var script = BreakerScript(try .init(window: .calls(example.window), failureRate: example.rate))
        script.play(example.results)
        #expect(script.state == example.state)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let window: Int
        let rate: Double
        let results: String
        let state: CircuitBreaker.State

        var testDescription: String { "\(rate) of \(window): \(results.prefix(12)) -> \(state)" }
    }
}
