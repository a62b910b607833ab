import Resilience
import Timeline

/// Plays short scripts of results against a breaker: S success, F failure, X ignored.
struct BreakerScript {
    var breaker: CircuitBreaker
    var now = Instant.zero

    init(_ settings: CircuitBreaker.Settings) {
        breaker = CircuitBreaker(settings)
    }

    var state: CircuitBreaker.State { breaker.state }
    var tally: CallTally { breaker.tally(at: now) }

    /// gobreaker's `Counts`: requests, successes, failures, exclusions, consecutive successes and failures.
    var counts: [Int] {
        let counts = breaker.counts(at: now)
        return [
            counts.admitted, counts.succeeded, counts.failed, counts.ignored, counts.consecutiveSuccesses,
            counts.consecutiveFailures,
        ]
    }

    /// The state as one sees it who reads it now.
    mutating func read() -> CircuitBreaker.State {
        while breaker.advance(to: now) != nil {}
        return breaker.state
    }

    /// Makes one call after another, each ending at once; returns the transitions of the results.
    @discardableResult
    mutating func play(
        _ script: String, every pause: Duration = .zero, took: Duration = .zero
    ) -> [CircuitBreaker.Transition] {
        var transitions: [CircuitBreaker.Transition] = []
        for letter in script where letter != " " {
            now = now + pause
            guard let permit = admit() else { continue }
            if let transition = end(permit, Self.outcome(letter), took: took) { transitions.append(transition) }
        }
        return transitions
    }

    mutating func admit() -> CircuitBreaker.Permit? {
        breaker.admit(at: now).permit
    }

    /// Begins a call that has to be let through.
    mutating func call() throws -> CircuitBreaker.Permit {
        guard let permit = admit() else { throw NotPermitted() }
        return permit
    }

    struct NotPermitted: Error {}

    mutating func end(
        _ permit: CircuitBreaker.Permit, _ outcome: CircuitBreaker.Outcome, took: Duration = .zero
    ) -> CircuitBreaker.Transition? {
        breaker.record(outcome, took: took, permit: permit, at: now)
    }

    mutating func wait(_ length: Duration) {
        now = now + length
    }

    private static func outcome(_ letter: Character) -> CircuitBreaker.Outcome {
        switch letter {
        case "S": .success
        case "F": .failure
        default: .ignored
        }
    }
}

extension CircuitBreaker.Settings {
    /// The settings of resilience4j's CircuitBreakerStateMachineTest.
    static func stateMachineTest() throws -> Self {
        try Self(
            window: .time(.seconds(20)), minimumCalls: 5, failureRate: 0.5,
            slowCalls: .init(over: .seconds(4), rate: 0.5), openTime: .seconds(5), probes: 4)
    }

    /// Opens after two failures, for 5 s.
    static func quick(
        probes: Int = 3, failureRate: Double = 0.5, halfOpenLimit: Duration = .seconds(10), automatic: Bool = false
    ) throws -> Self {
        try Self(
            window: .calls(2), failureRate: failureRate, openTime: .seconds(5), probes: probes,
            halfOpenLimit: halfOpenLimit, automaticHalfOpen: automatic)
    }
}
