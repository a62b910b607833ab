import ArgumentParser
import Caching
import Foundation
import Scenarios

/// `sagascope trace FILE`
struct Trace: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Replay a cache trace, and compare eviction policies by their hits.",
        discussion: """
            Each policy starts with an empty cache of each size. The trace is read once and not kept, but for opt, the \
            optimum that only who knows the future can reach. "sagascope help traces" explains formats and policies.
            """)

    @Argument(help: ArgumentHelp("A file that is not compressed, or - for standard input.", valueName: "file"))
    var file: String

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Policies, with commas between them; opt is added (default: \(TracePlan.policyText(.entries))).",
            valueName: "names"))
    var policy: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Sizes of the caches, with commas between them, such as 1000,5k,1m.", valueName: "sizes"))
    var size: String?

    @Option(help: ArgumentHelp("How the trace is written: \(TraceFormat.words).", valueName: "format"))
    var format = "text"

    @Option(help: "What sizes count: entries, or bytes where the format has sizes.")
    var unit = Unit.entries

    @Option(help: "What to print at the end.")
    var report = Format.text

    @Flag(help: "Draw hit ratios over sizes, below the text.")
    var chart = false

    @Option(help: ArgumentHelp("Write the report to this file instead.", valueName: "file"))
    var out: String?

    enum Unit: String, ExpressibleByArgument, CaseIterable {
        case entries, bytes
    }

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    func run() throws {
        try complainingAloud {
            let plan = try TracePlan(policies: policy, sizes: size, format: format, unit: unit)
            if chart { try checkChart(plan) }
            let report = try replay(plan)
            try show(report)
            if report.lacksWhatWasAsked { throw ExitCode(65) }
        }
    }

    private func checkChart(_ plan: TracePlan) throws(Complaint) {
        guard report == .text else { throw .badUsage("--chart cannot go with --report json") }
        guard plan.sizes.count > 1 else {
            throw .badUsage("--chart draws hit ratios over sizes, and --size has one; name two or more")
        }
    }

    /// Reads the trace to its end.
    private func replay(_ plan: TracePlan) throws -> TraceReport {
        var input = try TraceFile(file)
        var progress = TraceProgress(of: input.name, bytes: input.size)
        var comparison = TraceComparison(plan)
        var parser = TraceParser(plan.format)
        var batch = TraceBatch()
        do {
            while let piece = try input.next() {
                parser.feed(piece)
                while try parser.fill(&batch) { comparison.replay(batch) }
                progress.tell(requests: comparison.requests, bytes: input.bytesRead)
            }
            parser.finish()
            while try parser.fill(&batch) { comparison.replay(batch) }
        } catch {
            progress.end()
            guard let error = error as? TraceError else { throw error }
            throw Complaint.problem("\(input.name): \(error)")
        }
        let report = TraceReport(trace: file, name: input.name, comparison: comparison, parser: parser)
        progress.end()
        if let note = report.note { printError("\(input.name): \(note)") }
        guard report.requests > 0 else { throw Complaint.problem("\(input.name): \(report.emptiness)") }
        return report
    }

    private func show(_ report: TraceReport) throws(Complaint) {
        var text = self.report == .json ? report.json.description : report.text
        if chart {
            let lines = HitRatioChart(report.rows, unit: unit.rawValue).lines(width: out == nil ? outputWidth() : 80)
            text += "\n\n" + lines.joined(separator: "\n")
        }
        if let out { try write(text + "\n", to: out) } else { print(text) }
    }
}

/// How many columns there are for output: those of the terminal, at most 80.
private func outputWidth() -> Int {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return min(80, Int(size.ws_col))
}
