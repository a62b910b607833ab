import ArgumentParser
import Scenarios

/// `sagascope [SCENARIO]`
struct Open: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Open the dashboard on a scenario; the default command.")

    @Argument(help: ArgumentHelp("A file, or a name that `list` shows.", valueName: "scenario"))
    var name = "checkout"

    @OptionGroup var arguments: ScenarioArguments

    func run() throws {
        try complainingAloud {
            let scenario = try arguments.scenario(name)
            _ = try Player(scenario: scenario, options: Session.Options(), endsByItself: false).play()
        }
    }
}
