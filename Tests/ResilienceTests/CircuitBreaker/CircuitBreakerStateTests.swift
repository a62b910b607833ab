import Resilience
import Testing
import Timeline

/// Vectors: resilience4j, enum StateTransition and the tests of it in CircuitBreakerStateMachineTest.
@Suite("The table of a breaker's states")
struct CircuitBreakerStateTests {
    typealias State = CircuitBreaker.State

    @Test("all but three of the 36 pairs are legal")
    func table() {
        let illegal = State.allCases.flatMap { from in
            State.allCases.filter { !from.canBecome($0) }.map { [from, $0] }
        }
        #expect(illegal == [[.closed, .halfOpen], [.metricsOnly, .open], [.metricsOnly, .halfOpen]])
    }

    @Test("an order that the table forbids is refused and changes nothing; any other is carried out")
    func orders() throws {
        for from in State.allCases {
            for to in State.allCases {
                var breaker = CircuitBreaker(try .quick(), in: from)
                let before = breaker
                let ordered = breaker.transition(to: to, at: .after(.seconds(1)))
                if !from.canBecome(to) {
                    #expect(ordered == .refused(from: from, to: to))
                    #expect(breaker == before)
                } else if from == to {
                    #expect(ordered == .restarted)
                    #expect(breaker.generation == before.generation + 1)
                    #expect(breaker.lastTransition == nil)
                    #expect(State.allCases.allSatisfy { breaker.totals.transitions(to: $0) == 0 })
                } else {
                    guard case .entered(let transition) = ordered else {
                        Issue.record("\(from) to \(to): \(ordered)")
                        return
                    }
                    #expect([transition.from, transition.to] == [from, to])
                    #expect(transition.reason == .forced)
                    #expect(breaker.totals.transitions(to: to) == 1)
                }
                #expect(breaker.state == (from.canBecome(to) ? to : from))
                #expect(breaker.trips == 0)
            }
        }
    }

    @Test("shouldNotAllowTransitionFromClosedToHalfOpen")
    func closedToHalfOpen() throws {
        var script = BreakerScript(try .quick())
        #expect(
            script.breaker.transition(to: .halfOpen, at: .zero) == .refused(from: .closed, to: .halfOpen))
        #expect(script.state == .closed)
    }

    @Test("a state that begins anew has empty counts, and new probes or a new open time")
    func restarts() throws {
        var script = BreakerScript(try .quick(probes: 1))
        script.play("F")
        #expect(script.breaker.transition(to: .closed, at: script.now) == .restarted)
        #expect(script.tally.calls == 0)
        script.play("FF")
        script.wait(.seconds(3))
        #expect(script.breaker.transition(to: .open, at: script.now) == .restarted)
        #expect(script.breaker.remainingOpenTime(at: script.now) == .seconds(5))
        #expect(script.tally.failed == 2)
        _ = script.breaker.transition(to: .halfOpen, at: script.now)
        let probe = try script.call()
        #expect(script.admit() == nil)
        #expect(script.breaker.transition(to: .halfOpen, at: script.now) == .restarted)
        #expect(script.end(probe, .failure) == nil)
        #expect(script.breaker.totals.stale == 1)
        #expect(script.admit() != nil)
    }
}

@Suite("A breaker and its callee's health")
struct CircuitBreakerHealthTests {
    @Test("unhealthy opens, healthy ends the open time early, or closes, or does nothing, as is set")
    func reactions() throws {
        typealias State = CircuitBreaker.State
        let table: [(CircuitBreaker.HealthReaction, unhealthy: State, healthy: State)] = [
            (.ignored, .closed, .closed), (.opens, .open, .open), (.halfOpens, .open, .halfOpen),
            (.closes, .open, .closed),
        ]
        for (reaction, unhealthy, healthy) in table {
            var breaker = CircuitBreaker(try .init(window: .calls(2), health: reaction))
            let down = breaker.healthChanged(to: .unhealthy, at: .after(.seconds(1)))
            #expect(breaker.state == unhealthy)
            #expect(down?.reason == (unhealthy == .open ? .unhealthy : nil))
            #expect(breaker.healthChanged(to: .unhealthy, at: .after(.seconds(2))) == nil)
            let up = breaker.healthChanged(to: .healthy, at: .after(.seconds(3)))
            #expect(breaker.state == healthy)
            #expect(up?.reason == (healthy != unhealthy ? .healthy(waited: .seconds(2)) : nil))
        }
    }

    @Test("half-open, unhealthy reopens, and healthy closes only if it may; calls under way are stale")
    func halfOpen() throws {
        for reaction in [CircuitBreaker.HealthReaction.halfOpens, .closes] {
            var script = BreakerScript(try .init(window: .calls(2), openTime: .seconds(5), health: reaction))
            script.play("FF")
            script.wait(.seconds(5))
            let probe = try script.call()
            var unhealthy = script
            #expect(unhealthy.breaker.healthChanged(to: .unhealthy, at: script.now)?.to == .open)
            #expect(unhealthy.breaker.trips == 2)
            #expect(unhealthy.end(probe, .success) == nil)
            let transition = script.breaker.healthChanged(to: .healthy, at: script.now)
            #expect(transition?.to == (reaction == .closes ? .closed : nil))
        }
    }

    @Test("what an operator holds stays held")
    func held() throws {
        for state in [CircuitBreaker.State.forcedOpen, .disabled, .metricsOnly] {
            var breaker = CircuitBreaker(try .init(health: .closes), in: state)
            #expect(breaker.healthChanged(to: .unhealthy, at: .zero) == nil)
            #expect(breaker.healthChanged(to: .healthy, at: .zero) == nil)
            #expect(breaker.state == state)
        }
    }
}
