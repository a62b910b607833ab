import ArgumentParser
import Scenarios

/// `sagascope advise EDGE`
struct Advise: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Propose a time limit and a breaker for the calls on an edge, from what a run measured.",
        discussion: """
            The scenario is run to its end. What is proposed rests on the seconds in which nothing was broken, and is \
            tried in a second run if the edge has a timeout and a breaker to set.
            """)

    @Argument(help: ArgumentHelp("An edge such as \"shop -> payment\", or the service it leads to.", valueName: "edge"))
    var edge: String

    @Argument(help: ArgumentHelp("A file, or a name that `list` shows.", valueName: "scenario"))
    var name = "slow-payment"

    @OptionGroup var arguments: ScenarioArguments

    func run() throws {
        try complainingAloud {
            let session = try HeadlessRun(scenario: arguments.scenario(name), options: .headless).session()
            let found = try advice(session)
            guard let advice = found.advice else {
                throw Complaint.unusableInput(
                    "\(found.edge): fewer than \(Advice.leastCalls) calls were answered well while nothing was broken; "
                        + "let \(session.original.name) run for longer, or with more load")
            }
            print(advice.settings(of: found.edge))
            print("\nwhy:")
            for reason in advice.reasons { print("  \(reason)") }
            try compare(session, found)
        }
    }

    private func advice(_ session: Session) throws(Complaint) -> Session.EdgeAdvice {
        do {
            return try session.advice(onEdge: edge)
        } catch {
            throw .badUsage(error.message)
        }
    }

    /// Runs the scenario again with what was proposed, and says what became of it.
    private func compare(_ before: Session, _ found: Session.EdgeAdvice) throws {
        guard !found.settings.isEmpty else { return }
        let scenario = try arguments.scenario(name, with: found.settings)
        let after = try HeadlessRun(scenario: scenario, options: .headless).session()
        print("\ntried:")
        print("  as it is:      \(Self.text(before.outcome))")
        print("  with this:     \(Self.text(after.outcome))")
    }

    private static func text(_ outcome: (okShare: Double?, p99: String)) -> String {
        let share = outcome.okShare.map { "\(($0 * 10_000).rounded() / 100)%" } ?? "none"
        return "\(share) of the requests answered well, p99 \(outcome.p99)"
    }
}
