import Bulkheads
import Foundation
import Scenarios
import Simulation
import Testing
import Timeline

/// A service whose calls hold connections and memory.
private enum PoolScenario {
    static let connections =
        "{max: 8, min idle: 2, wait: 2s, waiters: 50, idle timeout: 1m, lifetime: 10m, keepalive: 2m, "
        + "validate after: 1s, leak after: 5s, reclaim after: none, connect: 30ms, ping: exponential mean 2ms, "
        + "housekeeping: 10s, pools: 2, balance: round-robin}"

    static func text(
        connections: String = connections, memory: String = "{limit: 8 MB, size: 100 kB, overhead: 1.5}",
        own: String = "{limit: 64 MB, evictable: 16 MB, warning: 70%, critical: 80%, trend: 5s, horizon: 20s}",
        timeline: [String] = [], expect: [String] = []
    ) -> String {
        """
        sagascope: 1
        name: pools
        duration: 5s
        services:
          api: {workers: 50, queue: 50, latency: 1ms, memory: \(own), operations: {read: [call db.query]}}
          db:  {workers: 20, queue: 20, latency: 5ms}
        edges:
          api -> db:
            guards: [connections, memory]
            connections: \(connections)
            memory: \(memory)
        load:
          readers: {call: api.read, rate: 100/s}
        timeline: |
          at 4s caption "near the end"
        \(timeline.map { "  \($0)\n" }.joined())expect: |
          at end pending == 0
        \(expect.map { "  \($0)\n" }.joined())
        """
    }

    static func session(timeline: [String] = [], expect: [String] = []) throws -> Session {
        let text = text(timeline: timeline, expect: expect)
        do {
            var session = Session(scenario: try Scenario(parsing: text, file: "f"), options: .headless)
            session.runToEnd()
            return session
        } catch {
            for problem in error.all { Issue.record("\(problem)") }
            throw error
        }
    }
}

@Suite("Connections and memory of a scenario")
struct PoolScenarioTests {
    @Test("every key means what it says")
    func keys() throws {
        let plan = try Scenario(parsing: PoolScenario.text(), file: "f").plan
        guard case .connections(let connections) = plan.edges[0].guards[0],
            case .memory(let memory) = plan.edges[0].guards[1]
        else { throw Unexpected() }
        let expected = try ConnectionPool.Settings(
            maximum: 8, minimumIdle: 2, connectionTimeout: .seconds(2), waiters: 50, idleTimeout: .minutes(1),
            maxLifetime: .minutes(10), keepalive: .minutes(2), housekeeping: .seconds(10), validateAfter: .seconds(1),
            leakThreshold: .seconds(5))
        #expect(
            connections
                == ConnectionsPlan(
                    expected, connect: .constant(.milliseconds(30)), ping: .exponential(mean: .milliseconds(2)),
                    pools: 2, balance: .roundRobin))
        #expect(memory == MemoryPlan(limit: 8_000_000, size: 100_000, overhead: 1.5))
        let monitor = try MemoryMonitor.Settings(
            warning: 0.7, critical: 0.8, window: .seconds(5), horizon: .seconds(20))
        #expect(
            plan.services[0].memory
                == ServiceMemoryPlan(limit: 64_000_000, evictable: 16_000_000, monitor: monitor))
    }

    @Test("what is left out is as in HikariCP, and a memory guard has no limit of its own")
    func standards() throws {
        let text = PoolScenario.text(connections: "{}", memory: "{size: 1 B}", own: "{limit: 1 GiB}")
        let plan = try Scenario(parsing: text, file: "f").plan
        guard case .connections(let connections) = plan.edges[0].guards[0] else { throw Unexpected() }
        #expect(connections == ConnectionsPlan(try ConnectionPool.Settings()))
        #expect(plan.services[0].memory?.limit == 1 << 30)
    }

    @Test(
        "a slip is one clear line at its place",
        arguments: [
            ("max: 8", "max: 0", "f:10:24: max: 0 is out of range; allowed: 1 to 65536"),
            ("min idle: 2", "min idle: 9", "f:10:37: min idle: 9 is more than max, 8"),
            ("keepalive: 2m", "keepalive: 1us", "f:10:107: keepalive: 1us is out of range; allowed: 1ms to 87600h"),
            ("lifetime: 10m", "lifetime: 1ns", "f:10:91: lifetime: 1ns is out of range; allowed: 1ms to 87600h"),
            (
                "housekeeping: 10s", "housekeeping: 1ns",
                "f:10:225: housekeeping: 1ns is out of range; allowed: 1ms to 87600h"
            ),
            ("keepalive: 2m", "keepalive: 10m", "f:10:107: keepalive: 10m is not less than lifetime, 10m"),
            (
                "balance: round-robin", "balance: random",
                "f:10:249: balance: \"random\" is not one of the choices; there is least-busy, fewest-waiters, round-robin"
            ),
            ("size: 100 kB", "size: 100", "f:11:33: size: 100 needs a unit: write 100 B, 100 kB or 100 MB"),
            (
                "size: 100 kB", "size: 100 kb",
                "f:11:33: size: \"100 kb\" is not allowed here; write an amount of memory such as 64 kB, 1 MB or 2 GiB, more than 0 B"
            ),
            (
                "size: 100 kB, ", "",
                "f:11:13: a memory guard needs size: an amount of memory such as 64 kB, 1 MB or 2 GiB, more than 0 B"
            ),
            ("size: 100 kB", "size: 0 B", "f:11:33: size: 0 B is out of range; allowed: more than 0 B, up to 1024 TiB"),
            (
                "overhead: 1.5", "overhead: x",
                "f:11:51: overhead: \"x\" is not allowed here; write a number from 0 to 100, such as 1.5"
            ),
            (
                "{limit: 64 MB, ", "{",
                "f:5:55: a service's memory needs limit: an amount of memory such as 64 kB, 1 MB or 2 GiB"
            ),
            ("evictable: 16 MB", "evictable: 65 MB", "f:5:81: evictable: 65 MB is more than the limit, 64 MB"),
            (
                "critical: 80%", "critical: 60%",
                "f:5:112: critical: 0.6 is out of range; allowed: a share of more than 0.7 (warning) and at most 1"
            ),
        ])
    func slips(right: String, wrong: String, problem: String) throws {
        let text = PoolScenario.text()
        try #require(text.contains(right))
        #expect(Slip.problems(in: text.replacing(right, with: wrong, maxReplacements: 1)) == [problem])
    }

    @Test("what is wrong with a memory is not said again of the faults that fill it")
    func onlyOnce() {
        let text = PoolScenario.text(own: "{limit: 64}", timeline: ["at 1s inject allocate on api add 1 MB"])
        #expect(Slip.problems(in: text) == ["f:5:63: limit: 64 needs a unit: write 64 B, 64 kB or 64 MB"])
    }

    @Test(
        "what cannot be leaked or allocated is said in one line",
        arguments: [
            ("inject leak on db", nil), ("inject leak on api -> db with probability 3% for 4s", nil),
            ("inject allocate on api add 1.5MB", nil), ("inject allocate on api add 20 MB for 30s", nil),
            ("inject leak on api", "\"api\" is no edge with connections; there is api -> db"),
            ("inject allocate on db add 1 MB", "no service with memory is named \"db\"; there is api"),
            ("inject allocate on api", "expected \"add\" and an amount of memory at the end"),
            ("inject allocate on api add 20", "20 needs a unit: write 20 B, 20 kB or 20 MB"),
            ("inject allocate on api add 20 mb", "20 needs a unit: write 20 B, 20 kB or 20 MB"),
            ("inject leak on db add 3 MB", "expected one of with, for, not \"add\""),
        ])
    func commands(line: String, problem: String?) throws {
        let plan = try Scenario(parsing: PoolScenario.text(), file: "f").plan
        do throws(SyntaxProblem) {
            let command = try Command.parse(line[...], plan: plan)
            #expect(problem == nil)
            #expect(
                command != nil && command == (try? Command.parse("\(command.map { "\($0)" } ?? "")"[...], plan: plan)))
        } catch {
            #expect(error.message == problem)
        }
    }

    @Test("faults are offered where they can happen, and metrics of what there is")
    func completion() throws {
        let scenario = try Scenario(parsing: PoolScenario.text(), file: "f")
        func offers(_ line: String) -> [String] { Command.completions(of: line, scenario: scenario) }
        #expect(offers("inject leak on ") == ["inject leak on api -> db"])
        #expect(offers("inject allocate on ") == ["inject allocate on api"])
        #expect(offers("inject allocate on api ").map { $0.suffix(3) } == ["add", "for"])
        #expect(offers("run until connections in use(") == ["run until connections in use(api -> db)"])
        #expect(offers("run until memory use(").count == 2)
    }

    @Test("metrics read pools and memory")
    func metrics() throws {
        let session = try PoolScenario.session(expect: [
            "always connections in use(db) <= 16", "during 1s..4s connection waiters(api -> db) < 10",
            "at end connection timeouts(db) == 0", "at end connections in use(db) == 0",
            "always memory use(api) < 60%", "by 1s memory use(api) >= 25%", "always memory use(api -> db) < 50%",
            "by 4s memory use(api -> db) > 0%", "at end memory use(db) == 0%",
        ])
        #expect(session.unmet == [])
    }

    @Test("the report has every pool by its name, and adds up")
    func report() throws {
        let session = try PoolScenario.session(timeline: [
            "at 1s inject leak on db with probability 20% for 500ms", "at 1s inject allocate on api add 10 MB for 3s",
            "at 2s set db.connections.max 4",
        ])
        let json = Report(on: session).json
        let connections = json["connections"]?["api -> db"]
        func number(_ json: JSON?) -> Int64 { if case .integer(let value)? = json { value } else { -1 } }
        #expect(number(connections?["max"]) == 8)
        #expect(number(connections?["leaked"]) >= 3)
        #expect(number(connections?["active"]) == number(connections?["leaked"]))
        var closed: Int64 = 0
        if case .object(let members)? = connections?["closed"] { closed = members.reduce(0) { $0 + number($1.value) } }
        #expect(
            number(connections?["created"]) == closed + number(connections?["active"]) + number(connections?["idle"]))
        #expect(connections?["meanAcquireMilliseconds"] != .null)
        let memory = json["memory"]
        #expect(number(memory?["api"]?["limitBytes"]) == 64_000_000)
        #expect(number(memory?["api"]?["usedBytes"]) == 16_000_000)
        #expect(number(memory?["api"]?["peakBytes"]) > 40_000_000)
        #expect(number(memory?["api -> db"]?["reserved"]) > 200)
        #expect(Report(on: session).text.contains("Connections") && Report(on: session).text.contains("Memory"))
    }

    @Test("without its pattern a scenario has no pool")
    func without() throws {
        let all = try Scenario(parsing: PoolScenario.text(), file: "f", without: ["connections", "memory"])
        #expect(all.plan.edges[0].guards.isEmpty)
    }

    @Test("twice the same run is the same")
    func stable() throws {
        let lines = ["at 1s inject leak on db with probability 20%", "at 2s inject crash on db for 1s"]
        #expect(
            try PoolScenario.session(timeline: lines).fingerprint
                == PoolScenario.session(timeline: lines).fingerprint)
    }
}

@Suite("The demo of the exhausted pool")
struct PoolDemoTests {
    private func session(_ name: String, without lines: String? = nil) throws -> Session {
        var text = try String(contentsOfFile: Demo.path(name), encoding: .utf8)
        if let lines {
            text = text.split(separator: "\n", omittingEmptySubsequences: false)
                .filter { !$0.contains(lines) }.joined(separator: "\n")
        }
        var session = Session(scenario: try Scenario(parsing: text, file: name), options: .headless)
        session.runToEnd()
        return session
    }

    @Test("all that it expects holds", arguments: ["pool-exhausted", "pool-exhausted-uncured"])
    func demo(name: String) throws {
        #expect(try session(name).unmet == [])
    }

    @Test("without the cure, what is expected after it does not hold")
    func uncured() throws {
        let judgements = try session("pool-exhausted", without: "reclaim-after").judgements
        for judgement in judgements.prefix(5) { #expect(judgement.verdict == .pass, "\(judgement)") }
        for judgement in judgements.dropFirst(5) { #expect(judgement.verdict == .fail, "\(judgement)") }
    }
}
