import Caching
import Resilience
import Sagas
import Scenarios
import Simulation
import Testing
import Timeline

/// A small scenario, with what a test is about put into it.
func small(
    services: String = "", edges: String = "", sagas: String = "", load: String = "", more: String = ""
) -> String {
    """
    sagascope: 1
    services:
      front: {}
      back: {}
    \(services.indented)
    edges:
    \(edges.indented)
    sagas:
    \(sagas.indented)
    load:
      people: {call: front.ask, rate: 10/s}
    \(load.indented)
    \(more)
    """
}

extension String {
    fileprivate var indented: String { split(separator: "\n").map { "  \($0)" }.joined(separator: "\n") }
}

/// A plan of the small scenario.
func plan(
    services: String = "", edges: String = "", sagas: String = "", load: String = "", more: String = ""
) throws -> Plan {
    let text = small(services: services, edges: edges, sagas: sagas, load: load, more: more)
    do {
        return try Scenario(parsing: text, file: "small.yaml").plan
    } catch {
        Issue.record("\(error.all.map(\.description).joined(separator: "\n"))")
        throw error
    }
}

@Suite("Reading scenario files")
struct FileReadingTests {
    @Test("What is left out is what the reference says")
    func standards() throws {
        let scenario = try Scenario(parsing: small(), file: "demos/small.yaml")
        #expect(scenario.name == "small")
        #expect(scenario.plan.seed == 1)
        #expect(scenario.plan.duration == .minutes(1))
        #expect(!scenario.isEndless)
        let front = scenario.plan.services[0]
        #expect((front.workers, front.queue, front.errors) == (1, 0, 0))
        #expect(front.latency == .constant(.zero))
        #expect(front.blocking)
        #expect(front.cache == nil)
        #expect(scenario.plan.accounts == ["charged", "confirmed", "refunded"])
    }

    @Test(
        "Distributions are read as they are written",
        arguments: [
            ("constant 1ms", Distribution.constant(.milliseconds(1))), ("5ms", .constant(.milliseconds(5))),
            ("uniform 5ms to 20ms", .uniform(least: .milliseconds(5), most: .milliseconds(20))),
            ("exponential mean 4ms", .exponential(mean: .milliseconds(4))),
            ("normal mean 50ms sd 10ms", .normal(mean: .milliseconds(50), deviation: .milliseconds(10))),
            ("lognormal p50 8ms p99 40ms", .lognormal(p50: .milliseconds(8), p99: .milliseconds(40))),
            ("pareto min 2ms shape 1.5", .pareto(minimum: .milliseconds(2), shape: 1.5)),
        ])
    func distributions(text: String, law: Distribution) throws {
        #expect(try plan(services: "slow: {latency: \(text)}").services[2].latency == law)
    }

    @Test("An empirical distribution has the quantiles that are written")
    func empirical() throws {
        let law = try plan(services: "slow: {latency: empirical p0 1ms p50 3ms p99.9 20ms p100 80ms}").services[2]
            .latency
        guard case .empirical(let quantiles) = law else {
            Issue.record("\(law)")
            return
        }
        #expect(quantiles.values.map(\.share) == [0, 0.5, 0.999, 1])
        #expect(quantiles.values.map(\.length.milliseconds) == [1, 3, 20, 80])
    }

    @Test("An undeclared edge and an undeclared operation are added where a call needs them")
    func implicit() throws {
        let plan = try plan(services: "middle: {operations: {pass: [call back.read, call back.write]}}")
        #expect(plan.edges.map(\.name) == ["middle -> back", "people -> front"])
        #expect(plan.edges.allSatisfy { !$0.isDeclared && $0.guards.isEmpty })
        #expect(plan.operations.map(\.name) == ["middle.pass", "back.read", "back.write", "front.ask"])
        #expect(plan.operations[0].calls == [CallPlan(edge: 0, operation: 1), CallPlan(edge: 0, operation: 2)])
    }

    @Test("Guards keep the order of their list, and two of a kind have settings of their own")
    func guards() throws {
        let edge = try plan(
            edges: """
                people->front:
                  guards: [timeout, retry, breaker, timeout 2]
                  timeout: 2s
                  timeout 2: 300ms
                  retry: {attempts: 2, backoff: none}
                  breaker: {window: 10s, slow: 60% over 500ms, half-open limit: 7s}
                """
        ).edges[0]
        #expect(edge.name == "people -> front")
        #expect(edge.isDeclared)
        #expect(edge.guards.map(\.name) == ["timeout", "retry", "breaker", "timeout"])
        guard case .timeout(.fixed(let outer)) = edge.guards[0], case .timeout(.fixed(let inner)) = edge.guards[3],
            case .breaker(let breaker) = edge.guards[2]
        else {
            Issue.record("\(edge.guards)")
            return
        }
        #expect((outer.limit, inner.limit) == (.seconds(2), .milliseconds(300)))
        #expect(breaker.settings.window == .time(.seconds(10)))
        #expect(breaker.settings.minimumCalls == 20)
        #expect(breaker.settings.slowCalls == CircuitBreaker.SlowCalls(over: .milliseconds(500), rate: 0.6))
        #expect(breaker.settings.halfOpenLimit == .seconds(7))
    }

    @Test("A saga has its steps, their limits, and undos that are tried until its compensation is over")
    func sagas() throws {
        let saga = try plan(
            sagas: """
                buy:
                  runs in: front
                  amount: 12.50
                  steps:
                    - {name: pay, call: back.pay, undo: back.refund, retry: 3 attempts constant 10ms no jitter, timeout: 1s}
                    - {name: ship, call: back.ship, retry: until done}
                """.replacing("no jitter", with: "none jitter")
        ).sagas[0]
        #expect(saga.amount == AmountLaw(least: 1_250, most: 1_250))
        #expect(saga.definition.steps.map(\.attemptLimit) == [.seconds(1), nil])
        #expect(saga.definition.compensation.timeLimit == .minutes(5))
        #expect(saga.definition.compensation.retry.attempts == RetryPolicy.unlimited)
        #expect(saga.definition.timeLimit == nil)
        #expect(saga.definition.steps.map(\.isRetriable) == [false, true])
        #expect(
            saga.definition.steps[0].retry
                == .attempts(try RetryPolicy(attempts: 3, backoff: .constant(.milliseconds(10)), jitter: .none)))
    }

    @Test("Stages follow each other, and the last rate stays")
    func stages() throws {
        let load = try plan(
            load:
                "more: {call: back.read, arrivals: even, stages: [{rate: 60/m, for: 10s}, {from: 1/s, to: 200/s, for: 30s}, {rate: 1/s, for: 10s}]}"
        ).loads[1]
        guard case .open(.even, let stages) = load.arrivals else {
            Issue.record("\(load.arrivals)")
            return
        }
        #expect(
            stages == [
                RateStage(from: 1, to: 1, over: .seconds(10)), RateStage(from: 1, to: 200, over: .seconds(30)),
                RateStage(from: 1, to: 1, over: .seconds(10)), .steady(1),
            ])
    }

    @Test("A closed load has users who think")
    func users() throws {
        let load = try plan(load: "more: {call: back.read, users: 50, think: 2s, keys: uniform over 9}").loads[1]
        guard case .closed(50, .constant(.seconds(2))) = load.arrivals else {
            Issue.record("\(load.arrivals)")
            return
        }
        #expect(load.keys == .uniform(9))
    }

    @Test("The lines of the timeline are sorted by time, those of one moment in the order of the file")
    func timeline() throws {
        let text = small(
            more: "timeline: |\n  at 20s pause\n\n  # later\n  at 10s caption \"b\"\n  at 10s caption \"a\"\n")
        let scenario = try Scenario(parsing: text, file: "f")
        #expect(scenario.timeline.map(\.text) == ["at 10s caption \"b\"", "at 10s caption \"a\"", "at 20s pause"])
    }

    @Test("Without a pattern, it is gone everywhere, and so are the lines that speak of it")
    func without() throws {
        let scenario = try Scenario.load(path: Demo.path("slow-payment"), without: ["breaker", "cache"])
        #expect(scenario.plan.edges[0].guards.map(\.name) == ["bulkhead", "retry", "timeout"])
        #expect(scenario.plan.services.allSatisfy { $0.cache == nil })
        #expect(
            scenario.omitted == [
                "by 40s           breaker payment is open", "from 70s by 90s  breaker payment is closed",
            ])
        #expect(scenario.expectations.count == 3)
        #expect(scenario.timeline.count == 3)
    }

    @Test("Without a pattern that does not exist is a problem that names those that do")
    func withoutWhat() {
        #expect(throws: Problems.self) {
            try Scenario.load(path: Demo.path("checkout"), without: ["retri"])
        }
    }
}
