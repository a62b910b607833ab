import ArgumentParser
import Dashboard
import Foundation
import Scenarios
import Simulation
import Terminal
import Timeline

/// Plays a scenario for people: in the dashboard, or where there is no terminal to paint on, as lines of text.
struct Player {
    let scenario: Scenario
    let options: Session.Options
    /// Whether the end of the run ends the play; otherwise it stays there, paused.
    let endsByItself: Bool

    /// Plays; returns the session as it was left.
    func play() throws -> Session {
        guard let terminal = try? Terminal() else { return playAsLines() }
        var flight = Flight(
            terminal: terminal, session: Session(scenario: scenario, options: options), themes: themes(),
            endsByItself: endsByItself)
        switch flight.fly() {
        case .quit, .runOver: return flight.land()
        case .terminated: throw ExitCode(128 + SIGTERM)
        case .hungUp: throw ExitCode(128 + SIGHUP)
        }
    }

    private func playAsLines() -> Session {
        var options = options
        options.isInteractive = false
        var session = Session(scenario: scenario, options: options)
        var lines = JournalLines()
        session.runToEnd { session in
            lines.tellNews(of: session)
            return true
        }
        lines.tellNews(of: session)
        return session
    }

    /// The themes that there are; what cannot be read of them is left out here, and told by `list`.
    private func themes() -> [Theme] {
        Library().themes().compactMap { Theme.load(path: $0.path)?.theme }
    }
}
