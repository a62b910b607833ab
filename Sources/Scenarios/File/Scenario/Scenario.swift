public import Simulation

/// A scenario: a system, who calls it, what happens to it, and what is expected of it.
///
/// It is a demo, a test and a lesson in one file. The file is YAML for the structure, and text blocks for the
/// timeline and the expectations, each line of which could also be typed at the prompt.
public struct Scenario: Sendable {
    /// The file, as it was named by the caller.
    public let file: String
    /// The file's text.
    public let text: String
    /// What happens to the system, in order of time; commands of the same moment in the order of the file.
    public let timeline: [TimedCommand]
    /// What is expected of it, in the order of the file.
    public let expectations: [Expectation]
    /// Lines of the timeline and the expectations that speak of what was to be removed, and were left out.
    public let omitted: [String]
    /// The values that the caller put in place of the file's.
    public let overrides: [(path: String, value: String)]
    /// The patterns that the caller removed.
    public let removedPatterns: [String]
    var blueprint: Blueprint

    /// The system.
    public var plan: Plan { blueprint.plan }
    /// What the run is called.
    public var name: String { blueprint.plan.name }
    /// What there is to see.
    public var about: String { blueprint.about }
    /// Which of the guide's interview questions it helps to answer.
    public var teaches: [InterviewQuestion] { blueprint.teaches }
    /// Whether an interactive run goes on after its duration, until somebody quits.
    public var isEndless: Bool { blueprint.isEndless }

    /// Reads a scenario.
    /// - Parameters:
    ///   - text: what the file says.
    ///   - file: its name, for messages.
    ///   - settings: values in place of the file's, by their paths, such as `payment.workers`.
    ///   - without: patterns to remove: kinds of guards such as `retry`, `budget` (of retries), or `cache`.
    /// - Throws: every problem that there is, by its place.
    public init(
        parsing text: String, file: String, settings: [(path: String, value: String)] = [], without: [String] = []
    ) throws(Problems) {
        var findings = Findings()
        var tree = try Tree(parsing: text, file: file)
        tree.spellOutOperations()
        tree.apply(settings, &findings)
        let lines = SourceLines(text)
        let (timeline, expectations) = (
            TextBlock("timeline", in: tree, lines, &findings), TextBlock("expect", in: tree, lines, &findings)
        )
        let whole = Blueprint(tree, &findings)
        let commands = timeline.commands(for: whole, &findings)
        let expected = expectations.expectations(for: whole, &findings)
        tree.remove(patterns: without, &findings)
        try findings.check()

        self.text = text
        self.file = file
        overrides = settings
        removedPatterns = without
        var omissions = Findings()
        blueprint = without.isEmpty ? whole : Blueprint(tree, &findings)
        let left = without.isEmpty ? commands : timeline.commands(for: blueprint, &omissions)
        self.timeline = left.filter { command in !without.contains { command.command.brings($0) } }
        self.expectations = without.isEmpty ? expected : expectations.expectations(for: blueprint, &omissions)
        omitted =
            omissions.problems.map { String(lines[$0.line].trimmed) }
            + left.filter { command in without.contains { command.command.brings($0) } }.map(\.text)
        try findings.check()
    }
}

extension Command {
    /// Whether the command sets the very pattern that was to be removed: the budget of an edge.
    fileprivate func brings(_ pattern: String) -> Bool {
        guard case .set(let path, _) = self else { return false }
        return path.split(separator: ".").last.map { $0 == pattern } ?? false
    }
}
