import Scenarios
import Simulation
import Testing
import Timeline

/// A small system for a few virtual seconds, as a scenario file.
enum SmallScenario {
    /// Its text, with these lines in its timeline and its expectations.
    static func text(
        timeline: [String] = [], expect: [String] = [], duration: String = "6s", head: String = ""
    ) -> String {
        let (timeline, expect) = (block("timeline", timeline), block("expect", expect))
        return """
            sagascope: 1
            name: small
            seed: 7
            duration: \(duration)
            \(head)
            services:
              shop:    {workers: 16, queue: 64, latency: constant 1ms, operations: {browse: [call payment.check]}}
              payment:
                workers: 4
                queue: 8
                latency: exponential mean 10ms
                cache: {l1: 10 entries, l2: 20 entries, ttl: 30s}
                operations: {charge: {books: charged}, refund: {books: refunded}, check: {}}
              orders:  {workers: 4, queue: 8, latency: constant 2ms, operations: {confirm: {books: confirmed}, unused: {}}}
              idle:    {workers: 1, queue: 1, latency: constant 1ms, operations: {nothing: {}}}
            edges:
              shop -> payment:
                guards: [bulkhead, retry, breaker, timeout]
                bulkhead: {threads: 8, queue: 8}
                retry:   {attempts: 2, backoff: constant 20ms, jitter: none}
                breaker: {window: 10 calls, failures: 50%, open: 1s, probes: 2}
                timeout: 100ms
            sagas:
              place-order:
                runs in: shop
                timeout: 5s
                steps:
                  - {name: charge,  call: payment.charge, undo: payment.refund}
                  - {name: confirm, call: orders.confirm, pivot: true}
            load:
              shoppers: {start: place-order, rate: 20/s, arrivals: poisson}
              visitors: {call: shop.browse, rate: 30/s, arrivals: poisson}
            \(timeline)\(expect)
            """
    }

    /// A block of lines under a key, the last line ended too; nothing for no lines.
    static func block(_ key: String, _ lines: [String]) -> String {
        lines.isEmpty ? "" : "\(key): |\n" + lines.map { "  \($0)\n" }.joined()
    }

    /// Runs a scenario file to its end, and says what of its expectations does not hold.
    static func unmet(in text: String) throws -> [String] {
        var session = Session(scenario: try Scenario(parsing: text, file: "rule.yaml"), options: .headless)
        session.runToEnd()
        return session.unmet
    }

    /// The scenario.
    static func read(
        timeline: [String] = [], expect: [String] = [], duration: String = "6s", head: String = ""
    ) throws -> Scenario {
        let text = text(timeline: timeline, expect: expect, duration: duration, head: head)
        do {
            return try Scenario(parsing: text, file: "small.yaml")
        } catch {
            for problem in error.all { Issue.record("\(problem)") }
            throw error
        }
    }
}

extension Session {
    /// The expectations that do not hold, each with what was seen instead, or why nothing could be; that there are none
    /// at all is one too.
    var unmet: [String] {
        guard !judgements.isEmpty else { return ["nothing is expected"] }
        return judgements.filter { $0.verdict != .pass }
            .map { "\($0.expected): \($0.reason ?? $0.observed ?? "nothing is said")" }
    }

    /// What two runs must have in common to be the same.
    var fingerprint: [String] {
        ["\(simulation.world.runDigest)", "\(simulation.world.stateDigest)", "\(now.nanoseconds)"]
    }
}
