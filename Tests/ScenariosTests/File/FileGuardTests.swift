import Bulkheads
import Resilience
import Simulation
import Testing
import Timeline

@testable import Scenarios

@Suite("Guards as files write them")
struct FileGuardTests {
    private func guards(_ yaml: String) throws -> [GuardPlan] {
        try Scenario(parsing: Self.file(yaml), file: "f").plan.edges[0].guards
    }

    private static func file(_ guards: String) -> String {
        """
        sagascope: 1
        name: guards
        services:
          front: {operations: {ask: [call back.answer]}}
          back: {replicas: 2, operations: {answer: {}, other: {}}}
          spare: {}
        edges:
          front -> back:
        \(guards.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n"))
        load:
          people: {call: front.ask, rate: 1/s}
        """
    }

    private func breaker(_ settings: String) throws -> BreakerPlan {
        guard case .breaker(let breaker)? = try guards("guards: [breaker]\nbreaker: {\(settings)}").first else {
            throw Missing()
        }
        return breaker
    }

    private struct Missing: Error {}

    @Test("a preset brings a library's rules, and single settings change them")
    func presets() throws {
        for preset in CircuitBreaker.Preset.allCases {
            var expected = try CircuitBreaker.Settings(from: preset.settings, health: .ignored)
            #expect(try breaker("preset: \(preset.rawValue)").settings == expected)
            expected = try CircuitBreaker.Settings(from: preset.settings, openTime: .seconds(7), health: .ignored)
            #expect(try breaker("preset: \(preset.rawValue), open: 7s").settings == expected)
        }
    }

    @Test(
        "what opens a breaker",
        arguments: [
            ("rate", CircuitBreaker.TripRule.rate), ("6 in a row", .consecutive(6)), ("5 failures", .failures(5)),
            ("60% of 3 calls", .callers),
        ])
    func tripRules(text: String, rule: CircuitBreaker.TripRule) throws {
        let breaker = try breaker("window: 20 calls, rule: \(text)")
        #expect(breaker.settings.tripRule == rule)
        #expect((breaker.ownRule != nil) == (rule == .callers))
    }

    @Test(
        "which calls a breaker judges by",
        arguments: [
            ("20 calls", CircuitBreaker.Window.calls(20)), ("10s", .time(.seconds(10), buckets: 10)),
            ("20s in 4 buckets", .time(.seconds(20), buckets: 4)),
            ("interval 30s", .interval(.seconds(30), buckets: 1)),
            ("interval 30s in 3 buckets", .interval(.seconds(30), buckets: 3)),
            ("closed", .interval(.zero, buckets: 1)),
        ])
    func windows(text: String, window: CircuitBreaker.Window) throws {
        #expect(try breaker("window: \(text)").settings.window == window)
    }

    @Test("everything else about a breaker")
    func breakerSettings() throws {
        let plan = try breaker(
            """
            slow: 60% over 500ms, open: 5s, open growth: x 2 to 1m, probes: 5, probe rule: 3 good, probe limit: at-a-time, \
            ignored probe: reopens, half-open limit: 9s, after limit: closed, strict: yes, half-opens: time, \
            judges: failures, counts: timeout server, ignores: client, each: operation, health: opens
            """)
        let expected = try CircuitBreaker.Settings(
            slowCalls: .init(over: .milliseconds(500), rate: 0.6), judging: .failures, openTime: .seconds(5),
            growth: .init(factor: 2, cap: .minutes(1)), strictEnds: true, probes: 5, probeLimit: .concurrent,
            probeRule: .successes(3), ignoredProbe: .reopens, halfOpenLimit: .seconds(9), afterHalfOpenLimit: .closed,
            automaticHalfOpen: true, halfOpensWhenRead: false, health: .opens)
        #expect(plan.settings == expected)
        #expect(plan.detector.failures == [.timeout, .server])
        #expect(plan.detector.ignored == .client)
        #expect(plan.scope == .operation)
    }

    @Test(
        "how long a call may take",
        arguments: [
            ("500ms", nil as Double?), ("p99 x 2 from 10ms to 1s", 0.99), ("p99.9 from 10ms to 1s", 0.999),
            ("rfc6298 from 10ms to 1s", nil),
        ])
    func timeouts(text: String, percentile: Double?) throws {
        guard case .timeout(let rule)? = try guards("guards: [timeout]\ntimeout: \(text)").first else {
            throw Missing()
        }
        switch rule {
        case .fixed(let limit): #expect(limit.limit == .milliseconds(500))
        case .percentile(let settings):
            #expect(settings.percentile == percentile)
            #expect(settings.minimum == .milliseconds(10) && settings.maximum == .seconds(1))
        case .rfc6298(let settings): #expect(settings.maximum == .seconds(1) && settings.initial == .seconds(1))
        }
    }

    @Test("retries, hedges, fallbacks and what they share")
    func others() throws {
        let plan = try Scenario(
            parsing: Self.file(
                """
                budget: 20% in flight
                deadlines: yes
                cancels: yes
                guards: [fallback, semaphore, retry, hedge]
                fallback: {answer: call spare.list, on: transient, at most: 4}
                semaphore: {permits: 7, wait: 50ms}
                retry: {on: timeout rejections, max time: 3s, server delay: at most 1s, jitter: 25%}
                hedge: {after: p90 x 2, hedges: 3, settles: all}
                """), file: "f"
        ).plan
        let edge = plan.edges[0]
        #expect(edge.retryBudget == (try RetryBudget.Settings(.inFlight(maxRate: 0.2))))
        #expect(edge.passesDeadline && edge.passesCancellation)
        guard case .fallback(let fallback) = edge.guards[0], case .semaphore(let semaphore) = edge.guards[1],
            case .retry(let retry) = edge.guards[2], case .hedge(let hedge) = edge.guards[3]
        else { throw Missing() }
        #expect(fallback.settings.source == .service && fallback.settings.limit == 4)
        #expect(fallback.call.map { plan.operations[$0.operation].name } == "spare.list")
        #expect(fallback.call.map { plan.edges[$0.edge].name } == "front -> spare")
        #expect(semaphore.permits == 7 && semaphore.maximumWait == .milliseconds(50))
        #expect(retry.retryable == [.timeout, .rejections])
        #expect(retry.maxDuration == .seconds(3) && retry.serverDelay == .atLeast(upTo: .seconds(1)))
        #expect(retry.jitter == .proportional(0.25))
        #expect(hedge.policy.delay == .observed(factor: 2) && hedge.policy.maxHedges == 3)
        #expect(hedge.policy.settling == .all)
    }

    @Test("a compartment may fall back to another service, as an edge may")
    func compartmentFallback() throws {
        let plan = try Scenario(
            parsing: Self.file(
                """
                guards: [isolator]
                isolator: {compartments: {a: {permits: 1, fallback: call spare.list}, b: {threads: 1, fallback: cache}}}
                """), file: "f"
        ).plan
        guard case .isolator(let isolator)? = plan.edges[0].guards.first else { throw Missing() }
        #expect(isolator.settings.compartments.map(\.fallback.source) == [.service, .cache])
        #expect(isolator.calls.map { $0.map { plan.operations[$0.operation].name } } == ["spare.list", nil])
    }

    @Test(
        "what is wrong is said at its place",
        arguments: [
            ("guards: [breaker]\nbreaker: {preset: gobraker}", "did you mean \"gobreaker\"?"),
            ("guards: [breaker]\nbreaker: {rule: 0 in a row}", "0 is out of range; allowed: 1 to 1000000"),
            (
                "guards: [breaker]\nbreaker: {window: 5 calls, rule: 6 failures}",
                "rule: 6 failures is out of range; allowed: 1 to 5, the window"
            ),
            (
                "guards: [breaker]\nbreaker: {open: 5s, open growth: x 2 to 1s}",
                "open growth: x 2 to 1s is out of range; allowed: 5s, the open time, or more"
            ),
            ("guards: [breaker]\nbreaker: {open growth: x 0.5 to 1s}", "write a number from 1 to 1000, such as 1.5"),
            (
                "guards: [breaker]\nbreaker: {probes: 3, probe rule: 5 good}",
                "probe rule: 5 good is out of range; allowed: 1 to 3, the probes"
            ),
            ("guards: [breaker]\nbreaker: {open: 1ns}", "open: 1ns is out of range; allowed: 1ms to 87600h"),
            (
                "guards: [breaker]\nbreaker: {half-open limit: 999us}",
                "half-open limit: 999us is out of range; allowed: 1ms to 87600h"
            ),
            ("guards: [breaker]\nbreaker: {health: halfOpens}", "did you mean \"half-opens\"?"),
            ("guards: [timeout]\ntimeout: p99 from 1s to 10ms", "out of range"),
            (
                "guards: [timeout]\ntimeout: p101 from 10ms to 1s",
                "write a length of time such as 500ms, or learned: p99"
            ),
            ("guards: [timeout]\ntimeout: p99 x 200 from 10ms to 1s", "write a number from 1 to 100, such as 1.5"),
            ("guards: [retry]\nretry: {on: timeouts}", "did you mean \"timeout\"?"),
            ("guards: [hedge]\nhedge: {hedges: 11}", "allowed: 1 to 10"),
            ("guards: [hedge]\nhedge: {after: p0}", "write a length of time such as 50ms, p95 or mean"),
            ("guards: [hedge]\nhedge: {after: p95 x 1000}", "write a number from 0 to 100, such as 1.5"),
            ("guards: [fallback]", "needs answer"),
            ("guards: [fallback]\nfallback: {answer: call spore.list}", "did you mean \"spare\"?"),
            ("guards: [fallback]\nfallback: {answer: call front.ask}", "calls go round in a circle"),
            (
                "guards: [isolator]\nisolator: {compartments: {a: {permits: 1, fallback: call front.ask}}}",
                "calls go round in a circle"
            ),
            (
                "guards: [isolator]\nisolator: "
                    + "{compartments: {a: {threads: 0}, b: {permits: 1, fallback: call spare.list}}}",
                "0 is out of range"
            ),
            (
                "guards: [isolator]\nisolator: {compartments: {a: {permits: 1, fallback: call spore.list}}}",
                "did you mean \"spare\"?"
            ),
            ("guards: [bulkhead]\nbulkhead: {threads: 4, when full: discard-newest}", "did you mean"),
            ("budget: 20% of money", "is not what stands here"),
        ])
    func slips(yaml: String, message: String) {
        do {
            _ = try guards(yaml)
            Issue.record("\(yaml) was accepted")
        } catch let problems as Problems {
            #expect(problems.all.contains { $0.message.contains(message) }, "\(problems.all.map(\.description))")
            #expect(problems.all.allSatisfy { $0.line > 1 || $0.message.contains("circle") })
        } catch {
            Issue.record("\(error)")
        }
    }

    @Test("a setting that does not go with the others is found where it stands")
    func contradictions() {
        let breaker = Self.file("guards: [breaker]\nbreaker:\n  window: 5 calls\n  rule: 6 failures")
        #expect(
            Slip.problems(in: breaker) == ["f:12:13: rule: 6 failures is out of range; allowed: 1 to 5, the window"])
        let limit = Self.file("guards: [concurrency]\nconcurrency: {max: 5,\n  min: 10}")
        #expect(Slip.problems(in: limit) == ["f:10:24: max: 5 is out of range; allowed: 10 to 1000000000"])
    }
}
