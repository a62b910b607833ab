import ArgumentParser

/// The command line.
@main
struct Sagascope: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sagascope",
        abstract: "A flight simulator for distributed-system patterns.",
        usage: "sagascope [SCENARIO]\n       sagascope COMMAND ...",
        discussion: """
            Without a command the dashboard opens on a scenario: a file, or the name of one that `list` shows; \
            by default the checkout demo. It stays, paused, at the end.
            """,
        version: "0.1.0",
        subcommands: [
            Open.self, Run.self, Replay.self, Check.self, Advise.self, Trace.self, Validate.self, New.self,
            List.self, HelpTopics.self,
        ],
        defaultSubcommand: Open.self)
}
