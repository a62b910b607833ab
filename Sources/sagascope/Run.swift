import ArgumentParser
import Foundation
import Scenarios
import Simulation
import Timeline

/// `sagascope run SCENARIO`
struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Play a scenario, then exit with its verdict: 0 pass, 1 fail, 2 inconclusive, 3 error.")

    @Argument(help: ArgumentHelp("A file, or a name that `list` shows.", valueName: "scenario"))
    var name: String

    @Flag(help: "Without a screen, as fast as it goes.")
    var headless = false

    @OptionGroup var arguments: ScenarioArguments

    @Option(help: ArgumentHelp("End at this virtual time, such as 90s.", valueName: "time"))
    var until: String?

    @Option(help: ArgumentHelp("Virtual seconds in a second, on the screen.", valueName: "x"))
    var speed = 1.0

    @Flag(help: "Run it headless twice, and compare the digests.")
    var twice = false

    @Option(help: "What to print at the end.")
    var report = Format.text

    @Option(help: ArgumentHelp("Write the report to this file instead.", valueName: "file"))
    var out: String?

    @Option(help: ArgumentHelp("Record the run in this file, for replay and for queries.", valueName: "file"))
    var record: String?

    @Flag(help: "Headless, and follow one request through all of it by its correlation id.")
    var traceOne = false

    @Option(help: ArgumentHelp("The same with the request of this number.", valueName: "request"))
    var traceRequest: UInt64?

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json, markdown
    }

    func run() throws {
        try complainingAloud {
            let scenario = try arguments.scenario(name)
            guard !traceOne, traceRequest == nil else { return try trace(scenario) }
            let report = try twice || headless ? flyBlind(scenario) : play(scenario)
            try show(report)
            if report.verdict != .pass { throw ExitCode(report.verdict.exitStatus) }
        }
    }

    private func options(_ base: Session.Options) throws -> Session.Options {
        var options = base
        guard speed > 0, speed.isFinite else { throw Complaint.badUsage("--speed \(speed): it must be more than 0") }
        options.speed = speed
        options.simulation.keepsTransitions = record != nil
        if let until {
            guard let length = Duration(parsing: until), length > .zero else {
                throw Complaint.badUsage("--until \(until): write a time with its unit, such as 90s")
            }
            options.end = .after(length)
        }
        return options
    }

    private func play(_ scenario: Scenario) throws -> Report {
        let player = Player(
            scenario: scenario, options: try options(Session.Options()), endsByItself: true, record: record)
        return Report(on: try player.play())
    }

    private func flyBlind(_ scenario: Scenario) throws -> Report {
        if twice, record != nil {
            throw Complaint.badUsage("--record cannot go with --twice: one of the runs is recorded")
        }
        let run = HeadlessRun(scenario: scenario, options: try options(.headless), record: record)
        return try twice ? run.reportOfTwo() : run.report()
    }

    /// How many entries of the journal are kept for a request to be found among them.
    private static var traceEntries: Int { 1 << 20 }

    private func trace(_ scenario: Scenario) throws {
        guard !twice, record == nil, out == nil else {
            throw Complaint.badUsage("--trace-one goes with neither --twice, --record nor --out")
        }
        var options = try options(.headless)
        options.simulation.journalEntries = Self.traceEntries
        let session = try HeadlessRun(scenario: scenario, options: options).session()
        if let traceRequest {
            guard let journey = Journey(of: traceRequest, in: session) else {
                throw Complaint.badUsage(
                    "--trace-request \(traceRequest): the journal holds nothing of it; with --until it ends earlier")
            }
            return print(journey.text)
        }
        guard let journey = Journey.mostTelling(in: session) else {
            throw Complaint.badUsage("--trace-one: no request was answered; try a longer --until")
        }
        print(journey.text)
    }

    private func show(_ report: Report) throws(Complaint) {
        let text =
            switch self.report {
            case .text: report.text
            case .json: report.json.description
            case .markdown: report.markdown
            }
        if let out {
            try write(text.hasSuffix("\n") ? text : text + "\n", to: out)
        } else {
            print(text)
        }
    }
}
