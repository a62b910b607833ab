import ArgumentParser
import Scenarios

/// `sagascope help TOPIC`
struct HelpTopics: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "help",
        abstract: "Explain a command, or the language: \(language).")

    @Argument(help: "A command, or one of: \(Self.language).")
    var topic: String?

    func run() throws {
        try complainingAloud {
            guard let topic else {
                print(Sagascope.helpMessage())
                return
            }
            if let topic = Help.Topic(rawValue: topic) {
                print(topic.text)
            } else if let command = Self.commands.first(where: { $0.name == topic })?.type {
                print(Sagascope.helpMessage(for: command))
            } else {
                let topics = Help.Topic.allCases.map(\.rawValue) + Self.commands.map(\.name)
                throw Complaint.badUsage("help: there is no topic \(topic)\(Spelling.hint(for: topic, among: topics))")
            }
        }
    }

    private static let language = Help.Topic.allCases.map(\.rawValue).joined(separator: ", ")

    private static let commands: [(name: String, type: any ParsableCommand.Type)] = [
        ("run", Run.self), ("replay", Replay.self), ("check", Check.self), ("trace", Trace.self),
        ("validate", Validate.self), ("new", New.self), ("list", List.self),
    ]
}
