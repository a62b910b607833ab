import Dashboard
import Scenarios
import Screen
import Terminal
import Timeline

/// An interactive session in a terminal: reads keys, lets time pass, paints.
///
/// The only place where virtual time is paced by the wall clock.
struct Flight: ~Copyable {
    private var terminal: Terminal
    private var dashboard: Dashboard
    private var session: Session
    private let endsByItself: Bool
    private var recording: RecordingFile?
    private var clock = WallClock()

    /// How it ended.
    enum Ending {
        /// The operator quit.
        case quit
        /// The run was over, and the flight was to end then.
        case runOver
        /// Somebody asked the program to end.
        case terminated
        /// The terminal is gone.
        case hungUp
    }

    /// - Parameters:
    ///   - endsByItself: whether the end of the run ends the flight; otherwise it stays there, paused.
    ///   - recording: the file to record it in.
    init(
        terminal: consuming Terminal, session: consuming Session, themes: [Theme], endsByItself: Bool,
        recording: RecordingFile? = nil
    ) {
        let size = terminal.size
        dashboard = Dashboard(
            width: size.width, height: size.height, themes: themes, depth: terminal.colorDepth,
            glyphs: terminal.isUTF8 ? .unicode : .ascii)
        self.terminal = terminal
        self.session = session
        self.endsByItself = endsByItself
        self.recording = recording
    }

    /// Gives the terminal back, and the session as it was left.
    consuming func land() -> Session { session }

    /// Flies until somebody or something ends it.
    mutating func fly() -> Ending {
        defer { recording?.finish(&session) }
        draw()
        while true {
            if let input = terminal.nextInput(timeoutMilliseconds: patience) {
                if let ending = handle(input) { return ending }
                record()
                draw()
            }
            guard session.isGoing else {
                if endsByItself, session.state == .ended { return .runOver }
                clock.skip()
                continue
            }
            if clock.frameIsDue {
                pass(clock.takeFrame())
                record()
                draw()
            }
        }
    }

    /// How long to wait for a key: to the next frame, or while time stands still, until there is one.
    private var patience: Int {
        session.isGoing ? clock.millisecondsToFrame : 60_000
    }

    private mutating func handle(_ input: Input) -> Ending? {
        switch input {
        case .terminate: return .terminated
        case .hangUp: return .hungUp
        case .resumed: clock.skip()
        case .key, .paste, .resize: break
        }
        let wasGoing = session.isGoing
        defer { if session.isGoing != wasGoing { clock.skip() } }
        switch dashboard.update(input, &session) {
        case nil: return nil
        case .quit: return .quit
        case .redraw: terminal.redraw()
        case .suspend: terminal.suspend()
        case .write(let text, let file): save(text, to: file)
        }
        return nil
    }

    private mutating func save(_ text: String, to file: String) {
        do throws(Complaint) {
            try write(text, to: file)
            dashboard.say("saved: sagascope check \(file) runs it again")
        } catch {
            dashboard.say(error.lines.joined(separator: "; "), isProblem: true)
        }
    }

    /// Lets virtual time pass for a frame's worth of real time, as long as that does not keep the keys waiting.
    private mutating func pass(_ elapsed: Duration) {
        let hurry = session.goal != nil
        var left = hurry ? Duration.maximum : elapsed * session.speed
        let slice = Duration.milliseconds(20)
        while left > .zero, session.isGoing, !clock.frameIsUsedUp {
            session.advance(by: min(slice, left))
            left = left - slice
        }
    }

    private mutating func record() {
        let wasWell = recording?.problem == nil
        recording?.follow(&session)
        if wasWell, let problem = recording?.problem { dashboard.say(problem, isProblem: true) }
    }

    private mutating func draw() {
        dashboard.observe(&session)
        terminal.paint(dashboard.view(session))
    }
}

/// Frames of a fifth of a second by the system's steady clock.
struct WallClock {
    private static let frame = Duration.milliseconds(200)
    /// How much of a frame the simulation may have; the rest is for painting and for the other programs.
    private static let share = Duration.milliseconds(140)

    private let start = ContinuousClock.now
    private var lastFrame = Duration.zero

    private var now: Duration {
        let (seconds, attoseconds) = (ContinuousClock.now - start).components
        return .seconds(seconds) + .nanoseconds(attoseconds / 1_000_000_000)
    }

    var frameIsDue: Bool { now - lastFrame >= Self.frame }

    var frameIsUsedUp: Bool { now - lastFrame >= Self.share }

    var millisecondsToFrame: Int {
        let left = lastFrame + Self.frame - now
        return max(0, Int((left.milliseconds).rounded(.up)))
    }

    /// Begins a frame; returns how long the one before took, two frames at most: a stopped program has not flown.
    mutating func takeFrame() -> Duration {
        let elapsed = min(now - lastFrame, Self.frame * Int64(2))
        lastFrame = now
        return elapsed
    }

    /// Lets the time since the last frame pass unused.
    mutating func skip() { lastFrame = now }
}
