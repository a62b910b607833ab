import Bulkheads
import Resilience
import Scenarios
import Simulation
import Testing
import Timeline

@Suite("Limiters, throttles, concurrency limits and isolators in files")
struct FileLimitTests {
    private static let load = """
        gold: {call: front.ask, rate: 5/s, tenant: gold, priority: high}
        """

    private func guards(_ lines: String, load: String = Self.load) throws -> [GuardPlan] {
        let text = "people -> front:\n" + lines.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
        return try plan(services: "", edges: text, load: load).edges[0].guards
    }

    @Test("A limiter is read as it is written, and what is left out is what the reference says")
    func limiter() throws {
        let guards = try guards(
            """
            guards: [limiter, limiter 2, limiter 3]
            limiter: {rate: 100/s}
            limiter 2: {algorithm: sliding-log, rate: 600/m, wait: 2s, per: tenant, gives back: yes}
            limiter 3: {rate: 50/10s, burst: 7}
            """)
        guard guards.count == 3, case .limiter(let first) = guards[0], case .limiter(let second) = guards[1],
            case .limiter(let third) = guards[2]
        else {
            Issue.record("\(guards)")
            return
        }
        #expect(first == LimiterPlan(try .tokenBucket(limit: 100, per: .seconds(1))))
        #expect(
            second
                == LimiterPlan(
                    try .slidingLog(limit: 600, per: .minutes(1)), wait: .seconds(2), scope: .tenant, givesBack: true))
        #expect(third.settings == (try .tokenBucket(limit: 50, per: .seconds(10), burst: 7)))
    }

    @Test("A throttle and adaptive limits have the libraries' defaults")
    func adaptive() throws {
        let guards = try guards(
            """
            guards: [throttle, concurrency, concurrency 2, concurrency 3, concurrency 4]
            throttle: {threshold: 50%, minimum: 10 calls, window: 2m}
            concurrency 2: {algorithm: vegas, max: 50, alpha: 2, beta: 4, window: 100ms}
            concurrency 3: {algorithm: aimd, start: 8, min: 4, backoff: 80%, timeout: 1s}
            concurrency 4: {max: 12}
            """)
        guard guards.count == 5, case .throttle(let throttle) = guards[0], case .concurrency(let gradient) = guards[1],
            case .concurrency(let vegas) = guards[2], case .concurrency(let aimd) = guards[3],
            case .concurrency(let low) = guards[4]
        else {
            Issue.record("\(guards)")
            return
        }
        #expect(throttle == (try .init(threshold: 0.5, minimumRequests: 10, window: .minutes(2))))
        #expect(gradient == (try .gradient()))
        let window = ConcurrencyLimit.Window(minimumLength: .milliseconds(100), maximumLength: .milliseconds(100))
        #expect(
            vegas == (try .vegas(.init(alpha: .constant(2), beta: .constant(4)), maximum: 50, window: window)))
        #expect(aimd == (try .aimd(.init(backoff: 0.8, timeout: .seconds(1)), initial: 8, minimum: 4)))
        #expect((low.initial, low.minimum, low.maximum) == (12, 12, 12))
    }

    private static let isolator = """
        guards: [isolator]
        isolator:
          compartments:
            gold:   {when: tenant gold priority high, threads: 8, queue: 16, rate: 100/s}
            asking: {when: operation ask, permits: 3, wait: 1s}
            rest:   {threads: 4, breaker: {window: 20 calls, open: 5s}, fallback: value}
        """

    @Test("An isolator's compartments are found by operation, tenant and priority, in the order of the file")
    func isolators() throws {
        guard case .isolator(let isolator)? = try guards(Self.isolator).first else {
            Issue.record("no isolator")
            return
        }
        #expect(isolator.names == ["gold", "asking", "rest"])
        let asked = Isolator(isolator.settings)
        let compartments = isolator.settings.compartments
        #expect(asked.route(.init(type: 0, tenant: 1, priority: .high)) == 0)
        #expect(asked.route(.init(type: 0, tenant: 1)) == 1)
        #expect(asked.route(.init(type: 7, tenant: 0)) == 2)
        #expect(compartments[0].limiter == (try .tokenBucket(limit: 100, per: .seconds(1))))
        #expect(compartments[0].breaker == nil && compartments[2].breaker?.window == .calls(20))
        #expect(compartments[1].isolation == .semaphore(try .init(permits: 3, maximumWait: .seconds(1))))
        #expect(compartments[2].fallback.source == .value)
    }

    @Test("Settings of compartments have short paths, and change while the system runs")
    func paths() throws {
        let edges =
            "people -> front:\n" + Self.isolator.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
        let scenario = try Scenario(parsing: small(edges: edges, load: Self.load), file: "small.yaml")
        let paths = scenario.settingPaths
        #expect(paths.contains("edges.people -> front.isolator.compartments.gold.threads"))
        #expect(paths.contains("edges.people -> front.isolator.compartments.rest.breaker.open"))
        #expect(!paths.contains { $0.hasSuffix("asking.threads") })
        var session = Session(scenario: scenario)
        session.advance(by: .seconds(1))
        try session.perform(text: "set people -> front.isolator.gold.threads 2")
        session.advance(by: .seconds(1))
        let compartment = session.simulation.world.isolator(edge: 0, stage: 0)?.compartments[0]
        #expect(compartment?.threads?.settings.core == 2)
    }

    @Test(
        "A slip is one clear line",
        arguments: [
            (
                "guards: [limiter]\nlimiter: {rate: 100}", "rate: 100 needs a unit: write 100/s, 100/m or 100/h"
            ),
            ("guards: [limiter]", "a limiter needs rate: a whole number in a length of time"),
            (
                "guards: [limiter]\nlimiter: {rate: 1.5/s}",
                "rate: \"1.5/s\" is not allowed here; write a whole number in a length of time, such as 100/s"
            ),
            (
                "guards: [limiter]\nlimiter: {algorithm: smooth, rate: 5/s, burst: 3}",
                "burst: 3 is out of range; allowed: none for smooth"
            ),
            (
                "guards: [limiter]\nlimiter: {algorithm: sliding-log, rate: 2000000/s}",
                "rate: 2000000/s is out of range; allowed: 1 to 1000000 for a log"
            ),
            (
                "guards: [limiter]\nlimiter: {rate: 2000000000/s}",
                "rate: 2000000000/s is out of range; allowed: 1 to 1000000000 per 1s"
            ),
            (
                "guards: [limiter]\nlimiter: {rate: 5/s, per: tennant}",
                "per: \"tennant\" is not one of the choices; did you mean \"tenant\"?"
            ),
            (
                "guards: [throttle]\nthrottle: {threshold: 0%}",
                "threshold: 0% is out of range; allowed: a share from more than 0% to 100%"
            ),
            (
                "guards: [concurrency]\nconcurrency: {algorithm: vegas, backoff: 90%}",
                "backoff: vegas has no such setting; it is one of aimd"
            ),
            (
                "guards: [concurrency]\nconcurrency: {min: 10, start: 5}",
                "start: 5 is out of range; allowed: 10 to 200"
            ),
            (
                "guards: [concurrency]\nconcurrency: {min: 50, max: 30}",
                "max: 30 is out of range; allowed: 50 to 1000000000"
            ),
            (
                "guards: [concurrency]\nconcurrency: {algorithm: aimd, backoff: 30%}",
                "backoff: 30% is out of range; allowed: 0.5 or more and less than 1"
            ),
            ("guards: [isolator]", "an isolator needs compartments: {gold: {when: tenant gold, threads: 8}"),
            (
                "guards: [isolator]\nisolator: {compartments: {a: {when: tenant golt, threads: 3}}}",
                "no load has the tenant \"golt\"; did you mean \"gold\"?"
            ),
            (
                "guards: [isolator]\nisolator: {compartments: {a: {when: operation aks, threads: 3}}}",
                "front has no operation \"aks\"; did you mean \"ask\"?"
            ),
            (
                "guards: [isolator]\nisolator: {compartments: {a: {when: golden, threads: 3}}}",
                "when: \"golden\" is not what stands here; write operation and a name, tenant and a name"
            ),
            (
                "guards: [isolator]\nisolator: {compartments: {a: {threads: 3, permits: 4}}}",
                "a compartment cannot have both threads and permits; keep one"
            ),
            (
                "guards: [isolator]\nisolator: {compartments: {a: {rate: 3/s}}}",
                "a compartment needs threads or core or permits"
            ),
            (
                "guards: [isolator]\nisolator: {compartments: {a: {threads: 3, burst: 4}}}",
                "burst: there is no rate for it; add rate: 100/s"
            ),
            (
                "guards: [isolator]\nisolator: {compartments: {a: {threads: 3, breaker: {rule: 60% of 3 calls}}}}",
                "rule: a compartment's breaker takes rate, failures, or so many in a row"
            ),
            (
                "guards: [isolator]\nisolator: {compartments: {a: {threads: 3, breaker: {each: replica}}}}",
                "unknown setting \"each\" of a compartment's breaker"
            ),
            (
                "guards: [isolator]\nisolator: {compartments: {a: {threads: 3, breaker: {probes: 2, probe rule: 3 good}}}}",
                "probe rule: 3 good is out of range; allowed: 1 to 2, the probes"
            ),
        ])
    func slips(lines: String, message: String) {
        let text = "people -> front:\n" + lines.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
        let problems = Slip.problems(in: small(edges: text, load: Self.load))
        #expect(problems.count == 1 && problems.allSatisfy { $0.contains(": " + message) }, "\(problems)")
    }
}

@Suite("Limiters, throttles, concurrency limits and isolators in reports and expectations")
struct LimitReportTests {
    private static let text = small(
        edges: """
            people -> front:
              guards: [throttle, limiter, concurrency, isolator, bulkhead]
              throttle: {}
              limiter: {rate: 5/s, burst: 1, per: tenant}
              concurrency: {start: 30}
              isolator: {compartments: {gold: {when: tenant gold, threads: 8}, rest: {threads: 4}}}
              bulkhead: {threads: 20, order: priority}
            gold -> front:
              guards: [limiter]
              limiter: {rate: 5/s}
            """,
        load: "gold: {call: front.ask, rate: 2/s, tenant: gold}",
        more: """
            duration: 10s
            expect: |
              always limit(people -> front) == 30
              at end rate limited(people -> front) > 20
              at end throttled share(people -> front) > 10%
              at end rate limited(gold -> front) == 0
            """)

    @Test("Each has its section in the report, its table, and its metrics")
    func report() throws {
        var session = Session(scenario: try Scenario(parsing: Self.text, file: "small.yaml"), options: .headless)
        session.runToEnd()
        #expect(session.unmet == [])
        let report = Report(on: session, wallSeconds: nil)
        let json = report.json
        #expect(json["limiters"]?["people -> front of anyone"]?["rejected"] != nil)
        #expect(json["limiters"]?["gold -> front"]?["perSecond"] == .number(5))
        #expect(json["throttles"]?["people -> front"]?["throttled"] != nil)
        #expect(json["concurrencyLimits"]?["people -> front"]?["limit"] == .integer(30))
        #expect(json["isolators"]?["people -> front rest"]?["breaker"] == .null)
        #expect(json["isolators"]?["people -> front gold"]?["asked"] == .integer(0))
        #expect(json["bulkheads"]?["people -> front"]?["priorities"]?["low"]?["queued"] == .integer(0))
        for title in ["Limiters", "Throttles", "Concurrency limits", "Isolators"] {
            #expect(report.text.contains("\n\(title)"))
        }
    }

    @Test("Each can be left out by its name")
    func without() throws {
        for kind in ["throttle", "limiter", "concurrency", "isolator"] {
            let scenario = try Scenario(
                parsing: Self.text, file: "small.yaml", without: [kind])
            #expect(
                scenario.plan.edges[0].guards.count == 4 && !scenario.plan.edges[0].guards.map(\.name).contains(kind))
        }
    }
}
