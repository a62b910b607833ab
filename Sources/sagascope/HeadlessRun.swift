import Foundation
import Scenarios
import Simulation
import Timeline

/// A run without a screen, as fast as it goes; a long one says on standard error how far it is.
struct HeadlessRun {
    let scenario: Scenario
    let options: Session.Options
    /// The file to record it in.
    var record: String?

    /// Runs to the end and reports.
    func report() throws(Complaint) -> Report {
        let start = ContinuousClock.now
        let session = try session()
        let (seconds, attoseconds) = (ContinuousClock.now - start).components
        return Report(on: session, wallSeconds: Double(seconds) + Double(attoseconds) * 1e-18)
    }

    /// Runs to the end.
    func session() throws(Complaint) -> Session {
        var session = Session(scenario: scenario, options: options)
        var recording = try record.map { path throws(Complaint) in try RecordingFile(path, of: session) }
        var progress = Progress(of: scenario)
        session.runToEnd { session in
            progress.tell(session.now)
            recording?.follow(&session)
            return true
        }
        progress.end()
        recording?.finish(&session)
        if let problem = recording?.problem { printError("sagascope: \(problem)") }
        return session
    }

    /// Runs to the end twice; complains if the second run is not the same as the first.
    func reportOfTwo() throws(Complaint) -> Report {
        let (first, second) = (try report(), try report())
        guard first.digest == second.digest else {
            throw Complaint.notTheSame(
                "\(scenario.name): run twice, digests \(first.digest) and \(second.digest) differ")
        }
        printError("\(scenario.name): run twice, the digest was \(first.digest) both times")
        return second
    }
}

/// A line on standard error that is written over as the run goes on; only if somebody is there to see it.
private struct Progress {
    private let name: String
    private let length: Timeline.Duration
    private let isSeen = isatty(STDERR_FILENO) != 0
    private let start = ContinuousClock.now
    private var lastTold = ContinuousClock.now
    private var hasTold = false

    init(of scenario: Scenario) {
        name = scenario.name
        length = scenario.plan.duration
    }

    mutating func tell(_ now: Instant) {
        guard isSeen, ContinuousClock.now - lastTold > .milliseconds(500) else { return }
        lastTold = .now
        hasTold = true
        let percent = Int(min(100, 100 * (now.sinceZero / length)))
        FileHandle.standardError.write(Data("\r\(name): \(now) of \(length), \(percent)% ".utf8))
    }

    func end() {
        if hasTold { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
    }
}
