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
    /// The file to record it in.
    var record: String?

    /// Plays; returns the session as it was left.
    func play() throws -> Session {
        // Before the terminal is taken: what is wrong with the file is to be read.
        let session = Session(scenario: scenario, options: options)
        let recording = try record.map { path throws(Complaint) in try RecordingFile(path, of: session) }
        guard let terminal = try? Terminal() else { return playAsLines(recording) }
        var flight = Flight(
            terminal: terminal, session: session, themes: Library.allThemes(), endsByItself: endsByItself,
            recording: recording)
        switch flight.fly() {
        case .quit, .runOver: return flight.land()
        case .terminated: throw ExitCode(128 + SIGTERM)
        case .hungUp: throw ExitCode(128 + SIGHUP)
        }
    }

    private func playAsLines(_ recording: RecordingFile?) -> Session {
        var (options, recording) = (options, recording)
        options.isInteractive = false
        var session = Session(scenario: scenario, options: options)
        var lines = JournalLines()
        session.runToEnd { session in
            lines.tellNews(of: session)
            recording?.follow(&session)
            return true
        }
        lines.tellNews(of: session)
        recording?.finish(&session)
        if let problem = recording?.problem { printError("sagascope: \(problem)") }
        return session
    }
}
