import Glibc
import Testing

@Suite(.serialized) struct InterruptionTests {
    @Test("A new size is told at once and painted")
    func resize() throws {
        var session = try ProbeSession()
        try session.report("ready")
        for (width, height) in [(120, 40), (40, 10), (200, 60)] {
            session.resize(width: width, height: height)
            try session.report("input resize(width: \(width), height: \(height))")
            try session.written(upTo: "frame 0")
        }
    }

    @Test("Stopped from outside and continued, the screen is taken over again")
    func stopAndContinue() throws {
        var session = try ProbeSession()
        try session.report("ready")
        try session.written(upTo: "frame 0")
        session.signal(SIGSTOP)
        session.signal(SIGCONT)
        let reported = try session.nextReport()
        #expect(reported == "input resumed")
        let written = try session.written(upTo: "frame 0")
        #expect(!TerminalModes(after: written).isOnMainScreen)
    }

    @Test("Suspending leaves the screen to the shell and takes it over afterwards", arguments: ["\u{1A}", "SIGTSTP"])
    func suspend(how: String) throws {
        // Without a shell above it the job does not stop, so that it goes on at once.
        var session = try ProbeSession()
        try session.report("ready")
        try session.written(upTo: "frame 0")
        if how == "SIGTSTP" { session.signal(SIGTSTP) } else { session.send(how) }
        try session.report("input resumed")
        let left = try session.written(upTo: "\u{1B}[?1049l")
        #expect(left.contains("\u{1B}[?2004l"))
        let taken = try session.written(upTo: "\u{1B}[?2004h")
        let modes = TerminalModes(after: "\u{1B}[?1049l\u{1B}[?25h" + taken)
        #expect(!modes.isOnMainScreen && !modes.isCursorShown && !modes.isKeypadNormal)
        #expect(taken.contains("frame 0"))
    }
}
