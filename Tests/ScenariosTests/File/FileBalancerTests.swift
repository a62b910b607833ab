import Bulkheads
import Gateway
import Resilience
import Scenarios
import Simulation
import Testing
import Timeline

@Suite("Balancers in scenario files")
struct FileBalancerTests {
    private func edge(_ settings: String, guards: String = "[balancer]", more: String = "") -> String {
        let more = more.isEmpty ? "" : "\n  \(more)"
        return "people -> front:\n  guards: \(guards)\n  balancer: \(settings)\(more)"
    }

    private func read(_ settings: String) throws -> BalancerPlan {
        guard case .balancer(let balancer)? = try plan(edges: edge(settings)).edges[0].guards.first else {
            throw Unexpected()
        }
        return balancer
    }

    private func problems(_ settings: String, guards: String = "[balancer]", more: String = "") -> [String] {
        do {
            _ = try Scenario(parsing: small(edges: edge(settings, guards: guards, more: more)), file: "f")
            return []
        } catch {
            return error.all.map(\.message)
        }
    }

    @Test("what is left out is what the libraries do")
    func standards() throws {
        #expect(try read("{}") == BalancerPlan(panic: try PanicMode()))
        let all = try read("{outliers: {}, health: {}}")
        #expect(all.outliers == (try OutlierDetector.Settings()))
        let health = try #require(all.health)
        #expect(health.depth == .shallow)
        #expect(
            health.settings
                == (try HealthChecker.Settings(
                    intervals: .init(normal: .seconds(10), jitterShare: 0.1), timeout: .seconds(1), healthyThreshold: 1,
                    unhealthyThreshold: 3, immediateFailures: [])))
    }

    @Test("everything can be set")
    func settings() throws {
        let balancer = try read(
            "{by: least-busy, panic below: 0%, outliers: {errors: none, gateway errors: 3, interval: 5s, ejection: 20s, "
                + "longest ejection: 2m, ejection jitter: 1s, at most: 35%, always one: no, "
                + "success rate: 1.5 deviations from 3 replicas with 20 calls, "
                + "failure percentage: 40% from 2 replicas with 10 calls}, "
                + "health: {every: 2s, jitter: 0%, timeout: 300ms, healthy after: 2, unhealthy after: 5, check: deep}}")
        #expect(balancer.by == .leastBusy && balancer.panic == nil && balancer.health?.depth == .deep)
        #expect(
            balancer.outliers
                == (try OutlierDetector.Settings(
                    interval: .seconds(5), baseEjectionTime: .seconds(20), maxEjectionTime: .minutes(2),
                    ejectionJitter: .seconds(1), maxEjectionPercent: 35, alwaysEjectOne: false,
                    errors: .init(5, enforcement: 0), gatewayErrors: .init(3),
                    successRate: .init(deviations: 1.5, minimumHosts: 3, minimumCalls: 20),
                    failurePercentage: .init(
                        threshold: 40, minimumHosts: 2, minimumCalls: 10, enforcement: 100, localEnforcement: 100))))
        #expect(balancer.health?.settings.healthyThreshold == 2 && balancer.health?.settings.unhealthyThreshold == 5)
    }

    @Test("the gateway's ways to choose have settings of their own")
    func algorithms() throws {
        #expect(try read("{by: smooth weighted, weights: 3, max fails: 0}").maximumFails == 0)
        #expect(try read("{by: smooth weighted, weights: [3]}").weights == [3])
        #expect(try read("{by: peak EWMA, decay: 5s, slow start: 30s}").decay == .seconds(5))
        #expect(try read("{by: two choices, slow start: 30s}").slowStart == (try SlowStart(window: .seconds(30))))
        #expect(try read("{retries: stay}").retries == .stay)
        #expect(try read("{by: hash maglev, bound: 125%}").bound == 125)
        let zones = try read("{zone: a, zones: [b], zone minimum: 1}").zones
        #expect(
            zones
                == .init(try ZoneAwareness(zone: 0, gateways: [1, 1], minimumBackends: 1), replicas: [1]))
    }

    @Test("a list is the value that it has, and one that can be set")
    func lists() throws {
        let text = small(
            services: "many: {replicas: 3, operations: {ask: {}}}",
            edges: "front -> many:\n  guards: [balancer]\n  balancer: {by: smooth weighted, weights: [5, 1, 1]}")
        let scenario = try Scenario(parsing: text, file: "f")
        let path = "edges.front -> many.balancer.weights"
        #expect(scenario.value(of: path) == "5, 1, 1")
        let changed = try scenario.changing(path, to: "1, 2, 3")
        #expect(changed.value(of: path) == "1, 2, 3")
        guard case .balancer(let balancer)? = changed.plan.edges[0].guards.first else { throw Unexpected() }
        #expect(balancer.weights == [1, 2, 3])
    }

    @Test("weights too heavy for a ring are found")
    func heavyRing() {
        let text = small(
            services: "many: {replicas: 200, operations: {ask: {}}}",
            edges: "front -> many:\n  guards: [balancer]\n  balancer: {by: hash ring, weights: 1000}")
        #expect(
            Slip.problems(in: text) == [
                "f:1:1: 32000000 points of replicas in rings and tables are too many; allowed: 4000000"
            ])
    }

    @Test(
        "a slip is found, and the message says what would be right",
        arguments: [
            ("{by: roundrobin}", "by: \"roundrobin\" is not one of the choices; did you mean \"round-robin\"?"),
            (
                "{by: hash, bound: 125%}",
                "by: \"hash\" is not one of the choices; there is round-robin, least-busy, random, key, smooth weighted, two choices, peak EWMA, hash ring, ..."
            ),
            (
                "{by: hash ring, bound: 100%}",
                "bound: 100% is out of range; allowed: a share of whole percents from 101% to 10000%, such as 125%"
            ),
            ("{by: hash ring, bound: 125}", "bound: 125 needs a unit: write 125%"),
            (
                "{by: random, bound: 125%}",
                "bound counts only with by: hash ring, hash ketama, hash maglev; this balancer chooses by random"
            ),
            (
                "{by: least-busy, decay: 5s}",
                "decay counts only with by: peak EWMA; this balancer chooses by least-busy"
            ),
            ("{retries: again}", "retries: \"again\" is not one of the choices; there is move, stay"),
            ("{max fails: 2}", "max fails counts only with by: smooth weighted; this balancer chooses by round-robin"),
            (
                "{weights: 2}",
                "weights counts only with by: least-busy, smooth weighted, two choices, peak EWMA, hash ring, hash ketama, hash maglev; this balancer chooses by round-robin"
            ),
            ("{by: smooth weighted, weights: [5, 1]}", "weights: there are 2 for 1 replica"),
            (
                "{by: smooth weighted, weights: [5, x]}",
                "weights: \"5, x\" is not allowed here; write a weight such as 5, or one for each replica such as 5, 1, 1, each 0 to 1000"
            ),
            (
                "{by: smooth weighted, weights: [{a: 1}]}",
                "weights needs a value: a weight such as 5, or one for each replica such as 5, 1, 1, each 0 to 1000"
            ),
            (
                "{by: two choices, slow start: 0s}",
                "slow start: 0s is out of range; allowed: more than 0s, up to 87600h"
            ),
            ("{zone: a}", "a balancer that knows zones needs both zone and zones"),
            ("{zone: a, zones: [a, b]}", "zones: there are 2 for 1 replica"),
            (
                "{by: random, zone: a, zones: a}",
                "zones counts only with by: round-robin, least-busy, smooth weighted, two choices, peak EWMA; this balancer chooses by random"
            ),
            ("{panic below: 0.5}", "panic below: 0.5 needs a unit: write 0.5%"),
            ("{outlier: {}}", "unknown setting \"outlier\" of a balancer; did you mean \"outliers\"?"),
            (
                "{outliers: yes}",
                "this should be the settings of an outlier detection, such as {errors: ..., gateway errors: ...}"
            ),
            (
                "{outliers: {errors: 0}}",
                "errors: 0 is out of range; allowed: 1 to 100000"
            ),
            (
                "{outliers: {at most: 110%}}",
                "at most: 110% is out of range; allowed: a share of whole percents from 0% to 100%"
            ),
            (
                "{outliers: {at most: 12.5%}}",
                "at most: 12.5% is out of range; allowed: a share of whole percents from 0% to 100%"
            ),
            (
                "{outliers: {ejection: 10m, longest ejection: 5m}}",
                "longest ejection: 5m is less than the first one, 10m"
            ),
            (
                "{outliers: {success rate: 2 from 5 replicas}}",
                "success rate: \"from\" is not what stands here; write 1.9 deviations, and if wanted how many replicas and "
                    + "calls of each it takes: 1.9 deviations from 5 replicas with 100 calls; or none"
            ),
            (
                "{outliers: {failure percentage: 85% from 5 replicas}}",
                "failure percentage: something is missing here; write a share such as 85%, and if wanted how many "
                    + "replicas and calls of each it takes: 85% from 5 replicas with 50 calls; or none"
            ),
            ("{health: {every: 5}}", "every: 5 needs a unit: write 5ms, 5s or 5m"),
            ("{health: {check: deeper}}", "check: \"deeper\" is not one of the choices; did you mean \"deep\"?"),
            ("{health: {unhealthy-after: 0}}", "unhealthy after: 0 is out of range; allowed: 1 to 1000"),
        ])
    func slips(settings: String, message: String) {
        #expect(problems(settings) == [message])
    }

    @Test("what is wrong with a balancer is not said again of the faults that hit its health checks")
    func onlyOnce() {
        let text = small(
            edges: edge("{by: turns, health: {}}"),
            more: "timeline: |\n  at 1s inject hung-probe on \"people -> front\"")
        #expect(Slip.problems(in: text).count == 1)
    }

    @Test("a breaker of each replica needs a balancer outside it, and an edge has one balancer")
    func order() {
        let breaker = "breaker: {each: replica}"
        let message =
            "each: replica needs a balancer outside the breaker, which chooses the replica: guards: [..., balancer, breaker]"
        #expect(problems("{}", guards: "[balancer, breaker]", more: breaker) == [])
        #expect(problems("{}", guards: "[balancer, retry, breaker]", more: breaker) == [])
        #expect(problems("{}", guards: "[breaker, balancer]", more: breaker) == [message])
        #expect(
            problems("{}", guards: "[balancer, balancer 2]") == [
                "an edge can have one balancer; take \"balancer 2\" off"
            ])
        do {
            _ = try Scenario(
                parsing: small(edges: "people -> front:\n  guards: [breaker]\n  \(breaker)"), file: "f")
            Issue.record("accepted")
        } catch {
            #expect(error.all.map(\.message) == [message])
        }
    }

    @Test("faults of health checks and stuck workers are read as they are written, and need what they hit")
    func faults() throws {
        let plan = try plan(
            services: "many: {replicas: 3, operations: {ask: {}}}",
            edges: "front -> many:\n  guards: [balancer]\n  balancer: {health: {}}",
            load: "more: {call: many.ask, rate: 1/s}")
        func text(_ line: String) throws -> String { "\(try #require(try Command.parse(line[...], plan: plan)))" }
        for line in [
            "inject stuck on many workers 3 for 60s", "inject stuck on many#2 workers 1",
            "inject hung-probe on \"front -> many\" for 5s",
            "inject false-alarm on \"front -> many\" with probability 5%",
        ] {
            let command = try text(line)
            #expect(try text(command) == command)
        }
        let slips = [
            ("inject stuck on many", "expected \"workers\" and a number at the end"),
            ("inject stuck on many workers 0", "0 is out of range; allowed: 1 to 1000000"),
            (
                "inject stuck on many.ask workers 1",
                "stuck can only happen to a service, a replica; many.ask is an operation"
            ),
            (
                "inject hung-probe on \"more -> many\"",
                "hung-probe hits health checks, and more -> many makes none; give it a balancer with health: {every: 10s}"
            ),
            ("inject stuck on many#02 workers 1", "no target is named \"many#02\"; did you mean \"many#2\"?"),
            ("inject stuck on many#4 workers 1", "no target is named \"many#4\"; did you mean \"many#1\"?"),
            (
                "inject stuck on many#-9223372036854775808 workers 1",
                "no target is named \"many#-9223372036854775808\"; there is front, back, many, many#1, many#2, many#3"
            ),
            ("inject false-alarm on many", "false-alarm can only happen to an edge; many is a service"),
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

    @Test("settings of a balancer can change while the system runs")
    func live() throws {
        let text = small(
            services: "many: {replicas: 3, operations: {ask: {}}}",
            edges: "people2 -> many:\n  guards: [balancer]\n  balancer: {outliers: {errors: 5}, health: {every: 5s}}",
            load: "people2: {call: many.ask, rate: 100/s}",
            more:
                "timeline: |\n  at 10s set many.balancer.outliers.errors 7\n  at 11s set many.balancer.by least-busy\n"
                + "  at 12s set many.balancer.health.check deep\nexpect: |\n  at end eligible(many) == 3\n"
                .replacing("eligible(many)", with: "eligible(people2 -> many)"))
        let scenario = try Scenario(parsing: text, file: "f")
        var session = Session(scenario: scenario, options: .headless)
        session.runToEnd()
        #expect(session.verdict == .pass)
        let balancer = try #require(session.simulation.world.balancer(edge: 0, stage: 0))
        #expect(balancer.by == .leastBusy && balancer.outliers?.settings.errors.inARow == 7)
        #expect(session.simulation.world.pool(ofService: 2).totals.submitted > Int(balancer.replicas[0].picked))
    }
}

@Suite("Demos of replicas")
struct ReplicaDemoTests {
    private func verdict(
        _ name: String, seed: UInt64, settings: [(path: String, value: String)] = [], without: [String] = []
    ) throws -> Report {
        let scenario = try Scenario.load(
            path: Demo.path(name), settings: settings + [("seed", "\(seed)")], without: without)
        var session = Session(scenario: scenario, options: .headless)
        session.runToEnd()
        return Report(on: session, wallSeconds: nil)
    }

    @Test(
        "with outlier detection a gray failure costs little; without, or with health checks alone, it does",
        arguments: [1])
    func grayFailure(seed: UInt64) throws {
        let report = try verdict("gray-failure", seed: seed)
        #expect(report.verdict == .pass, "\(report.verdictText)")
        #expect(try verdict("gray-failure", seed: seed, without: ["balancer"]).verdict == .fail)
        let settings = [
            ("shop -> catalog.balancer.outliers.errors", "none"),
            ("shop -> catalog.balancer.outliers.success-rate", "none"),
            ("shop -> catalog.balancer.outliers.failure-percentage", "none"),
        ]
        #expect(try verdict("gray-failure", seed: seed, settings: settings).verdict == .fail)
    }

    @Test("a breaker for each shard costs the bad one's keys; one for the edge costs all", arguments: [1])
    func badShard(seed: UInt64) throws {
        let report = try verdict("bad-shard", seed: seed)
        #expect(report.verdict == .pass, "\(report.verdictText)")
        let wide = try verdict("bad-shard", seed: seed, settings: [("shop -> store.breaker.each", "edge")])
        #expect(wide.verdict == .fail, "\(wide.verdictText)")
        #expect(try verdict("bad-shard", seed: seed, without: ["breaker"]).verdict == .fail)
    }

    @Test("the report tells of each replica")
    func report() throws {
        let json = try verdict("gray-failure", seed: 1).json
        let balancer = json["balancers"]?["shop -> catalog"]
        #expect(balancer?["by"] == .text("round-robin") && balancer?["ejections"] != .integer(0))
        #expect(balancer?["replicas"]?["catalog#3"]?["health"] == .text("healthy"))
        #expect(try verdict("gray-failure", seed: 1).text.contains("Balancers"))
    }
}
