import Resilience
import Testing
import Timeline

/// Vectors: Polly v8 AdvancedCircuitBehaviorTests, CircuitStateControllerTests,
/// CircuitBreakerResiliencePipelineBuilderTests.
@Suite("Under Polly's rules")
struct PollyTests {
    @Test("OnActionFailure_WhenClosed_EnsureCorrectBehavior, and only a failure is judged")
    func breaks() throws {
        let table: [(results: String, opens: Bool)] = [
            ("SSSSSSSSSS", false), ("SSSSSSSSSF", true), ("SSSSSSSSFF", true), ("SSSSSSSSSFF", true),
            ("SSSSSSSSF", false), ("FSSSSSSSSS", false), ("FSSSSSSSSSF", true),
        ]
        for row in table {
            var script = BreakerScript(try .init(from: .polly, minimumCalls: 10))
            script.play(row.results)
            #expect((script.state == .open) == row.opens, "\(row)")
        }
    }

    @Test("AddCircuitBreaker_IntegrationTest: opened and half-opened twice, closed once")
    func integration() throws {
        let half = Duration.milliseconds(500)
        var script = BreakerScript(
            try .init(
                from: .polly, window: .time(.seconds(10)), minimumCalls: 10, failureRate: 0.5, openTime: .seconds(1)))
        func times() -> [Int] { [.open, .halfOpen, .closed].map(script.breaker.totals.transitions) }
        script.play("FFFFFFFFFF")
        #expect(times() == [1, 0, 0])
        #expect(script.breaker.admit(at: script.now) == .rejected(.open(retryAfter: .seconds(1)), nil))
        script.wait(half)
        #expect(script.breaker.admit(at: script.now) == .rejected(.open(retryAfter: half), nil))
        script.wait(half)
        script.play("F")
        #expect(times() == [2, 1, 0])
        #expect(script.breaker.admit(at: script.now) == .rejected(.open(retryAfter: .seconds(1)), nil))
        script.wait(.seconds(1))
        script.play("S")
        #expect(times() == [2, 2, 1])
    }

    @Test("BreakDurationGenerator_EnsureHalfOpenAttempts: 0 to 4, and after closing 0 to 2")
    func attempts() throws {
        var script = BreakerScript(try .init(from: .polly, window: .calls(1), openTime: .seconds(1)))
        var attempts: [Int] = []
        for (rounds, end) in [(5, "S"), (3, "S")] {
            for _ in 0..<rounds {
                script.play("F")
                attempts.append(script.breaker.consecutiveOpenings - 1)
                script.wait(.seconds(1))
            }
            script.play(end)
            #expect(script.state == .closed)
        }
        #expect(attempts == [0, 1, 2, 3, 4, 0, 1, 2])
    }

    @Test("the open time doubles with each of them up to its cap, and never overflows")
    func growth() throws {
        var script = BreakerScript(
            try .init(
                from: .polly, window: .calls(1), openTime: .seconds(2), growth: .init(factor: 2, cap: .seconds(30))))
        var waits: [Duration] = []
        for _ in 0..<6 {
            script.play("F")
            let wait = script.breaker.remainingOpenTime(at: script.now) ?? .zero
            waits.append(wait)
            script.wait(wait)
        }
        #expect(waits == [2, 4, 8, 16, 30, 30].map(Duration.seconds))

        script = BreakerScript(
            try .init(
                from: .polly, window: .calls(1), openTime: .seconds(60), growth: .init(factor: 1e9, cap: .maximum)))
        script.now = .after(.maximum - .seconds(10))
        for _ in 0..<3 { script.play("F") }
        #expect(script.breaker.phase == .open(since: script.now, until: .distantFuture))
    }

    @Test("OnActionPreExecute_HalfOpen: one probe, and HalfOpen_EnsureCorrectStateTransitionAfterExecution")
    func oneProbe() throws {
        for (outcome, state) in [(CircuitBreaker.Outcome.success, CircuitBreaker.State.closed), (.failure, .open)] {
            var script = BreakerScript(try .init(from: .polly, window: .calls(1)))
            script.play("F")
            script.wait(.seconds(5))
            let probe = try script.call()
            #expect(script.breaker.admit(at: script.now) == .rejected(.probesTaken(retryAfter: .seconds(5)), nil))
            _ = script.end(probe, outcome)
            #expect(script.state == state)
        }
    }
}

/// Vectors: Hystrix HystrixCircuitBreakerTest, with the thresholds of HystrixCommandPropertiesTest (40 %, no volume).
@Suite("Under Hystrix' rules")
struct HystrixTests {
    private func script(volume: Int = 1) throws -> BreakerScript {
        BreakerScript(
            try .init(from: .hystrix, minimumCalls: volume, failureRate: 0.4, openTime: .milliseconds(200)))
    }

    @Test("testTripCircuit..., testCircuitDoesNotTripOnFailuresBelowThreshold, testLowVolumeDoesNotTripCircuit")
    func trips() throws {
        // No volume is a minimum of one call here.
        let table: [(volume: Int, results: String, opens: Bool)] = [
            (1, "SSSSFFFF", true), (1, "SSFSFSFF", true), (1, "SSFSSFSF", false), (5, "FFFF", false), (4, "FFFF", true),
        ]
        for row in table {
            var script = try script(volume: row.volume)
            script.play(row.results)
            #expect((script.state == .open) == row.opens, "\(row)")
        }
    }

    @Test("testMultipleTimeWindowRetriesBeforeClosingCircuit: one probe a sleep window, until one succeeds")
    func sleepWindows() throws {
        var script = try script(volume: 4)
        script.play("FFFF")
        for results in [CircuitBreaker.Outcome.failure, .failure, .success] {
            script.wait(.milliseconds(200))
            #expect(script.admit() == nil)
            script.wait(.nanoseconds(1))
            let probe = try script.call()
            #expect(script.admit() == nil)
            script.wait(.milliseconds(50))
            _ = script.end(probe, results)
            #expect((script.admit() != nil) == (results == .success))
        }
        #expect(script.state == .closed)
    }

    @Test("testUnsubscriptionDoesNotLeaveCircuitStuckHalfOpen: a cancelled probe reopens, a lost one does in time")
    func cancelled() throws {
        for isCancelled in [true, false] {
            var script = try script(volume: 4)
            script.play("FFFF")
            script.wait(.milliseconds(250))
            let probe = try script.call()
            if isCancelled { #expect(script.end(probe, .ignored)?.reason == .probeIgnored) }
            script.wait(.milliseconds(2_000))
            script.play("S")
            #expect(script.state == .closed)
        }
    }
}
