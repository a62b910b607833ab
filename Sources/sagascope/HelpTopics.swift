import ArgumentParser
import Scenarios

/// `sagascope help TOPIC`
struct HelpTopics: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "help",
        abstract: "Explain a command, or the language: scenario, commands, expect, metrics, report.")

    @Argument(help: "A command, or one of: scenario, commands, expect, metrics, report.")
    var topic: String?

    func run() throws {
        try complainingAloud {
            guard let topic else {
                print(Sagascope.helpMessage())
                return
            }
            if let text = Self.language.first(where: { $0.name == topic })?.text() {
                print(text)
            } else if let command = Self.commands.first(where: { $0.name == topic })?.type {
                print(Sagascope.helpMessage(for: command))
            } else {
                let topics = Self.language.map(\.name) + Self.commands.map(\.name)
                throw Complaint.badUsage("help: there is no topic \(topic)\(Spelling.hint(for: topic, among: topics))")
            }
        }
    }

    /// The language, from the parser's own tables.
    private static let language: [(name: String, text: @Sendable () -> String)] = [
        ("scenario", { Scenario.reference }), ("commands", { Help.commands }), ("expect", { Help.expectations }),
        ("metrics", { Help.metrics }), ("report", { Help.report }),
    ]

    private static let commands: [(name: String, type: any ParsableCommand.Type)] = [
        ("run", Run.self), ("check", Check.self), ("validate", Validate.self), ("new", New.self), ("list", List.self),
    ]
}
