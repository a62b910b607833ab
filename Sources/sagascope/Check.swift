import ArgumentParser
import Scenarios
import Timeline

/// `sagascope check SCENARIO...`
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run scenarios headless and judge their expectations: 0 pass, 1 fail, 2 inconclusive, 3 error.")

    @Argument(help: ArgumentHelp("Files, or names that `list` shows.", valueName: "scenario"))
    var names: [String]

    @OptionGroup var arguments: ScenarioArguments

    @Flag(help: "Run each twice, and compare the digests.")
    var twice = false

    func run() throws {
        let scenarios = try readAll()
        var verdicts: [Verdict] = []
        for scenario in scenarios {
            let run = HeadlessRun(scenario: scenario, options: .headless)
            let report = try complainingAloud { try twice ? run.reportOfTwo() : run.report() }
            verdicts.append(report.verdict)
            print(report.verdictText)
        }
        let overall = Verdict.overall(of: verdicts)
        if overall != .pass { throw ExitCode(overall.exitStatus) }
    }

    /// Nothing is run before everything has been read: a bad file among good ones is found at once.
    private func readAll() throws -> [Scenario] {
        var scenarios: [Scenario] = []
        var bad: ExitCode?
        for name in names {
            do {
                scenarios.append(try complainingAloud { try arguments.scenario(name) })
            } catch let code as ExitCode {
                bad = code
            }
        }
        if let bad { throw bad }
        return scenarios
    }
}
