import Scenarios
import Simulation
import Testing

/// A rule of a fault of replicas, as a small scenario that shows it.
struct FaultRule: CustomTestStringConvertible, Sendable {
    let rule: String
    var latency = "constant 50ms"
    var guards = "guards: [balancer], balancer: {panic below: 0%}"
    var services = ""
    var edges = ""
    var load = ""
    let timeline: [String]
    let expect: [String]

    var testDescription: String { rule }

    var text: String {
        let timeline = SmallScenario.block("timeline", ["at 0s caption \"\(rule)\""] + timeline)
        return """
            sagascope: 1
            name: rule
            seed: 5
            duration: 6s
            services:
              api: {replicas: 2, workers: 50, queue: 50, latency: \(latency)}
              \(services)
            edges:
              users -> api: {\(guards)}
              \(edges)
            load:
              users: {call: api.get, arrivals: even, rate: 100/s}
              \(load)
            \(timeline)\(SmallScenario.block("expect", expect))
            """
    }
}

extension FaultRule {
    static let badDeploys: [FaultRule] = [
        FaultRule(
            rule: "a bad deploy fails at once", timeline: ["at 1s inject bad-deploy on api for 2s"],
            expect: [
                "during 2s..3s error share(users) == 100%", "during 2s..3s max(users) < 1ms",
                "during 4s..6s error share(users) == 0%", "during 4s..6s p50(users) > 49ms",
            ]),
        FaultRule(
            rule: "of a bad deploy with a probability some work is done",
            timeline: ["at 0s inject bad-deploy on api with probability 30%"],
            expect: ["at end error share(users) > 25%", "at end error share(users) < 35%"]),
        FaultRule(
            rule: "shallow health checks do not see a bad deploy",
            guards: "guards: [balancer], balancer: {health: {every: 200ms, unhealthy after: 1}}",
            timeline: ["at 1s inject bad-deploy on api#2"],
            expect: ["during 2s..6s unhealthy(users -> api) == 0", "during 2s..6s error share(users) == 50%"]),
        FaultRule(
            rule: "deep health checks see a bad deploy",
            guards: "guards: [balancer], balancer: {health: {every: 200ms, unhealthy after: 1, check: deep}}",
            timeline: ["at 1s inject bad-deploy on api#2"],
            expect: ["during 2s..6s unhealthy(users -> api) == 1", "during 2s..6s error share(users) == 0%"]),
        FaultRule(
            rule: "who chooses the least busy is drawn to a replica that fails fast",
            guards: "guards: [balancer], balancer: {by: least-busy}", timeline: ["at 0s inject bad-deploy on api#2"],
            expect: ["at end busiest share(users -> api) > 75%", "during 2s..6s error share(users) > 75%"]),
    ]

    static let halfOpens: [FaultRule] = [
        FaultRule(
            rule: "half open, a call waits without a worker or a queue until its time limit",
            guards: "guards: [balancer, timeout], timeout: 300ms, balancer: {}",
            timeline: ["at 1s inject half-open on api for 3s"],
            expect: [
                "during 2s..4s error share(users) == 100%", "during 2s..4s max(users) < 310ms",
                "during 2s..3900ms busy(api) == 0", "during 2s..3900ms queue(api) == 0",
                "at end timed out(users) > 250",
                "during 5s..6s error share(users) == 0%",
            ]),
        FaultRule(
            rule: "when it is healed, calls that still wait lose their connection",
            guards: "guards: [balancer], balancer: {}",
            timeline: ["at 1s inject half-open on api for 2s"],
            expect: [
                "during 1s..3s failed(users) == 0", "at 2900ms in flight > 180",
                "during 3s..4s failed(users) > 190",
                "at end failed(users) == 200",
            ]),
        FaultRule(
            rule: "a shallow check opens a new connection, and is refused",
            guards: "guards: [balancer], balancer: {panic below: 0%, health: {every: 200ms, unhealthy after: 1}}",
            timeline: ["at 1s inject half-open on api#2 for 9s"],
            expect: ["during 2s..6s unhealthy(users -> api) == 1", "during 2s..6s error share(users) == 0%"]),
        FaultRule(
            rule: "half open on an edge, other ways to the service are well",
            edges: "others -> api: {network: constant 0s}", load: "others: {call: api.get, arrivals: even, rate: 50/s}",
            timeline: ["at 1s inject half-open on users -> api for 3s"],
            expect: ["at end failed(others) == 0", "at end failed(users) == 300"]),
        FaultRule(
            rule: "a crash ends the waiting of those whom it finds unanswered",
            timeline: ["at 1s inject half-open on api", "at 2s inject crash on api for 1s"],
            expect: ["during 1s..3s failed(users) > 90", "at 2100ms in flight < 5"]),
        FaultRule(
            rule: "nobody opens a connection to a service that is half open",
            guards: "guards: [connections], connections: {max: 4, min idle: 0, wait: 100ms}",
            timeline: ["at 0s inject half-open on api for 2s"],
            expect: [
                "during 0s..2s connections in use(users -> api) == 0", "at end connection timeouts(users -> api) > 150",
                "during 4s..6s connections in use(users -> api) > 0",
            ]),
    ]

    static let statuses: [FaultRule] = [
        FaultRule(
            rule: "below 500 a status is the caller's fault, and no breaker minds",
            guards: "guards: [breaker], breaker: {window: 10 calls, failures: 50%, open: 1s}",
            timeline: ["at 1s inject wrong-status on api status 404 for 3s"],
            expect: [
                "during 2s..4s error share(users) == 100%", "during 2s..4s p50(users) > 49ms",
                "at end trips(users -> api) == 0",
            ]),
        FaultRule(
            rule: "from 500 on it is an error",
            guards: "guards: [breaker], breaker: {window: 10 calls, failures: 50%, open: 1s}",
            timeline: ["at 1s inject wrong-status on api.get status 503 for 3s"],
            expect: ["at end trips(users -> api) > 0"]),
        FaultRule(
            rule: "one replica that answers wrongly costs its own calls, and a deep check finds it",
            guards: "guards: [balancer], balancer: {health: {every: 500ms, unhealthy after: 1, check: deep}}",
            timeline: ["at 1s inject wrong-status on api#1 status 401"],
            expect: [
                "during 3s..6s unhealthy(users -> api) == 1", "during 3s..6s error share(users) == 0%",
                "at end failed(users) > 8",
            ]),
    ]
}

@Suite("Rules of the faults of replicas")
struct FaultRuleTests {
    static let all = FaultRule.badDeploys + FaultRule.halfOpens + FaultRule.statuses

    @Test("each rule holds", arguments: all)
    func holds(rule: FaultRule) throws {
        let unmet = try SmallScenario.unmet(in: rule.text)
        #expect(unmet == [])
    }

    @Test("they are read as they are written, and need what they hit")
    func lines() throws {
        let plan = try plan(
            services: "many: {replicas: 3, operations: {ask: {}}}", edges: "front -> many: {network: constant 1ms}")
        func text(_ line: String) throws -> String { "\(try #require(try Command.parse(line[...], plan: plan)))" }
        for line in [
            "inject bad-deploy on many with probability 20% for 5s", "inject half-open on many#2 for 5s",
            "inject half-open on \"front -> many\"", "inject wrong-status on many.ask status 404 for 2s",
        ] {
            let command = try text(line)
            #expect(try text(command) == command)
        }
        let slips = [
            ("inject wrong-status on many", "expected \"status\" and a number at the end"),
            ("inject wrong-status on many status 200", "200 is out of range; allowed: 400 to 599"),
            ("inject wrong-status on many status 600", "600 is out of range; allowed: 400 to 599"),
            (
                "inject bad-deploy on many.ask",
                "bad-deploy can only happen to a service, a replica; many.ask is an operation"
            ),
            (
                "inject half-open on many.ask",
                "half-open can only happen to a service, a replica, an edge; many.ask is an operation"
            ),
            ("inject bad-deploy on many status 404", "expected one of with, for, not \"status\""),
        ]
        for (line, message) in slips {
            do throws(SyntaxProblem) {
                _ = try Command.parse(line[...], plan: plan)
                Issue.record("accepted: \(line)")
            } catch {
                #expect(error.message == message)
            }
        }
    }
}
