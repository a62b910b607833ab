import Scenarios
import Simulation
import Testing
import Timeline

@Suite("What the demo scenarios show")
struct DemoVerdictTests {
    private func session(
        _ name: String, seed: UInt64? = nil, without patterns: [String] = []
    ) throws -> Session {
        let settings = seed.map { [(path: "seed", value: "\($0)")] } ?? []
        let scenario = try Scenario.load(path: Demo.path(name), settings: settings, without: patterns)
        var session = Session(scenario: scenario, options: .headless)
        session.runToEnd()
        return session
    }

    @Test("a bulkhead keeps a slow dependency from drowning all, whatever the seed; without it they drown")
    func drowning() throws {
        for seed in [42, 1] as [UInt64] {
            #expect(try session("drowning", seed: seed).unmet == [], "\(seed)")
        }
        let failed = try session("drowning", without: ["bulkhead"]).judgements.filter { $0.verdict == .fail }
        let texts = failed.map(\.expectation.text)
        #expect(texts.contains { $0.contains("error share(buyers)") } && texts.contains { $0.contains("p99(buyers)") })
    }

    @Test("with majorities a store that is cut in two loses nothing, without it loses what it had promised")
    func splitBrain() throws {
        for seed in [42, 1] as [UInt64] {
            #expect(try session("split-brain", seed: seed).unmet == [], "\(seed)")
        }
    }

    @Test(
        "one store refuses while it has no leader, the other takes every append and names conflicts",
        arguments: [42, 1, 7] as [UInt64])
    func availableLog(seed: UInt64) throws {
        #expect(try session("available-log", seed: seed).unmet == [])
    }

    @Test(
        "a stampede and a stale replica, and how each is cured",
        arguments: ["stampede", "stampede-uncured", "stale-replica", "stale-replica-uncured"])
    func caches(name: String) throws {
        #expect(try session(name).unmet == [])
    }

    @Test("four attempts at three layers are 64 attempts, exactly; a retry at one layer is four, budgets leave one")
    func attempts() throws {
        #expect(try session("64-attempts").unmet == [])
        let failed = try session("64-attempts", without: ["retry"]).judgements.filter { $0.verdict == .fail }
        #expect(!failed.isEmpty)
        let unbounded = try session("64-attempts", without: ["budget"]).judgements.filter { $0.verdict == .fail }
        #expect(unbounded.map(\.expectation.text) == ["during 95s..96s  attempts(database) == 20"])
    }
}
