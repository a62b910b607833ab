import ArgumentParser
import Scenarios

/// What may be changed about a scenario on the command line.
struct ScenarioArguments: ParsableArguments {
    @Option(help: ArgumentHelp("Derive all random numbers from this instead.", valueName: "n"))
    var seed: UInt64?

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("Change a setting before the run; may be repeated.", valueName: "path=value"))
    var settings: [String] = []

    @Option(
        help: ArgumentHelp(
            "Leave a pattern out: a kind of guard such as retry or breaker, budget or cache; may be repeated.",
            valueName: "pattern"))
    var without: [String] = []

    /// Reads a scenario as it is meant, with further settings; says which of its lines are left out with a pattern.
    func scenario(
        _ name: String, with more: [(path: String, value: String)] = [], in library: Library = Library()
    ) throws -> Scenario {
        var pairs = more
        for setting in settings {
            guard let equals = setting.firstIndex(of: "=") else {
                throw Complaint.badUsage("--set \(setting): write it as path=value, such as payment.workers=8")
            }
            pairs.append((String(setting[..<equals]), String(setting[setting.index(after: equals)...])))
        }
        if let seed { pairs.append(("seed", String(seed))) }
        let scenario = try Scenario.load(path: library.scenario(name), settings: pairs, without: without)
        let removed = without.map { "the \($0)" }.joined(separator: " and ")
        for line in scenario.omitted { printError("\(scenario.name): left out with \(removed): \(line)") }
        return scenario
    }
}
