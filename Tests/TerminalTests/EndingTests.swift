import Glibc
import Testing

/// What dying by a handler writes.
private let restoring =
    "\u{1B}[?1000l\u{1B}[?1002l\u{1B}[?1006l\u{1B}[?1004l\u{1B}[?2004l\u{1B}[?2026l\u{1B}[?1l\u{1B}>\u{1B}[?25h"
    + "\u{1B}[0m\u{1B}[?1049l"

@Suite(.serialized) struct EndingTests {
    @Test("While it runs the program has the screen, and no mouse")
    func running() throws {
        var session = try ProbeSession()
        try session.report("ready")
        let written = try session.written(upTo: "frame 0")
        let modes = TerminalModes(after: written)
        #expect(!modes.isOnMainScreen && !modes.isCursorShown && !modes.isKeypadNormal)
        #expect(modes.isPasteBracketed && !modes.isMouseReported)
        let hasModesOfBefore = session.hasModesOfBefore
        #expect(!hasModesOfBefore)
    }

    @Test(
        "However the program ends by itself, the terminal is as before",
        arguments: [
            ("q", .exited(0), false), ("e", .exited(3), false), ("b", .killed(SIGILL), true),
            ("f", .killed(SIGILL), true), ("o", .killed(SIGSEGV), true), ("a", .killed(SIGABRT), true),
        ] as [(String, ProbeSession.Ending, Bool)])
    func endings(key: String, expected: ProbeSession.Ending, isCrash: Bool) throws {
        var session = try ProbeSession()
        try session.report("ready")
        session.send(key)
        try expectRestored(&session, expected, byHandler: isCrash)
    }

    @Test("After a trap the reason is printed on the restored screen")
    func backtrace() throws {
        var session = try ProbeSession()
        try session.report("ready")
        session.send("f")
        _ = try session.ending()
        session.readRest()
        let output = session.output
        let restored = try #require(output.firstRange(of: restoring))
        #expect(output[restored.upperBound...].contains("Backtrac"))
        #expect(!output[restored.upperBound...].contains("\u{1B}[?1049h"))
    }

    @Test("Asked to end, the program hears of it at once and ends by itself", arguments: [SIGTERM, SIGINT, SIGHUP])
    func asked(number: Int32) throws {
        var session = try ProbeSession()
        try session.report("ready")
        session.signal(number)
        let reported = try session.report("input")
        #expect(reported == (number == SIGHUP ? "input hangUp" : "input terminate"))
        try session.report("ended")
        try expectRestored(&session, .exited(0), byHandler: false)
    }

    @Test("A program that does not listen restores the screen and dies of the request within seconds")
    func deaf() throws {
        var session = try ProbeSession()
        try session.report("ready")
        session.send("d")
        try session.report("deaf")
        session.signal(SIGTERM)
        try expectRestored(&session, .killed(SIGTERM), byHandler: true)
    }

    @Test("A program that hears a request and goes on dies when asked again", arguments: [SIGTERM, SIGHUP])
    func stubborn(number: Int32) throws {
        var session = try ProbeSession()
        try session.report("ready")
        session.send("s")
        try session.report("stubborn")
        session.signal(number)
        try session.report("ignored")
        try session.signalUntilItEnds(number)
        try expectRestored(&session, .killed(number), byHandler: true)
    }

    @Test(
        "A deadly signal from outside restores the screen and kills",
        arguments: [SIGQUIT, SIGSEGV, SIGILL, SIGABRT, SIGUSR1])
    func killed(number: Int32) throws {
        var session = try ProbeSession()
        try session.report("ready")
        session.signal(number)
        try expectRestored(&session, .killed(number), byHandler: true)
    }

    @Test("When the terminal goes away the program hears of it and ends")
    func hangUp() throws {
        var session = try ProbeSession()
        try session.report("ready")
        session.hangUp()
        let reported = try session.report("input")
        #expect(reported == "input hangUp")
        let ending = try session.ending()
        #expect(ending == .exited(0))
    }

    private func expectRestored(
        _ session: inout ProbeSession, _ expected: ProbeSession.Ending, byHandler: Bool
    ) throws {
        let ending = try session.ending()
        let hasModesOfBefore = session.hasModesOfBefore
        session.readRest()
        let output = session.output
        #expect(ending == expected)
        #expect(hasModesOfBefore)
        #expect(TerminalModes(after: output) == TerminalModes(after: ""))
        #expect(output.contains(restoring) == byHandler)
    }
}
