import Resilience
import Testing
import Timeline

/// Vectors: failsafe-go closedstate_test.go, halfopenstate_test.go, openstate_test.go, circuitbreaker_test.go and
/// test/circuitbreaker_test.go.
@Suite("Under failsafe-go's rules")
struct FailsafeTests {
    /// n of the last m open it; half-open n of m close it, or if not given, as many as rule out reopening.
    private func breaker(
        failures: Int = 1, of calls: Int = 1, successes: (Int, of: Int)? = nil, halfOpen: Bool = false
    ) throws -> BreakerScript {
        var script = BreakerScript(
            try .init(
                from: .failsafe, window: .calls(calls), tripRule: .failures(failures), probes: successes?.of ?? calls,
                probeRule: .successes(successes?.0 ?? calls - failures + 1)))
        if halfOpen {
            _ = script.breaker.transition(to: .open, at: .zero)
            _ = script.breaker.transition(to: .halfOpen, at: .zero)
        }
        return script
    }

    @Test("closed: n failures of the last m open it at once, however few calls there were")
    func closed() throws {
        let table: [(failures: Int, calls: Int, results: String, opens: Bool)] = [
            (1, 1, "F", true), (1, 1, "S", false), (3, 3, "FSFF", false), (3, 3, "FSFFF", true),
            (2, 3, "FS", false), (2, 3, "FSF", true), (2, 3, "FF", true), (2, 3, "FSSF", false),
            (3, 4, String(repeating: "SF", count: 20), false), (2, 2, String(repeating: "SF", count: 20), false),
        ]
        for row in table {
            var script = try breaker(failures: row.failures, of: row.calls)
            script.play(row.results)
            #expect((script.state == .open) == row.opens, "\(row)")
        }
        var script = try breaker(failures: 2, of: 3)
        #expect(script.play("FSF").map(\.reason) == [.failures(2, of: 3, threshold: 2)])
    }

    @Test("half-open: by the success threshold, or else by the failure threshold, as soon as it is certain")
    func halfOpen() throws {
        typealias State = CircuitBreaker.State
        let byFailures: [(failures: Int, calls: Int, results: String, state: State)] = [
            (1, 1, "F", .open), (1, 1, "S", .closed), (3, 3, "FF", .halfOpen), (3, 3, "FFF", .open),
            (3, 3, "FS", .closed), (2, 3, "FS", .halfOpen), (2, 3, "FSF", .open), (2, 3, "FSS", .closed),
        ]
        for row in byFailures {
            var script = try breaker(failures: row.failures, of: row.calls, halfOpen: true)
            script.play(row.results)
            #expect(script.state == row.state, "\(row)")
        }
        let bySuccesses: [(successes: Int, probes: Int, results: String, state: State)] = [
            (3, 3, "SS", .halfOpen), (3, 3, "SSF", .open), (3, 3, "F", .open), (3, 3, "SF", .open),
            (3, 3, "SSS", .closed), (3, 4, "SFS", .halfOpen), (3, 4, "SFSF", .open), (3, 4, "SFSS", .closed),
            (2, 3, "FSF", .open), (2, 3, "FSS", .closed), (2, 4, "SFF", .halfOpen), (2, 4, "SFFF", .open),
            (3, 5, "FFSSS", .closed), (3, 4, "SSFS", .closed), (2, 2, "SS", .closed),
        ]
        for row in bySuccesses {
            var script = try breaker(failures: 1, successes: (row.successes, of: row.probes), halfOpen: true)
            script.play(row.results)
            #expect(script.state == row.state, "\(row)")
        }
    }

    @Test("should reject excessive attempts when breaker half-open; a result makes room for another")
    func concurrentProbes() throws {
        var script = try breaker(successes: (3, of: 3), halfOpen: true)
        let probes = try (0..<3).map { _ in try script.call() }
        for _ in 0..<5 { #expect(script.admit() == nil) }
        _ = script.end(probes[0], .success)
        let fourth = try script.call()
        #expect(script.admit() == nil)
        _ = script.end(probes[1], .success)
        #expect(script.end(fourth, .success)?.reason == .probesSucceeded(3, of: 3))
        #expect(script.end(probes[2], .failure) == nil)
        #expect(script.breaker.totals.stale == 1)
    }

    @Test("TestGetSuccessAndFailureStats: the counts of a window of 10 calls and of 20 probes")
    func stats() throws {
        var script = try breaker(failures: 5, of: 10, successes: (15, of: 20))
        for index in 0..<7 { script.play(index % 2 == 0 ? "S" : "F") }
        #expect([script.tally.failed, script.tally.succeeded] == [3, 4])
        for index in 0..<15 { script.play(index % 4 == 0 ? "F" : "S") }
        #expect([script.tally.failed, script.tally.succeeded] == [2, 8])
        _ = script.breaker.transition(to: .open, at: .zero)
        _ = script.breaker.transition(to: .halfOpen, at: .zero)
        for index in 0..<15 { script.play(index % 3 == 0 ? "F" : "S") }
        #expect([script.tally.failed, script.tally.succeeded] == [5, 10])
    }

    @Test("TestTryAcquirePermit and TestRemainingDelay: the delay over is over at its last moment")
    func delay() throws {
        var script = BreakerScript(try .init(from: .failsafe, openTime: .milliseconds(100)))
        #expect(script.breaker.remainingOpenTime(at: script.now) == nil)
        script.play("F")
        #expect(script.breaker.remainingOpenTime(at: script.now) == .milliseconds(100))
        script.wait(.milliseconds(60))
        #expect(script.admit() == nil)
        #expect(script.breaker.remainingOpenTime(at: script.now) == .milliseconds(40))
        script.wait(.milliseconds(40))
        #expect(script.breaker.remainingOpenTime(at: script.now) == .zero)
        #expect(script.admit() != nil)
    }

    @Test("TestCircuitBreker_Nested: of two breakers each counts the failures that it is for, in whatever order")
    func nested() throws {
        for (failure, opens) in [(FailureKind.timeout, [true, false]), (.server, [false, true])] {
            let states = try [FailureKinds.timeout, .server].map { kinds in
                var script = BreakerScript(.failsafe)
                let detector = try FailureDetector(failures: kinds)
                _ = script.end(try script.call(), detector.outcome(of: failure))
                return script.state == .open
            }
            #expect(states == opens)
        }
    }

    @Test("should support time based failure threshold")
    func period() throws {
        var script = BreakerScript(
            try .init(
                from: .failsafe, window: .time(.milliseconds(200)), tripRule: .failures(2), openTime: .nanoseconds(1),
                probes: 2, probeRule: .successes(1)))
        script.play("FS")
        script.wait(.milliseconds(210))
        script.play("FS")
        script.wait(.milliseconds(50))
        #expect(script.state == .closed)
        script.play("F")
        #expect(script.state == .open)
        script.wait(.nanoseconds(1))
        script.play("F")
        #expect(script.state == .halfOpen)
        script.play("F")
        #expect(script.state == .open)
        script.wait(.nanoseconds(1))
        script.play("FS")
        #expect(script.state == .closed)
    }

    @Test("should support time based failure rate thresholding")
    func rate() throws {
        var script = BreakerScript(
            try .init(
                from: .failsafe, window: .time(.milliseconds(200)), tripRule: .rate, minimumCalls: 3, failureRate: 0.5,
                openTime: .nanoseconds(1), probes: 3, probeRule: .rate))
        script.play("FS")
        script.wait(.milliseconds(210))
        script.play("FS")
        script.wait(.milliseconds(50))
        script.play("S")
        #expect(script.state == .closed)
        script.play("F")
        #expect(script.state == .open)
        script.wait(.nanoseconds(1))
        script.play("FFF")
        #expect(script.state == .open)
        script.wait(.nanoseconds(1))
        script.play("FSS")
        #expect(script.state == .closed)
    }
}
