import Scenarios
import Testing

@Suite("Demos of balancing")
struct BalancingDemoTests {
    private func verdict(_ name: String, seed: UInt64?, without: [String] = []) throws -> Verdict {
        let settings = seed.map { [(path: "seed", value: "\($0)")] } ?? []
        let scenario = try Scenario.load(path: Demo.path(name), settings: settings, without: without)
        var session = Session(scenario: scenario, options: .headless)
        session.runToEnd()
        return session.verdict
    }

    @Test("they hold for their own seed and for others", arguments: ["hot-shard", "scale-out", "scale-out-uncured"])
    func hold(name: String) throws {
        #expect(try verdict(name, seed: nil) == .pass)
        #expect(try verdict(name, seed: 1) == .pass)
    }

    @Test("without the bulkhead, the doubled api brings its database down")
    func cure() throws {
        #expect(try verdict("scale-out", seed: nil, without: ["bulkhead"]) == .fail)
    }
}
