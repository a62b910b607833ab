import Scenarios
import Simulation
import Testing

/// A rule of how many replicas run, as a small scenario that shows it.
struct ReplicaRule: CustomTestStringConvertible, Sendable {
    let rule: String
    var replicas = 4
    var running: Int? = 2
    var workers = 10
    var queue = 0
    var latency = "constant 1ms"
    var cache = "none"
    var guards = "guards: [balancer], balancer: {by: round-robin}"
    var load = "rate: 100/s"
    var timeline: [String] = []
    let expect: [String]

    var testDescription: String { rule }

    var text: String {
        let timeline = SmallScenario.block("timeline", ["at 0s caption \"\(rule)\""] + timeline)
        let running = running.map { ", running: \($0)" } ?? ""
        let cache = cache == "none" ? "" : ", cache: {\(cache)}"
        return """
            sagascope: 1
            name: rule
            seed: 5
            duration: 6s
            services:
              api: {replicas: \(replicas)\(running), workers: \(workers), queue: \(queue), latency: \(latency)\(cache)}
            edges:
              users -> api: {\(guards)}
            load:
              users: {call: api.get, arrivals: even, \(load)}
            \(timeline)\(SmallScenario.block("expect", expect))
            """
    }
}

extension ReplicaRule {
    static let balanced: [ReplicaRule] = [
        ReplicaRule(
            rule: "all run unless it is said how many", running: nil,
            expect: ["at end replicas(api) == 4", "at end busiest share(users -> api) < 26%"]),
        ReplicaRule(
            rule: "who does not run gets no call",
            expect: ["at end replicas(api) == 2", "at end busiest share(users -> api) > 49%"]),
        ReplicaRule(
            rule: "more run when it is said, and get their turns",
            timeline: ["at 3s set api.running 4", "at 4s inject error on api#4"],
            expect: [
                "during 0s..2s replicas(api) == 2", "during 4s..6s replicas(api) == 4",
                "during 4s..6s error share(users) == 25%",
            ]),
        ReplicaRule(
            rule: "fewer run when it is said, and who fails may be one that leaves", running: 4,
            timeline: ["at 0s inject error on api#4", "at 3s set api.running 1"],
            expect: [
                "during 1s..3s error share(users) == 25%", "during 4s..6s error share(users) == 0%",
                "at end eligible(users -> api) == 1",
            ]),
        ReplicaRule(
            rule: "who leaves finishes what it has, and what waits for it there", replicas: 2, running: 2, workers: 1,
            queue: 100, latency: "constant 500ms", load: "rate: 8/s", timeline: ["at 2s set api.running 1"],
            expect: ["at end failed(users) == 0", "at end queue(api) == 0"]),
        ReplicaRule(
            rule: "a key on a ring stays where it is unless its replica leaves", replicas: 4, running: 4,
            cache: "l1: 10000 entries", guards: "guards: [balancer], balancer: {by: hash ring}",
            load: "rate: 1000/s, keys: loop over 500", timeline: ["at 3s set api.running 3"],
            expect: ["during 1s..3s hit ratio(api) == 100%", "at end loads(api) < 725", "at end loads(api) > 525"]),
        ReplicaRule(
            rule: "by remainders nearly all keys change their replica when one leaves", replicas: 4, running: 4,
            cache: "l1: 10000 entries", guards: "guards: [balancer], balancer: {by: key}",
            load: "rate: 1000/s, keys: loop over 500", timeline: ["at 3s set api.running 3"],
            expect: ["during 1s..3s hit ratio(api) == 100%", "at end loads(api) > 825"]),
        ReplicaRule(
            rule: "who comes back has nothing in memory", replicas: 2, running: 2, cache: "l1: 10000 entries",
            guards: "guards: [balancer], balancer: {by: hash ring}", load: "rate: 1000/s, keys: loop over 100",
            timeline: ["at 2s set api.running 1", "at 4s set api.running 2"],
            expect: ["during 3s..4s hit ratio(api) == 100%", "during 4s..5s hit ratio(api) < 100%"]),
    ]

    static let watched: [ReplicaRule] = [
        ReplicaRule(
            rule: "without a balancer too calls go in turn to those that run", running: 2,
            guards: "network: constant 0s",
            timeline: ["at 0s inject error on api#3", "at 3s set api.running 3"],
            expect: [
                "during 0s..3s error share(users) == 0%", "during 4s..6s error share(users) > 32%",
                "during 4s..6s error share(users) < 35%",
            ]),
        ReplicaRule(
            rule: "of those that do not run nobody is asked whether it is well",
            guards: "guards: [balancer], balancer: {health: {every: 100ms, unhealthy after: 1}}",
            timeline: ["at 0s inject crash on api#3", "at 3s set api.running 3"],
            expect: [
                "during 0s..2s unhealthy(users -> api) == 0", "during 4s..6s unhealthy(users -> api) == 1",
                "during 4s..6s eligible(users -> api) == 2",
            ]),
        ReplicaRule(
            rule: "who leaves ejected comes back untainted", running: 4,
            guards:
                "guards: [balancer], balancer: {outliers: {errors: 3, interval: 1s, ejection: 60s, at most: 100%}}",
            timeline: [
                "at 0s inject error on api#4 for 2s", "at 3s set api.running 3", "at 4s set api.running 4",
            ],
            expect: [
                "during 1s..2s ejected(users -> api) == 1", "during 3500ms..6s ejected(users -> api) == 0",
                "during 4s..6s eligible(users -> api) == 4",
            ]),
        ReplicaRule(
            rule: "a service is down when all that run are", running: 1, guards: "network: constant 0s",
            timeline: ["at 1s inject crash on api#1", "at 3s set api.running 2"],
            expect: ["during 1s..3s error share(users) == 100%", "during 4s..6s error share(users) == 50%"]),
    ]
}

@Suite("Rules of running replicas")
struct ReplicaRuleTests {
    static let all = ReplicaRule.balanced + ReplicaRule.watched

    @Test("each rule holds", arguments: all)
    func holds(rule: ReplicaRule) throws {
        let unmet = try SmallScenario.unmet(in: rule.text)
        #expect(unmet == [])
    }
}

@Suite("What is told of running replicas")
struct RunningReplicaTests {
    private let rule = ReplicaRule(
        rule: "more run", timeline: ["at 3s set api.running 3"], expect: ["at end replicas(api) == 3"])

    @Test("the report and the journal say how many run")
    func told() throws {
        var options = Session.Options.headless
        options.simulation.journalEntries = 10_000
        var session = Session(scenario: try Scenario(parsing: rule.text, file: "rule.yaml"), options: options)
        session.runToEnd()
        let report = Report(on: session, wallSeconds: nil)
        #expect(report.json["services"]?["api"]?["running"] == .integer(3))
        #expect(report.json["balancers"]?["users -> api"]?["replicas"]?["api#4"]?["running"] == .bool(false))
        #expect(report.text.contains("running"))
        let scaled = session.simulation.journal.latest(10) { $0.what == .scaled }
        #expect(scaled.map { $0.text(session.scenario.plan) } == ["api: SCALED, 2 to 3"])
    }

    @Test("none, or more than there are, cannot run")
    func range() throws {
        let scenario = try Scenario(parsing: rule.text, file: "rule.yaml")
        for (value, message) in [
            ("0", "running: 0 is out of range; allowed: 1 to 200"), ("5", "running: 5 is more than replicas, 4"),
        ] {
            do throws(SyntaxProblem) {
                _ = try scenario.changing("api.running", to: value)
                Issue.record("accepted: \(value)")
            } catch {
                #expect(error.message == message)
            }
        }
    }
}
