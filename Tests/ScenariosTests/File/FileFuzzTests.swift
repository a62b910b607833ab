import Foundation
import Scenarios
import Simulation
import Testing
import Timeline

@Suite("Damaged scenario files")
struct FileFuzzTests {
    private static let scraps = [
        "0", "-1", "9", "%", "s", "ms", "/s", ":", " ", "\n", "  ", "[", "]", "{", "}", ",", "#", "|", ">", "\"", "'",
        "-", "&",
        "*", "none", "yes", "99999999999999999999", "1e9", "é", "0s", "0%", "call shop.browse", "until done", "->",
    ]

    private static func damaged(_ text: [Character], _ random: inout RandomStream) -> String {
        var text = text
        for _ in 0...random.below(3) {
            let at = Int(random.below(UInt64(text.count)))
            let length = min(Int(random.below(8)), text.count - at)
            switch random.below(3) {
            case 0: text.removeSubrange(at..<(at + length))
            case 1: text.insert(contentsOf: scraps[Int(random.below(UInt64(scraps.count)))], at: at)
            default: text.replaceSubrange(at..<(at + length), with: text[(at / 2)..<(at / 2 + length)])
            }
        }
        return String(text)
    }

    @Test("A damaged file is either refused with a place and a message, or runs")
    func damage() throws {
        let texts = try ["slow-payment", "lost-subscriber"].map {
            Array(try String(contentsOfFile: Demo.path($0), encoding: .utf8))
        }
        var (refused, ran) = (0, 0)
        for seed in 0..<350 {
            var random = RandomStream(seed: UInt64(seed), name: "fuzz", purpose: "damage")
            let damaged = Self.damaged(texts[seed % 2], &random)
            do {
                let scenario = try Scenario(parsing: damaged, file: "f")
                ran += 1
                guard ran % 4 == 0 else { continue }
                var simulation = Simulation(plan: scenario.plan)
                simulation.run(until: .after(.milliseconds(100)), atMost: 500)
            } catch {
                refused += 1
                let lines = damaged.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).count
                for problem in error.all {
                    #expect((1...(lines + 1)).contains(problem.line) && problem.column >= 1, "seed \(seed): \(problem)")
                    let lines = problem.message.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
                    #expect(lines.count == 1, "seed \(seed): \(problem)")
                }
            }
        }
        #expect(refused > 100)
        #expect(ran > 15)
    }

    @Test(
        "Any value of any setting is either refused or runs",
        arguments: ["slow-payment", "command-bus", "lost-subscriber"])
    func values(demo: String) throws {
        let scenario = try Demo.scenario(demo)
        let values = [
            "0", "1", "1000000", "10000000", "0s", "1ns", "87600h", "0%", "100%", "0/s", "10000000/s", "none",
            "until done",
            "1 call", "100000 calls", "0 entries", "10000000 entries", "constant 87600h", "exponential mean 0s",
            "uniform 0s to 87600h", "pareto min 87600h shape 0.1", "lognormal p50 1ns p99 87600h",
            "normal mean 0s sd 87600h", "zipf 5 over 4000000000", "zipf 0 over 1", "uniform over 4000000000",
            "0.01 to 1000000.00", "constant 0s", "linear 0s to 0s", "100% over 0s",
        ]
        var ran = 0
        for (place, path) in scenario.settingPaths.enumerated() {
            // One value in five for each setting, others for the next.
            for value in stride(from: place % 5, to: values.count, by: 5).map({ values[$0] }) {
                guard let changed = try? scenario.changing(path, to: value) else { continue }
                ran += 1
                var simulation = Simulation(plan: changed.plan)
                simulation.run(until: .after(.milliseconds(50)), atMost: 100)
                simulation.perform(.change(scenario.plan))
                simulation.run(until: .after(.milliseconds(60)), atMost: 50)
            }
        }
        #expect(ran > 30)
    }
}
