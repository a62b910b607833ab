import Resilience
import Testing
import Timeline

@Suite("Health checker")
struct HealthCheckerTests {
    @Test("the first success after start is enough, whatever the threshold (Envoy: Success)")
    func firstSuccess() throws {
        var script = HealthScript(try .init(healthyThreshold: 3))
        #expect(script.checker.state == .unchecked)
        #expect(!script.checker.isHealthy)
        #expect(script.check(.success) == .becameHealthy(.firstCheck, at: script.now))
        #expect(script.checker.isHealthy)
    }

    @Test(
        "a first failure makes unhealthy at once; then successes must be confirmed (Envoy: SuccessStartFailedFailFirst)"
    )
    func firstFailure() throws {
        var script = HealthScript(try .init(healthyThreshold: 2, unhealthyThreshold: 3))
        #expect(script.check(.failure(.connection)) == .becameUnhealthy(.firstCheck, at: script.now))
        #expect(script.check(.success) == nil)
        #expect(script.check(.success) == .becameHealthy(.successes(2), at: script.now))
    }

    @Test("failures count in a row, and so do successes (Envoy: Disconnect, TimeoutThenSuccess)")
    func thresholds() throws {
        var script = HealthScript(try .init(healthyThreshold: 2, unhealthyThreshold: 2))
        #expect(script.play("S F S F S F S F") == ["healthy"])
        #expect(script.play("F") == ["unhealthy"])
        #expect(script.checker.lastChange?.reason == .failures(2))
        #expect(script.play("S F S F F S F") == [])
        #expect(script.play("S S") == ["healthy"])
    }

    @Test("with thresholds of 3 a host that was well for long needs 3 bad checks, not 6 (the guide's defect B9)")
    func noWalk() throws {
        var script = HealthScript(try .init(healthyThreshold: 3, unhealthyThreshold: 3))
        #expect(script.play("S S S S S S S S S S") == ["healthy"])
        #expect(script.play("F F") == [])
        #expect(script.play("F") == ["unhealthy"])
    }

    @Test("an unexpected status ejects at once, unless its kind is not immediate (Envoy: HttpFail, retriable)")
    func immediate() throws {
        var script = HealthScript(try .init(healthyThreshold: 2, unhealthyThreshold: 3))
        _ = script.check(.success)
        #expect(
            script.check(.failure(.unexpectedStatus)) == .becameUnhealthy(.immediate(.unexpectedStatus), at: script.now)
        )
        #expect(script.play("S") == [])
        #expect(script.play("S") == ["healthy"])

        var patient = HealthScript(try .init(unhealthyThreshold: 2, immediateFailures: []))
        _ = patient.check(.success)
        #expect(patient.check(.failure(.unexpectedStatus)) == nil)
        #expect(patient.check(.failure(.unexpectedStatus)) == .becameUnhealthy(.failures(2), at: patient.now))

        var strict = HealthScript(try .init(unhealthyThreshold: 5, immediateFailures: [.connection, .timeout]))
        _ = strict.check(.success)
        #expect(strict.check(.failure(.connection)) == .becameUnhealthy(.immediate(.connection), at: strict.now))
    }

    @Test("a state known from elsewhere changes by the thresholds only")
    func knownState() throws {
        let settings = try HealthChecker.Settings(healthyThreshold: 2, unhealthyThreshold: 2)
        var well = HealthScript(settings, state: .healthy)
        #expect(well.play("F") == [])
        #expect(well.play("F") == ["unhealthy"])
        var ill = HealthScript(settings, state: .unhealthy)
        #expect(ill.play("S") == [])
        #expect(ill.play("S") == ["healthy"])
    }

    @Test("a probe without a result has failed at its deadline; the late result changes nothing")
    func hungProbe() throws {
        var script = HealthScript(try .init(timeout: .seconds(2), unhealthyThreshold: 1))
        _ = script.check(.success)
        script.now = script.checker.nextCheck
        let probe = try #require(script.start().probe)
        #expect(probe.deadline == script.now + .seconds(2))
        #expect(script.checker.nextTimedChange == probe.deadline)
        #expect(script.checker.advance(to: script.now + .milliseconds(1_999), using: &script.random) == nil)
        script.now = probe.deadline
        let change = script.checker.advance(to: probe.deadline + .seconds(1), using: &script.random)
        #expect(change == .becameUnhealthy(.failures(1), at: probe.deadline))
        #expect(script.checker.nextCheck == probe.deadline + .seconds(10))
        #expect(script.end(probe, .success) == nil)
        #expect(script.checker.state == .unhealthy)
        #expect(script.checker.totals.stale == 1)
        #expect(script.checker.totals.timedOut == 1)
    }

    @Test("a result at the deadline is late, and the probe handed back then has timed out")
    func lateByNothing() throws {
        var script = HealthScript(try .init(unhealthyThreshold: 1))
        let probe = try #require(script.start().probe)
        script.now = probe.deadline
        #expect(script.end(probe, .success) == .becameUnhealthy(.firstCheck, at: probe.deadline))
        #expect(script.checker.totals.stale == 1)
    }

    @Test("the result of a former probe does not count for the one that is out, nor a result twice")
    func stale() throws {
        var script = HealthScript(try .init(unhealthyThreshold: 1))
        let first = try #require(script.start().probe)
        script.now = first.deadline + .seconds(20)
        let start = script.start()
        #expect(start.change == .becameUnhealthy(.firstCheck, at: first.deadline))
        let second = try #require(start.probe)
        #expect(script.end(first, .success) == nil)
        #expect(script.end(second, .success) == .becameHealthy(.successes(1), at: script.now))
        #expect(script.end(second, .failure(.connection)) == nil)
        #expect(script.checker.isHealthy)
        #expect(script.checker.totals.stale == 2)
    }

    @Test("there is never more than one probe out, and none before it is due")
    func oneProbe() throws {
        var script = HealthScript(try .init())
        let probe = try #require(script.start().probe)
        #expect(script.start() == .alreadyOut(until: probe.deadline))
        _ = script.end(probe, .success)
        #expect(script.start() == .notDue(until: script.now + .seconds(10), nil))
        script.now = script.now + .seconds(10)
        #expect(script.start().probe != nil)
    }

    @Test("somebody else may report a host unhealthy, and checks must bring it back (Envoy: PassiveFailure)")
    func reported() throws {
        var script = HealthScript(try .init(healthyThreshold: 2))
        _ = script.play("S S")
        #expect(script.checker.markUnhealthy(at: script.now) == .becameUnhealthy(.reported, at: script.now))
        #expect(script.checker.markUnhealthy(at: script.now) == nil)
        #expect(script.play("S") == [])
        #expect(script.play("S") == ["healthy"])
    }

    @Test("new settings bring the next check forward, and new thresholds hold from the next result on")
    func changingSettings() throws {
        var script = HealthScript(try .init(intervals: .init(normal: .minutes(5))))
        _ = script.check(.success)
        script.checker.changeSettings(try .init(unhealthyThreshold: 1), at: script.now)
        #expect(script.checker.nextCheck == script.now + .seconds(10))
        #expect(script.play("F") == ["unhealthy"])
    }
}

@Suite("When health is checked next")
struct HealthCheckIntervalTests {
    typealias Settings = HealthChecker.Settings

    @Test("a change yet to be confirmed has its own interval (Envoy: HealthCheckIntervals)")
    func edges() throws {
        let intervals = HealthChecker.Intervals(
            normal: .seconds(1), unhealthy: .seconds(2), unhealthyEdge: .seconds(3), healthyEdge: .seconds(4))
        var script = HealthScript(try .init(intervals: intervals, healthyThreshold: 3, unhealthyThreshold: 3))
        let steps: [(results: String, wait: Int64)] = [
            ("S", 1), ("S", 1), ("F", 3), ("F", 3), ("F", 2), ("F", 2), ("S", 4), ("S", 4), ("S", 1), ("S", 1),
            ("X", 2), ("F", 2), ("S", 4), ("F", 2), ("S", 4), ("S", 4), ("S", 1), ("F", 3), ("S", 1),
        ]
        for (number, step) in steps.enumerated() {
            _ = script.play(step.results)
            #expect(script.checker.nextCheck - script.now == .seconds(step.wait), "step \(number)")
        }
    }

    @Test("intervals that are not set are those that Envoy falls back to")
    func fallbacks() throws {
        var script = HealthScript(
            try .init(intervals: .init(normal: .seconds(1), unhealthy: .seconds(2)), healthyThreshold: 2))
        for (result, wait) in [("S", 1), ("F", 2), ("F", 2), ("F", 2), ("S", 1), ("S", 1)] as [(String, Int64)] {
            _ = script.play(result)
            #expect(script.checker.nextCheck - script.now == .seconds(wait))
        }
    }

    @Test("a host without traffic is checked at its own interval until there is some (Envoy: SuccessNoTraffic)")
    func withoutTraffic() throws {
        var script = HealthScript(
            try .init(intervals: .init(normal: .seconds(1), withoutTraffic: .seconds(5))))
        _ = script.play("S")
        #expect(script.checker.nextCheck - script.now == .seconds(5))
        _ = script.play("F")
        #expect(script.checker.nextCheck - script.now == .seconds(5))
        script.checker.hasTraffic = true
        _ = script.play("S")
        #expect(script.checker.nextCheck - script.now == .seconds(1))
    }

    @Test("jitter only lengthens: 5 s with 40 % lie in 5...7 s, 1 s with jitter of 1 s in 1...2 s")
    func jitter() throws {
        let cases: [(HealthChecker.Intervals, Range<Duration>)] = [
            (.init(normal: .seconds(5), jitterShare: 0.4), .seconds(5)..<(.seconds(7))),
            (.init(normal: .seconds(1), jitter: .seconds(1)), .seconds(1)..<(.seconds(2))),
            (.init(normal: .seconds(5), jitter: .seconds(1), jitterShare: 0.4), .seconds(5)..<(.seconds(8))),
        ]
        for (intervals, range) in cases {
            var script = HealthScript(try .init(intervals: intervals))
            var waits: Set<Duration> = []
            for _ in 0..<200 {
                _ = script.play("S")
                waits.insert(script.checker.nextCheck - script.now)
            }
            #expect(waits.allSatisfy(range.contains))
            #expect(waits.count > 100)
        }
    }

    @Test("the first check may be spread, and nothing is drawn where nothing is random")
    func initialJitter() throws {
        var random = RandomStream(seed: 1, name: "health", purpose: "initial")
        let before = random
        _ = HealthChecker(try .init(), at: .zero, using: &random)
        #expect(random == before)
        for _ in 0..<50 {
            let checker = HealthChecker(
                try .init(intervals: .init(initialJitter: .seconds(3))), at: .zero, using: &random)
            #expect(checker.nextCheck >= .zero && checker.nextCheck < .after(.seconds(3)))
        }
    }

    @Test("a value out of range is refused by name, with the range")
    func refusals() {
        let refused: [(String, () throws -> Settings)] = [
            (
                "intervals.normal: 0s is out of range; allowed: more than 0s",
                { try .init(intervals: .init(normal: .zero)) }
            ),
            (
                "intervals.unhealthy: -1s is out of range; allowed: more than 0s",
                { try .init(intervals: .init(unhealthy: .seconds(-1))) }
            ),
            (
                "intervals.unhealthyEdge: 0s is out of range; allowed: more than 0s",
                { try .init(intervals: .init(unhealthyEdge: .zero)) }
            ),
            (
                "intervals.healthyEdge: 0s is out of range; allowed: more than 0s",
                { try .init(intervals: .init(healthyEdge: .zero)) }
            ),
            (
                "intervals.withoutTraffic: 0s is out of range; allowed: more than 0s",
                { try .init(intervals: .init(withoutTraffic: .zero)) }
            ),
            (
                "intervals.jitter: -1s is out of range; allowed: 0s or more",
                { try .init(intervals: .init(jitter: .seconds(-1))) }
            ),
            (
                "intervals.initialJitter: -1s is out of range; allowed: 0s or more",
                { try .init(intervals: .init(initialJitter: .seconds(-1))) }
            ),
            (
                "intervals.jitterShare: nan is out of range; allowed: 0 to 10",
                { try .init(intervals: .init(jitterShare: .nan)) }
            ),
            (
                "intervals.jitterShare: 11.0 is out of range; allowed: 0 to 10",
                { try .init(intervals: .init(jitterShare: 11)) }
            ),
            ("timeout: 0s is out of range; allowed: more than 0s", { try .init(timeout: .zero) }),
            ("healthyThreshold: 0 is out of range; allowed: 1 or more", { try .init(healthyThreshold: 0) }),
            ("unhealthyThreshold: 0 is out of range; allowed: 1 or more", { try .init(unhealthyThreshold: 0) }),
        ]
        for (message, make) in refused {
            let error = #expect(throws: SettingError.self) { try make() }
            #expect(error?.description == message)
        }
    }
}

/// Plays scripts of results against a checker: S success, F no connection, X an unexpected status.
struct HealthScript {
    var checker: HealthChecker
    var now = Instant.zero
    var random = RandomStream(seed: 1, name: "health", purpose: "script")

    init(_ settings: HealthChecker.Settings, state: HealthChecker.State = .unchecked) {
        checker = HealthChecker(settings, state: state, at: .zero, using: &random)
    }

    mutating func start() -> HealthChecker.Start {
        checker.startProbe(at: now, using: &random)
    }

    mutating func end(_ probe: HealthChecker.Probe, _ result: HealthChecker.Result) -> HealthChecker.Change? {
        checker.ended(probe, result, at: now, using: &random)
    }

    /// Waits for the next check, makes it and ends it in the same instant.
    mutating func check(_ result: HealthChecker.Result) -> HealthChecker.Change? {
        now = max(now, checker.nextCheck)
        guard let probe = start().probe else { return nil }
        return end(probe, result)
    }

    /// What the host became, check by check.
    mutating func play(_ results: String) -> [String] {
        var changes: [String] = []
        for letter in results where letter != " " {
            let result: HealthChecker.Result =
                letter == "S" ? .success : .failure(letter == "F" ? .connection : .unexpectedStatus)
            switch check(result) {
            case .becameHealthy: changes.append("healthy")
            case .becameUnhealthy: changes.append("unhealthy")
            case nil: break
            }
        }
        return changes
    }
}
