import Foundation
import Scenarios
import Testing
import Timeline

@Suite("Report")
struct ReportTests {
    private func report(expect: [String] = ["by 3s breaker payment is open", "at end pending == 0"]) throws -> Report {
        let scenario = try SmallScenario.read(
            timeline: ["at 1s inject error on payment for 1s"], expect: expect, duration: "3s")
        var session = Session(scenario: scenario, options: .headless)
        session.runToEnd()
        return Report(on: session, wallSeconds: 0.25)
    }

    private func keys(_ json: JSON?) -> [String] {
        guard case .object(let members)? = json else { return [] }
        return members.map(\.key)
    }

    @Test("the keys at the top are those of the documented table, in its order")
    func topLevel() throws {
        #expect(keys(try report().json) == ReportFormat.keys.map(\.key))
        for key in ReportFormat.keys { #expect(Help.report.contains(key.key)) }
    }

    @Test("components are keyed by their names, in the scenario's order")
    func components() throws {
        let json = try report().json
        #expect(keys(json["services"]) == ["shop", "payment", "orders", "idle"])
        #expect(keys(json["edges"]).first == "shop -> payment")
        #expect(keys(json["breakers"]) == ["shop -> payment"])
        #expect(keys(json["bulkheads"]) == ["shop -> payment"])
        #expect(keys(json["sagas"]) == ["place-order"])
        #expect(keys(json["requests"]?["loads"]) == ["shoppers", "visitors"])
        #expect(keys(json["ledger"]) == ["chargedCents", "confirmedCents", "refundedCents", "pendingCents", "entries"])
        #expect(
            keys(json["requests"]).prefix(8) == [
                "offered", "ok", "failed", "rejected", "timedOut", "p50Milliseconds", "p90Milliseconds",
                "p99Milliseconds",
            ])
        for key in ["attempts", "retries", "timeouts", "limitsMilliseconds"] {
            #expect(json["edges"]?["shop -> payment"]?[key] != nil)
        }
    }

    @Test("every kind of guard has its section, and the help names all that stands there")
    func guards() throws {
        let scenario = try Scenario(
            parsing: """
                sagascope: 1
                name: guarded
                duration: 2s
                services: {back: {workers: 4, memory: {limit: 1 MB}, latency: constant 1ms, replicas: 2}}
                edges:
                  people -> back:
                    budget: 10 tokens
                    guards: [fallback, throttle, limiter, isolator, hedge, retry, breaker, semaphore]
                    fallback: {answer: value}
                    limiter: {rate: 100/s}
                    isolator: {compartments: {all: {threads: 9}}}
                    hedge: {after: 1ms}
                    semaphore: {permits: 5}
                  others -> back:
                    guards: [bulkhead, concurrency, connections, memory, balancer]
                    bulkhead: {threads: 5}
                    connections: {max: 5}
                    memory: {size: 1 kB}
                load: {people: {call: back.work, rate: 20/s}, others: {call: back.work, rate: 20/s}}
                """, file: "guarded.yaml")
        var session = Session(scenario: scenario, options: .headless)
        session.runToEnd()
        let json = Report(on: session, wallSeconds: nil).json
        let meanings = Dictionary(uniqueKeysWithValues: ReportFormat.keys.map { ($0.key, $0.meaning) })
        let sections = [
            "retries", "retryBudgets", "hedges", "fallbacks", "bulkheads", "semaphores", "balancers", "connections",
            "memory", "throttles", "concurrencyLimits", "isolators",
        ]
        for section in sections {
            guard case .object(let guards)? = json[section], let first = guards.first else {
                Issue.record("\(section) is empty")
                continue
            }
            let meaning = meanings[section] ?? ""
            for key in keys(first.value) { #expect(meaning.contains(key), "\(section).\(key)") }
        }
        let hedge = json["hedges"]?["people -> back"]
        #expect(hedge?["calls"] == json["isolators"]?["people -> back all"]?["asked"])
        #expect(hedge?["hedges"] == json["semaphores"]?["people -> back"]?["workForNobody"])
    }

    @Test("the numbers add up")
    func numbers() throws {
        let json = try report().json
        func number(_ json: JSON?) -> UInt64 { if case .unsigned(let value)? = json { value } else { .max } }
        let requests = json["requests"]
        #expect(number(requests?["offered"]) == number(requests?["ok"]) + number(requests?["failed"]))
        #expect(number(requests?["offered"]) > 100)
        #expect(json["invariants"]?["ledgerBalance"]?["holds"] == .bool(true))
        guard case .list(let faults)? = json["faults"], case .list(let expectations)? = json["expectations"] else {
            throw Unexpected()
        }
        #expect(number(faults[0]["hits"]) >= 5)
        #expect(faults[0]["fault"] == .text("error on payment for 1s"))
        #expect(expectations[0]["verdict"] == .text("pass"))
        #expect(expectations[1]["firstHeldSeconds"] != .null)
    }

    @Test("the text is JSON as others read it")
    func isJSON() throws {
        let report = try report()
        let read = try JSONSerialization.jsonObject(with: Data("\(report.json)".utf8)) as? [String: Any]
        #expect(read?.count == ReportFormat.keys.count)
        #expect(read?["seed"] as? Int == 7)
        #expect(read?["wallSeconds"] as? Double == 0.25)
        let odd = JSON.object([
            JSON.Member("a\"\u{1}\n", .list([.number(.nan), .number(1e-7), .number(1e21), .text("é\\")]))
        ])
        let values = try JSONSerialization.jsonObject(with: Data("\(odd)".utf8)) as? [String: [Any]]
        #expect(values?["a\"\u{1}\n"]?[1] as? Double == 1e-7)
        #expect(values?["a\"\u{1}\n"]?[2] as? Double == 1e21)
    }

    @Test("the same run has the same report")
    func stable() throws {
        #expect(try "\(report().json)" == "\(report().json)")
    }

    @Test("text and Markdown put the verdict first and name every expectation")
    func forPeople() throws {
        let report = try report(expect: ["by 3s breaker payment is open", "at end pending > 0"])
        #expect(report.text.hasPrefix("FAIL  small: seed 7"))
        #expect(report.markdown.hasPrefix("# small: fail"))
        for judgement in report.judgements {
            #expect(report.text.contains(judgement.expectation.text))
            #expect(report.markdown.contains(judgement.expectation.text))
        }
        #expect(report.text.split(separator: "\n").allSatisfy { $0.last != " " })
    }
}
