import Scenarios
import Simulation
import Testing
import Timeline

@Suite("What the demo scenarios show")
struct DemoVerdictTests {
    private func judgements(
        _ name: String, seed: UInt64? = nil, without patterns: [String] = []
    ) throws -> [Judgement] {
        let settings = seed.map { [(path: "seed", value: "\($0)")] } ?? []
        let scenario = try Scenario.load(path: Demo.path(name), settings: settings, without: patterns)
        var session = Session(scenario: scenario, options: .headless)
        session.runToEnd()
        return session.judgements
    }

    @Test("a bulkhead keeps a slow dependency from drowning all, whatever the seed; without it they drown")
    func drowning() throws {
        for seed in [42, 1] as [UInt64] {
            for each in try judgements("drowning", seed: seed) { #expect(each.verdict == .pass, "\(seed): \(each)") }
        }
        let failed = try judgements("drowning", without: ["bulkhead"]).filter { $0.verdict == .fail }
        let texts = failed.map(\.expectation.text)
        #expect(texts.contains { $0.contains("error share(buyers)") } && texts.contains { $0.contains("p99(buyers)") })
    }

    @Test("with majorities a store that is cut in two loses nothing, without it loses what it had promised")
    func splitBrain() throws {
        for seed in [42, 1] as [UInt64] {
            for each in try judgements("split-brain", seed: seed) { #expect(each.verdict == .pass, "\(seed): \(each)") }
        }
    }

    @Test(
        "one store refuses while it has no leader, the other takes every append and names conflicts",
        arguments: [42, 1, 7] as [UInt64])
    func availableLog(seed: UInt64) throws {
        for each in try judgements("available-log", seed: seed) { #expect(each.verdict == .pass, "\(seed): \(each)") }
    }

    @Test("four attempts at three layers are 64 attempts, exactly; a retry at one layer is four, budgets leave one")
    func attempts() throws {
        for each in try judgements("64-attempts") { #expect(each.verdict == .pass, "\(each)") }
        let failed = try judgements("64-attempts", without: ["retry"]).filter { $0.verdict == .fail }
        #expect(!failed.isEmpty)
        let unbounded = try judgements("64-attempts", without: ["budget"]).filter { $0.verdict == .fail }
        #expect(unbounded.map(\.expectation.text) == ["during 95s..96s  attempts(database) == 20"])
    }
}
