import Resilience
import Testing
import Timeline

/// Vectors: sony/gobreaker v2, gobreaker_test.go, counter_test.go and twostep_gobreaker_test.go.
///
/// Counts are given as gobreaker does: requests, successes, failures, exclusions, consecutive successes,
/// consecutive failures.
@Suite("Under gobreaker's rules")
struct GobreakerTests {
    @Test("TestDefaultCircuitBreaker: six failures in a row, a minute, one success")
    func defaults() throws {
        var script = BreakerScript(.gobreaker)
        script.play("FFFFF")
        #expect(script.counts == [5, 0, 5, 0, 0, 5])
        script.play("S")
        #expect(script.counts == [6, 1, 5, 0, 1, 0])
        script.play("F")
        #expect(script.counts == [7, 1, 6, 0, 0, 1])
        #expect(script.read() == .closed)
        #expect(script.play("FFFFF").map(\.reason) == [.consecutiveFailures(6, threshold: 6)])
        #expect(script.counts == [0, 0, 0, 0, 0, 0])
        script.play("SF")
        #expect(script.counts == [0, 0, 0, 0, 0, 0])
        #expect(script.breaker.counts(at: script.now).rejected == 2)

        script.wait(.milliseconds(59_999))
        #expect(script.read() == .open)
        script.wait(.seconds(1))
        #expect(script.read() == .halfOpen)
        script.play("F")
        #expect(script.read() == .open)
        #expect(script.counts == [0, 0, 0, 0, 0, 0])
        script.wait(.seconds(60) + .nanoseconds(1))
        #expect(script.read() == .halfOpen)
        script.play("S")
        #expect(script.read() == .closed)
        #expect(script.counts == [0, 0, 0, 0, 0, 0])
    }

    @Test("the last moment of the open time still is open")
    func strictEnd() {
        var script = BreakerScript(.gobreaker)
        script.play("FFFFFF")
        script.wait(.seconds(60))
        #expect(script.read() == .open)
        #expect(script.breaker.admit(at: script.now) == .rejected(.open(retryAfter: .nanoseconds(1)), nil))
        script.wait(.nanoseconds(1))
        #expect(script.admit() != nil)
    }

    /// `newCustom`: 3 of 5 of the valid requests in an interval of 30 s, of which there must be 3.
    private func custom(buckets: Int = 1) throws -> BreakerScript {
        BreakerScript(
            try .init(
                from: .gobreaker, window: .interval(.seconds(30), buckets: buckets), tripRule: .rate,
                minimumCalls: 3, failureRate: 0.6, openTime: .seconds(90), probes: 3))
    }

    @Test("TestCustomCircuitBreaker: an interval, exclusions, three probes")
    func customBreaker() throws {
        var script = try custom()
        script.play("SFX SFX SFX SFX SFX")
        #expect(script.counts == [15, 5, 5, 5, 0, 1])
        script.wait(.milliseconds(29_999))
        script.play("S")
        #expect(script.counts == [16, 6, 5, 5, 1, 0])
        script.wait(.seconds(1))
        script.play("F")
        #expect(script.counts == [1, 0, 1, 0, 0, 1])
        #expect(script.play("SF").map(\.to) == [.open])
        #expect(script.breaker.lastTrip?.reason == .failureRate(failed: 2, of: 3, threshold: 0.6))
        #expect(script.counts == [0, 0, 0, 0, 0, 0])

        script.wait(.seconds(90) + .nanoseconds(1))
        #expect(script.read() == .halfOpen)
        script.play("XXXX")
        #expect(script.read() == .halfOpen)
        script.play("F")
        #expect(script.read() == .open)
        script.wait(.seconds(90) + .nanoseconds(1))
        #expect(script.read() == .halfOpen)
        script.play("SS")
        #expect(script.counts == [2, 2, 0, 0, 2, 0])
        let third = try script.call()
        #expect(script.counts == [3, 2, 0, 0, 2, 0])
        #expect(script.admit() == nil)
        #expect(script.end(third, .success)?.to == .closed)
        #expect(script.counts == [0, 0, 0, 0, 0, 0])
    }

    @Test("TestRollingWindowCircuitBreaker: ten buckets of 3 s")
    func rolling() throws {
        var script = try custom(buckets: 10)
        let steps: [(wait: Int64, results: String, counts: [Int])] = [
            (0, "SFX SFX SFX SFX SFX", [15, 5, 5, 5, 0, 1]), (3, "S", [16, 6, 5, 5, 1, 0]),
            (2, "SX", [18, 7, 5, 6, 2, 0]), (2, "XS", [20, 8, 5, 7, 3, 0]), (2, "F", [21, 8, 6, 7, 0, 1]),
            (3, "SF", [23, 9, 7, 7, 0, 1]), (3, "SF", [25, 10, 8, 7, 0, 1]), (3, "SF", [27, 11, 9, 7, 0, 1]),
            (3, "SF", [29, 12, 10, 7, 0, 1]), (3, "SF", [31, 13, 11, 7, 0, 1]), (3, "SF", [33, 14, 12, 7, 0, 1]),
            (3, "F", [19, 9, 8, 2, 0, 2]), (0, "F", [20, 9, 9, 2, 0, 3]), (0, "FFFF", [24, 9, 13, 2, 0, 7]),
        ]
        for step in steps {
            script.wait(.seconds(step.wait))
            script.play(step.results)
            #expect(script.counts == step.counts)
            #expect(script.read() == .closed)
        }
        #expect(script.breaker.buckets(at: script.now).map(\.tally.calls) == [2, 1, 1, 2, 2, 2, 2, 2, 2, 6])
        script.play("F")
        #expect(script.breaker.lastTrip?.reason == .failureRate(failed: 14, of: 23, threshold: 0.6))
        script.wait(.seconds(90) + .nanoseconds(1))
        #expect(script.read() == .halfOpen)
        script.play("SSS")
        #expect(script.read() == .closed)
        #expect(script.counts == [0, 0, 0, 0, 0, 0])
    }

    @Test("TestGeneration: a call from before the interval was over does not count in the next")
    func staleInInterval() throws {
        var script = try custom()
        script.wait(.seconds(29))
        script.play("S")
        let slow = try script.call()
        #expect(script.counts == [2, 1, 0, 0, 1, 0])
        let generation = script.breaker.generation
        script.wait(.milliseconds(1_001))
        #expect(script.counts == [0, 0, 0, 0, 0, 0])
        #expect(script.read() == .closed)
        #expect(script.breaker.generation == generation + 1)
        #expect(script.end(slow, .success) == nil)
        #expect(script.counts == [0, 0, 0, 0, 0, 0])
        #expect(script.breaker.totals.stale == 1)
    }

    @Test("an interval begins anew with the call that finds it over, and with closing")
    func intervalBegins() throws {
        var script = try custom()
        script.wait(.seconds(45))
        script.play("S")
        script.wait(.seconds(30))
        #expect(script.counts == [1, 1, 0, 0, 1, 0])
        script.wait(.nanoseconds(1))
        #expect(script.counts == [0, 0, 0, 0, 0, 0])
        script.play("FFF")
        script.wait(.seconds(91))
        script.play("SSS S")
        script.wait(.seconds(30))
        #expect(script.counts == [1, 1, 0, 0, 1, 0])
    }

    @Test("TestRollingCounts: a result counts in the bucket of its call, or not at all")
    func admissionBucket() throws {
        var script = BreakerScript(
            try .init(from: .gobreaker, window: .interval(.seconds(2), buckets: 2), tripRule: .callers))
        func buckets() -> [[Int]] {
            script.breaker.buckets(at: script.now).map { [$0.tally.succeeded, $0.tally.failed] }
        }
        let first = [try script.call(), try script.call(), try script.call(), try script.call()]
        _ = script.end(first[0], .failure)
        _ = script.end(first[1], .success)
        #expect(script.counts == [4, 1, 1, 0, 1, 0])
        script.wait(.seconds(1))
        let second = [try script.call(), try script.call()]
        _ = script.end(first[2], .failure)
        #expect(script.counts == [6, 1, 2, 0, 0, 1])
        #expect(buckets() == [[1, 2], [0, 0]])
        _ = script.end(second[0], .failure)
        #expect(script.counts == [6, 1, 3, 0, 0, 2])
        #expect(buckets() == [[1, 2], [0, 1]])
        script.wait(.seconds(1))
        #expect(script.counts == [2, 0, 1, 0, 0, 1])
        _ = script.end(first[3], .failure)
        #expect(script.counts == [2, 0, 1, 0, 0, 1])
        #expect(script.breaker.totals.stale == 1)
        _ = script.end(second[1], .ignored)
        #expect(script.counts == [2, 0, 1, 1, 0, 1])
        script.wait(.seconds(5))
        #expect(script.counts == [0, 0, 0, 0, 0, 0])
    }

    @Test("TestRollingCountsMethods: a row reaches over the buckets, and is cut where the oldest leaves")
    func rowOverBuckets() throws {
        var script = BreakerScript(
            try .init(from: .gobreaker, window: .interval(.seconds(2), buckets: 2), tripRule: .callers))
        let steps: [(wait: Int64, results: String, counts: [Int])] = [
            (0, "S", [1, 1, 0, 0, 1, 0]), (0, "F", [2, 1, 1, 0, 0, 1]), (0, "S", [3, 2, 1, 0, 1, 0]),
            (0, "X", [4, 2, 1, 1, 1, 0]), (1, "", [4, 2, 1, 1, 1, 0]), (0, "S", [5, 3, 1, 1, 2, 0]),
            (1, "", [1, 1, 0, 0, 1, 0]), (1, "", [0, 0, 0, 0, 0, 0]),
        ]
        for step in steps {
            script.wait(.seconds(step.wait))
            script.play(step.results)
            #expect(script.counts == step.counts, "\(step)")
        }
    }

    @Test("TestCustomIsSuccessful: what counts as a success is the caller's to say")
    func whatIsSuccessful() throws {
        var script = BreakerScript(.gobreaker)
        let lenient = try FailureDetector(failures: [])
        for _ in 0..<5 { _ = script.end(try script.call(), lenient.outcome(of: .server)) }
        #expect(script.counts == [5, 5, 0, 0, 5, 0])
        _ = script.breaker.reset(at: script.now)
        for _ in 0..<6 { _ = script.end(try script.call(), FailureDetector.usual.outcome(of: .server)) }
        #expect(script.state == .open)
    }

    @Test("TestIsExcludedAndIsSuccessfulCombination: exclusions are requests, but break no row")
    func exclusions() {
        var script = BreakerScript(.gobreaker)
        script.play("XXX")
        #expect(script.counts == [3, 0, 0, 3, 0, 0])
        script.play("SSS")
        #expect(script.counts == [6, 3, 0, 3, 3, 0])
        script.play("FF")
        #expect(script.counts == [8, 3, 2, 3, 0, 2])
        script.play("X")
        #expect(script.counts == [9, 3, 2, 4, 0, 2])
    }

    @Test("TestTwoStepCircuitBreaker: probes that are excluded make room for others")
    func twoStep() throws {
        var script = BreakerScript(try .init(from: .gobreaker, probes: 2))
        script.play("FFFFFF")
        script.wait(.seconds(61))
        #expect(script.read() == .halfOpen)
        let excluded = [try script.call(), try script.call()]
        #expect(script.admit() == nil)
        for permit in excluded { #expect(script.end(permit, .ignored) == nil) }
        script.play("S")
        #expect(script.read() == .halfOpen)
        script.play("F")
        #expect(script.read() == .open)
        script.wait(.seconds(61))
        script.play("SS")
        #expect(script.read() == .closed)
    }

    @Test("a ReadyToTrip of the caller's own reads the counts and trips")
    func callersRule() throws {
        var script = BreakerScript(try .init(from: .gobreaker, tripRule: .callers))
        _ = try script.call()
        #expect(script.play("SFFFFFFFFF").isEmpty)
        let counts = script.breaker.counts(at: script.now)
        #expect(counts.inFlight == 1)
        #expect(counts.ended == 10)
        let trip = script.breaker.trip(at: script.now)
        #expect(trip?.to == .open)
        #expect(trip?.reason == .callersRule(failed: 9, of: 10, consecutiveFailures: 9))
        #expect(script.breaker.trips == 1)
        #expect(script.breaker.trip(at: script.now) == nil)
        script.wait(.seconds(61))
        #expect(script.read() == .halfOpen)
        let own = script.breaker.trip(because: .retryAfter(.seconds(1)), openFor: .seconds(1), at: script.now)
        #expect(own?.reason == .retryAfter(.seconds(1)))
        #expect(script.breaker.phase == .open(since: script.now, until: script.now + .seconds(1)))
    }
}
