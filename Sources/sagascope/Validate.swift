import ArgumentParser
import Scenarios

/// `sagascope validate SCENARIO...`
struct Validate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Read scenarios and report every problem as file:line:column: message.")

    @Argument(help: ArgumentHelp("Files, or names that `list` shows.", valueName: "scenario"))
    var scenarios: [String]

    func run() throws {
        var worst: ExitCode?
        for name in scenarios {
            do {
                let scenario = try complainingAloud { try ScenarioArguments.none.scenario(name) }
                print("\(name): valid, \(scenario.expectations.count) expectations")
            } catch let code as ExitCode {
                worst = code
            }
        }
        if let worst { throw worst }
    }
}

extension ScenarioArguments {
    /// Nothing changed.
    static var none: ScenarioArguments {
        var arguments = ScenarioArguments()
        (arguments.seed, arguments.settings, arguments.without) = (nil, [], [])
        return arguments
    }
}
