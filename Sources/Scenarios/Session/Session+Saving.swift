import Simulation
import Timeline

extension Session {
    /// The session as a scenario file: the scenario's own text, with the log as its timeline.
    ///
    /// - Throws: why the file cannot be written that way.
    public func savedText() throws(SyntaxProblem) -> String {
        if let change = original.changes.first {
            throw SyntaxProblem(
                at: 0,
                "this session was started with \(change), which no file says; write it into \(original.file) first")
        }
        var text = ScenarioText(original.text)
        text.replaceTimeline(with: log.entries.map(\.command.text))
        let end = Instant.after(original.plan.duration)
        if loadEnd == nil, now >= end { text.replace("duration", with: (now + .nanoseconds(1)).exactText) }
        let written = text.text
        do {
            let read = try Scenario(parsing: written, file: original.file)
            guard CommandLog(read.timeline).isSame(as: log) else {
                throw SyntaxProblem(
                    at: 0, "the timeline of \(original.file) is written in a way that cannot be added to")
            }
        } catch let problems as Problems {
            let first = problems.all.first.map { "; \($0)" } ?? ""
            throw SyntaxProblem(at: 0, "the session cannot be written as a scenario\(first)")
        } catch let problem as SyntaxProblem {
            throw problem
        } catch {
            throw SyntaxProblem(at: 0, "\(error)")
        }
        return written
    }
}

extension Scenario {
    /// What was changed about the file when it was read, as the command line says it.
    fileprivate var changes: [String] {
        overrides.map { "--set \($0.path)=\($0.value)" } + removedPatterns.map { "--without \($0)" }
    }
}

extension CommandLog {
    /// Whether both hold the same commands at the same moments.
    fileprivate func isSame(as other: CommandLog) -> Bool {
        entries.map { [$0.time.exactText, "\($0.command.command)"] }
            == other.entries.map { [$0.time.exactText, "\($0.command.command)"] }
    }
}
