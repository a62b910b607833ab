import Resilience
import Testing
import Timeline

/// Vectors: resilience4j CircuitBreakerStateMachineTest and CircuitBreakerConfigTest, beyond those in the suites by
/// state.
@Suite("Under resilience4j's rules")
struct Resilience4jTests {
    /// The settings of CircuitBreakerStateMachineTest, whole.
    private func settings(after: CircuitBreaker.AfterLimit = .open) throws -> CircuitBreaker.Settings {
        try .init(
            from: .resilience4j, window: .time(.seconds(20), buckets: 20), minimumCalls: 5, failureRate: 0.5,
            slowCalls: .init(over: .seconds(4), rate: 0.5), openTime: .seconds(5), probes: 4,
            halfOpenLimit: .seconds(1), afterHalfOpenLimit: after)
    }

    private func script(in states: [CircuitBreaker.State] = []) throws -> BreakerScript {
        var script = BreakerScript(try settings())
        for state in states { _ = script.breaker.transition(to: state, at: script.now) }
        return script
    }

    @Test("shouldOpenAfterFailureRateThresholdExceeded: opens on the success that completes the minimum")
    func opensOnSuccess() throws {
        var script = try script()
        script.play("FFFS")
        #expect(script.breaker.failureRate(at: script.now) == nil)
        #expect(script.play("S").map(\.reason) == [.failureRate(failed: 3, of: 5, threshold: 0.5)])
        #expect(script.breaker.failureRate(at: script.now) == 0.6)
        #expect(script.tally.calls == 5)
        #expect(script.admit() == nil)
        #expect(script.breaker.counts(at: script.now).rejected == 1)
    }

    @Test("shouldTransitionToHalfOpenAfterWaitDuration: rejections count for the state")
    func opens() throws {
        var script = try script(in: [.open])
        #expect(script.admit() == nil)
        script.wait(.seconds(3))
        #expect(script.admit() == nil)
        #expect(script.breaker.counts(at: script.now).rejected == 2)
        script.wait(.seconds(3))
        #expect(script.admit() != nil)
        #expect(script.state == .halfOpen)
        #expect(script.breaker.counts(at: script.now).rejected == 0)
        #expect(script.breaker.failureRate(at: script.now) == nil)
    }

    @Test("the last moment of the wait still is open; half-open takes a call, not a look")
    func strictEnd() throws {
        var script = try script(in: [.open])
        script.wait(.seconds(5))
        #expect(script.admit() == nil)
        script.wait(.nanoseconds(1))
        #expect(script.read() == .open)
        #expect(script.admit() != nil)
    }

    @Test("shouldTransitionToHalfOpenAfterPassedWaitDuration, ...WaitUntil: a wait of its own")
    func openFor() throws {
        for length in [Duration.minutes(120), .minutes(30)] {
            var script = BreakerScript(try settings())
            _ = script.breaker.transition(to: .open, openFor: length, at: script.now)
            script.wait(.nanoseconds(length.nanoseconds / 2))
            #expect(script.admit() == nil)
            script.wait(.nanoseconds(length.nanoseconds / 2) + .seconds(1))
            #expect(script.admit() != nil)
        }
    }

    @Test("shouldTransitionToHalfOpenAfterWaitInterval: the wait grows by 1.5 with each opening, until it closes")
    func growth() throws {
        var script = BreakerScript(
            try .init(
                from: .resilience4j, window: .calls(5), openTime: .seconds(5),
                growth: .init(factor: 1.5, cap: .maximum), probes: 4))
        _ = script.breaker.transition(to: .open, at: script.now)
        script.wait(.seconds(3))
        #expect(script.admit() == nil)
        script.wait(.seconds(3))
        #expect(script.admit() != nil)
        _ = script.breaker.transition(to: .open, at: script.now)
        script.wait(.seconds(6))
        #expect(script.admit() == nil)
        script.wait(.seconds(5))
        #expect(script.admit() != nil)
        #expect(script.breaker.consecutiveOpenings == 2)
        _ = script.breaker.transition(to: .closed, at: script.now)
        #expect(script.breaker.consecutiveOpenings == 0)
        _ = script.breaker.transition(to: .open, at: script.now)
        #expect(script.breaker.remainingOpenTime(at: script.now) == .seconds(5) + .nanoseconds(1))
    }

    @Test("shouldTransitionBackToOpenState...: the probes that reopened it stay to be seen")
    func reopens() throws {
        var failing = try script(in: [.open, .halfOpen])
        failing.play("FFSF")
        #expect(failing.state == .open)
        #expect(failing.breaker.failureRate(at: failing.now) == 0.75)
        #expect([failing.tally.succeeded, failing.tally.calls, failing.tally.failed] == [1, 4, 3])
        var slow = try script(in: [.open, .halfOpen])
        slow.play("SSS", took: .seconds(5))
        slow.play("S", took: .seconds(1))
        #expect(slow.state == .open)
        #expect(slow.tally.slow == 3)
        #expect(slow.breaker.slowCallRate(at: slow.now) == 0.75)
        #expect(slow.breaker.failureRate(at: slow.now) == 0)
    }

    @Test("half-open is judged as soon as the minimum has reported, if that is fewer than the probes")
    func minimumOfProbes() throws {
        var script = BreakerScript(try .init(from: .resilience4j, window: .calls(3), openTime: .seconds(1), probes: 10))
        script.play("FFF")
        script.wait(.seconds(2))
        script.play("SS")
        #expect(script.state == .halfOpen)
        script.play("S")
        #expect(script.state == .closed)
    }

    @Test("shouldTransitionBackToClosedState...: below the threshold it closes and counts from zero")
    func closes() throws {
        var script = try script(in: [.open, .halfOpen])
        script.play("FSSS")
        #expect(script.state == .closed)
        #expect(script.tally == CallTally())
        script.play("S")
        #expect([script.tally.succeeded, script.tally.calls] == [1, 1])
    }

    @Test("circuitBreakerTransitionsTo...AfterWaitDurationInHalfOpenState: to open, or to closed")
    func limit() throws {
        for after in CircuitBreaker.AfterLimit.allCases {
            var script = BreakerScript(try settings(after: after))
            _ = script.breaker.transition(to: .open, at: script.now)
            _ = script.breaker.transition(to: .halfOpen, at: script.now)
            let probe = try script.call()
            script.wait(.seconds(2))
            var asked = script
            #expect(script.read() == (after == .open ? .open : .closed))
            #expect(script.breaker.lastTransition?.at == .after(.seconds(1)))
            #expect(script.end(probe, .success) == nil)
            #expect(script.breaker.totals.stale == 1)
            #expect((asked.admit() != nil) == (after == .closed))
        }
    }

    @Test("releasePermission gives a probe's place back")
    func release() throws {
        var script = try script(in: [.open, .halfOpen])
        let probes = try (0..<4).map { _ in try script.call() }
        #expect(script.admit() == nil)
        #expect(script.admit() == nil)
        _ = script.end(probes[0], .ignored)
        #expect(script.admit() != nil)
        #expect(script.admit() == nil)
        _ = script.breaker.transition(to: .open, at: script.now)
        _ = script.breaker.transition(to: .halfOpen, at: script.now)
        for _ in 0..<4 { _ = try script.call() }
        #expect(script.admit() == nil)
    }

    @Test("shouldRecordMetricsInMetricsOnlyState: counts, tells a threshold once, and changes nothing")
    func metricsOnly() throws {
        var script = try script(in: [.metricsOnly])
        #expect(script.play("FFFS").isEmpty)
        #expect(script.breaker.nextThresholdReport(at: script.now) == nil)
        #expect(script.play("S").isEmpty)
        #expect(script.breaker.failureRate(at: script.now) == 0.6)
        #expect(
            script.breaker.nextThresholdReport(at: script.now)
                == .failureRate(failed: 3, of: 5, threshold: 0.5))
        script.play("F")
        #expect(script.breaker.nextThresholdReport(at: script.now) == nil)
        #expect(script.state == .metricsOnly)
        #expect(script.breaker.exceeded == .failures)
        #expect(script.breaker.trip(at: script.now) == nil)
        #expect(script.breaker.healthChanged(to: .unhealthy, at: script.now) == nil)
    }

    @Test("shouldPublishEachEventOnceInMetricOnlyState: one report of each kind")
    func eachOnce() throws {
        var script = try script(in: [.metricsOnly])
        script.play("FFFFF FFF", took: .seconds(5))
        var reports: [CircuitBreaker.Reason] = []
        while let report = script.breaker.nextThresholdReport(at: script.now) { reports.append(report) }
        #expect(
            reports == [
                .failureRate(failed: 8, of: 8, threshold: 0.5), .slowCallRate(slow: 8, of: 8, threshold: 0.5),
            ])
        script.play("F", took: .seconds(5))
        #expect(script.breaker.nextThresholdReport(at: script.now) == nil)
        #expect(script.breaker.transition(to: .metricsOnly, at: script.now) == .restarted)
        #expect(script.breaker.exceeded.isEmpty)
    }

    @Test("shouldResetMetricsAfterMetricsOnlyStateTransition and shouldResetClosedState")
    func resets() throws {
        var script = try script()
        script.play("SS")
        #expect(script.breaker.reset(at: script.now) == nil)
        #expect(script.tally.calls == 0)
        script.play("SS")
        _ = script.breaker.transition(to: .metricsOnly, at: script.now)
        #expect(script.tally.calls == 0)
    }

    @Test("circuitBreakerInitializeIn...State: a breaker may begin in any state")
    func initialState() throws {
        for state in CircuitBreaker.State.allCases {
            #expect(CircuitBreaker(try settings(), in: state).state == state)
            #expect(CircuitBreaker(try settings(), in: state).lastTransition == nil)
        }
        var script = BreakerScript(try settings())
        script.breaker = CircuitBreaker(try settings(), in: .open, at: .after(.seconds(10)))
        #expect(script.breaker.phase == .open(since: .after(.seconds(10)), until: .after(.seconds(15))))
        script.now = .after(.seconds(16))
        #expect(script.admit() != nil)
    }

    @Test("CircuitBreakerAutoTransitionStateMachineTest: half-open after 2 s by itself, unless forced open meanwhile")
    func automatic() throws {
        let settings = try CircuitBreaker.Settings(
            from: .resilience4j, window: .calls(5), openTime: .seconds(2), probes: 3, automaticHalfOpen: true)
        var script = BreakerScript(settings)
        _ = script.breaker.transition(to: .open, at: script.now)
        let due = Instant.after(.seconds(2) + .nanoseconds(1))
        #expect(script.breaker.nextTimedTransition == due)
        var forced = script
        _ = forced.breaker.force(.open, at: forced.now)
        #expect(forced.breaker.nextTimedTransition == nil)
        #expect(forced.breaker.advance(to: due) == nil)
        #expect(script.breaker.advance(to: .after(.seconds(2))) == nil)
        #expect(script.breaker.advance(to: due)?.to == .halfOpen)
    }

    @Test("transitionOnResult: one result opens for a time of its own, without growth")
    func retryAfter() throws {
        var script = try script()
        let call = try script.call()
        let transition = script.breaker.record(
            .failure, took: .zero, permit: call, retryAfter: .seconds(30), at: script.now)
        #expect(transition?.reason == .retryAfter(.seconds(30)))
        #expect(script.breaker.phase == .open(since: script.now, until: .after(.seconds(30))))
        #expect(script.tally.failed == 1)
        #expect(script.breaker.consecutiveOpenings == 0)
        #expect(script.breaker.changeSettings(try settings(), at: script.now) == nil)
        #expect(script.breaker.phase == .open(since: script.now, until: .after(.seconds(30))))
        script.wait(.seconds(31))
        let probe = try script.call()
        let again = script.breaker.record(
            .failure, took: .zero, permit: probe, retryAfter: .seconds(-1), at: script.now)
        #expect(again?.from == .halfOpen)
        #expect(script.breaker.phase == .open(since: script.now, until: script.now))
        #expect(script.breaker.record(.failure, took: .zero, permit: probe, retryAfter: .zero, at: script.now) == nil)
    }

    @Test("CircuitBreakerConfigTest: what it refuses")
    func refusals() {
        let refused: [() throws -> CircuitBreaker.Settings] = [
            { try .init(from: .resilience4j, failureRate: 0) },
            { try .init(from: .resilience4j, failureRate: 1.01) },
            { try .init(from: .resilience4j, openTime: .zero) },
            { try .init(from: .resilience4j, slowCalls: .init(over: .seconds(1), rate: 0)) },
            { try .init(from: .resilience4j, slowCalls: .init(over: .seconds(1), rate: 1.01)) },
            { try .init(from: .resilience4j, probes: 0) },
            { try .init(from: .resilience4j, window: .calls(0)) },
            { try .init(from: .resilience4j, minimumCalls: 0) },
            { try .init(from: .resilience4j, halfOpenLimit: .milliseconds(-1)) },
        ]
        for make in refused { #expect(throws: SettingError.self) { try make() } }
    }
}
