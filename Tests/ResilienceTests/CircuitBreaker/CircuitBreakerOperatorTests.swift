import Resilience
import Testing
import Timeline

@Suite("An operator at the breaker")
struct CircuitBreakerOperatorTests {
    @Test("R4J: forced open rejects whatever the time, and has no rate")
    func forcedOpen() throws {
        var script = BreakerScript(try .stateMachineTest())
        #expect(script.breaker.force(.open, at: script.now)?.reason == .forced)
        #expect(script.breaker.admit(at: .zero) == .rejected(.forcedOpen, nil))
        #expect(script.breaker.admit(at: .after(.seconds(6))) == .rejected(.forcedOpen, nil))
        #expect(script.state == .forcedOpen)
        #expect(script.breaker.totals.rejected == 2)
        #expect(script.breaker.failureRate(at: script.now) == nil)
        #expect(script.breaker.advance(to: .distantFuture) == nil)
    }

    @Test("R4J: disabled lets everything pass and counts nothing but the totals")
    func disabled() throws {
        var script = BreakerScript(try .stateMachineTest())
        #expect(script.breaker.force(.closed, at: script.now)?.to == .disabled)
        #expect(script.play("FSFFFFFFFF").isEmpty)
        #expect(script.state == .disabled)
        #expect(script.tally == CallTally())
        #expect(script.counts == [0, 0, 0, 0, 0, 0])
        #expect(script.breaker.totals.failed == 9)
    }

    @Test("forcing what is forced already changes nothing, and forcing trips nothing")
    func forcedTwice() throws {
        var script = BreakerScript(try .quick())
        _ = script.breaker.force(.open, at: .zero)
        let before = script.breaker
        #expect(script.breaker.force(.open, at: .after(.seconds(1))) == nil)
        #expect(script.breaker == before)
        #expect(script.breaker.trips == 0)
        #expect(script.breaker.force(.closed, at: .after(.seconds(2)))?.from == .forcedOpen)
    }

    @Test("a reset closes with an empty window from every phase")
    func reset() throws {
        var open = BreakerScript(try .quick())
        open.play("FF")
        var forced = open
        _ = forced.breaker.force(.open, at: forced.now)
        var halfOpen = open
        halfOpen.wait(.seconds(5))
        _ = halfOpen.admit()
        for var script in [open, forced, halfOpen] {
            #expect(script.breaker.reset(at: script.now)?.reason == .reset)
            #expect(script.breaker.phase == .closed)
            #expect(script.tally == CallTally())
        }
    }

    @Test("a smaller window keeps the newest calls; permits stay valid")
    func smallerWindow() throws {
        var script = BreakerScript(try .init(window: .calls(6), failureRate: 1))
        script.play("FFSS")
        let call = try script.call()
        #expect(script.breaker.changeSettings(try .init(window: .calls(3), failureRate: 1), at: script.now) == nil)
        #expect(script.breaker.recentCalls == [.failed, [], []])
        _ = script.end(call, .failure)
        #expect(script.breaker.recentCalls == [[], [], .failed])
        #expect(script.breaker.failureRate(at: script.now) == 1.0 / 3)
    }

    @Test("a window of another kind or another time starts empty, the same window stays")
    func otherWindow() throws {
        var script = BreakerScript(try .init(window: .time(.seconds(10)), minimumCalls: 9))
        script.play("FFSS")
        _ = script.breaker.changeSettings(try .init(window: .time(.seconds(10)), minimumCalls: 5), at: script.now)
        #expect(script.tally.calls == 4)
        _ = script.breaker.changeSettings(try .init(window: .time(.seconds(11))), at: script.now)
        #expect(script.tally.calls == 0)
        script.play("F")
        _ = script.breaker.changeSettings(try .init(window: .calls(10)), at: script.now)
        #expect(script.tally.calls == 0)
    }

    @Test("an interval in place of a window of calls starts empty, but calls under way count in it")
    func toInterval() throws {
        var script = BreakerScript(try .init(window: .calls(10)))
        script.play("FF")
        let call = try script.call()
        let interval = CircuitBreaker.Window.interval(.seconds(30), buckets: 3)
        _ = script.breaker.changeSettings(try .init(window: interval), at: script.now)
        #expect(script.counts == [1, 0, 0, 0, 0, 0])
        #expect(script.tally == CallTally())
        let other = try script.call()
        script.wait(.seconds(10))
        _ = script.end(call, .failure)
        #expect(script.counts == [2, 0, 1, 0, 0, 1])
        script.play("F")

        _ = script.breaker.changeSettings(try .init(window: .calls(10)), at: script.now)
        #expect(script.tally == CallTally())
        _ = script.end(other, .failure)
        #expect(script.breaker.totals.stale == 1)
        script.play("F")
        #expect(script.breaker.recentCalls == [.failed])
    }

    @Test("a new threshold holds from the next result on")
    func newThreshold() throws {
        var script = BreakerScript(try .init(window: .calls(4), failureRate: 1))
        script.play("FFSS")
        #expect(script.breaker.changeSettings(try .init(window: .calls(4), failureRate: 0.25), at: script.now) == nil)
        #expect(script.state == .closed)
        #expect(script.play("S").map(\.reason) == [.failureRate(failed: 1, of: 4, threshold: 0.25)])
    }

    @Test("a new open time counts from when the breaker opened")
    func newOpenTime() throws {
        var script = BreakerScript(try .quick())
        script.play("FF")
        script.wait(.seconds(2))
        _ = script.breaker.changeSettings(
            try .init(window: .calls(2), openTime: .seconds(3)), at: script.now)
        #expect(script.breaker.admit(at: script.now) == .rejected(.open(retryAfter: .seconds(1)), nil))
        _ = script.breaker.changeSettings(
            try .init(window: .calls(2), openTime: .seconds(1)), at: script.now)
        #expect(script.admit() != nil)
    }

    @Test("fewer probes decide at once if that many have reported; a passed limit goes first")
    func fewerProbes() throws {
        var script = BreakerScript(try .quick(probes: 5))
        script.play("FF")
        script.wait(.seconds(5))
        script.play("SSS")
        var late = script
        #expect(
            script.breaker.changeSettings(try .quick(probes: 3), at: script.now)?.reason == .probesSucceeded(3, of: 3))
        late.wait(.seconds(2))
        let reason = late.breaker.changeSettings(
            try .quick(probes: 3, halfOpenLimit: .seconds(1)), at: late.now)?.reason
        #expect(reason == .halfOpenLimit(reported: 3, of: 3, limit: .seconds(1)))
    }
}
