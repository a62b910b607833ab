import Glibc
import Testing

/// What dying by a handler writes.
private let restoring =
    "\u{1B}[?1000l\u{1B}[?1002l\u{1B}[?1006l\u{1B}[?1004l\u{1B}[?2004l\u{1B}[?2026l\u{1B}[?1l\u{1B}>\u{1B}[?25h"
    + "\u{1B}[0m\u{1B}[?1049l"

private let beginningOfFrame = "\u{1B}[?2026h"
private let endOfFrame = "\u{1B}[?2026l"

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

@Suite(.serialized) struct OpeningTests {
    @Test(
        "Colours are what the terminal has, and none with NO_COLOR",
        arguments: [
            ("xterm-256color", "", "indexed256"), ("xterm", "", "ansi8"), ("linux", "", "ansi8"), ("vt100", "", "mono"),
            ("xterm-256color", "1", "mono"), ("screen-256color", "", "indexed256"),
        ])
    func depth(terminal: String, noColor: String, depth: String) throws {
        var session = try ProbeSession(environment: ["TERM": terminal, "NO_COLOR": noColor])
        let reported = try session.report("ready")
        #expect(reported == "ready 80x24 \(depth) utf8=true")
        let written = try session.written(upTo: "frame 0")
        #expect(written.contains("\u{1B}[3") == (depth != "mono"))
        session.send("q")
        let ending = try session.ending()
        #expect(ending == .exited(0))
    }

    @Test("Without UTF-8 nothing but ASCII is written")
    func ascii() throws {
        var session = try ProbeSession(environment: ["LC_ALL": "C"])
        let reported = try session.report("ready")
        #expect(reported.hasSuffix("utf8=false"))
        session.send("q")
        _ = try session.ending()
        session.readRest()
        let output = session.output
        let isASCII = output.allSatisfy(\.isASCII)
        #expect(isASCII)
        #expect(output.contains("+-") && output.contains("frame 0"))
    }

    @Test(
        "A terminal that cannot be painted on is refused, and nothing is written to it",
        arguments: [
            ("", "TERM is unset or names an unknown terminal"), ("bogus", "TERM is unset or names an unknown terminal"),
            ("dumb", "this terminal cannot move its cursor"),
        ])
    func refused(terminal: String, message: String) throws {
        var session = try ProbeSession(environment: ["TERM": terminal])
        let reported = try session.nextReport()
        #expect(reported == "error \(message)")
        let ending = try session.ending()
        #expect(ending == .exited(1))
        let hasModesOfBefore = session.hasModesOfBefore
        session.readRest()
        let output = session.output
        #expect(output.isEmpty && hasModesOfBefore)
    }

    @Test("LINES and COLUMNS do not freeze the size")
    func environmentSize() throws {
        var session = try ProbeSession(environment: ["LINES": "10", "COLUMNS": "10"], width: 100, height: 30)
        let reported = try session.report("ready")
        #expect(reported.hasPrefix("ready 100x30"))
    }
}

@Suite(.serialized) struct PaintingTests {
    @Test("A thousand frames without a change write nothing")
    func unchanged() throws {
        var session = try ProbeSession()
        try session.report("ready")
        try session.written(upTo: endOfFrame)
        session.send("c")
        try session.written(upTo: endOfFrame)
        session.send("i")
        try session.report("painted the same")
        session.send("c")
        // Whatever the thousand frames had written would come before this.
        let written = try session.written(upTo: endOfFrame)
        #expect(written.utf8.count < 60, "\(written.debugDescription)")
        #expect(written.hasPrefix(beginningOfFrame))
    }

    @Test("Wide, accented and other scalars are written as they are, and control characters never")
    func scalars() throws {
        var session = try ProbeSession()
        try session.report("ready")
        let written = try session.written(upTo: "?[31m")
        #expect(written.contains("世界 é ✓ 🔒 ?[31m"))
    }

    @Test("Redrawing sends the whole screen again")
    func redraw() throws {
        var session = try ProbeSession()
        try session.report("ready")
        try session.written(upTo: endOfFrame)
        session.send("r")
        try session.report("redrawn")
        try session.written(upTo: "frame 0")
    }
}

@Suite(.serialized) struct InputTests {
    @Test(
        "Keys are told apart by what the terminal sends",
        arguments: [
            ("x", "key(x)"), ("é", "key(é)"), ("世", "key(世)"), ("🔒", "key(🔒)"), (" ", "key(Space)"),
            ("\t", "key(Tab)"), ("\r", "key(Enter)"), ("\n", "key(Enter)"), ("\u{7F}", "key(Backspace)"),
            ("\u{8}", "key(Backspace)"), ("\u{3}", "key(Ctrl-C)"), ("\u{12}", "key(Ctrl-R)"),
            ("\u{1C}", "key(Ctrl-\\)"),
            ("\u{1B}", "key(Esc)"), ("\u{1B}OA", "key(Up)"), ("\u{1B}OB", "key(Down)"), ("\u{1B}OC", "key(Right)"),
            ("\u{1B}OD", "key(Left)"), ("\u{1B}OH", "key(Home)"), ("\u{1B}OF", "key(End)"), ("\u{1B}[5~", "key(PgUp)"),
            ("\u{1B}[6~", "key(PgDn)"), ("\u{1B}[3~", "key(Delete)"), ("\u{1B}[2~", "key(Insert)"),
            ("\u{1B}[Z", "key(Shift-Tab)"), ("\u{1B}OP", "key(F1)"), ("\u{1B}[24~", "key(F12)"),
        ])
    func keys(bytes: String, expected: String) throws {
        var session = try ProbeSession()
        try session.report("ready")
        session.send(bytes)
        let reported = try session.nextReport()
        #expect(reported == "input \(expected)")
    }

    @Test(
        "A sequence that means nothing here is swallowed, and none of its characters is taken for a key",
        arguments: ["\u{1B}[<0;5;6M", "\u{1B}[1;9X", "\u{1B}[?62c", "\u{1B}Oz"])
    func unknownSequences(bytes: String) throws {
        var session = try ProbeSession()
        try session.report("ready")
        session.send(bytes + "x")
        let reported = try session.nextReport()
        #expect(reported == "input key(x)")
    }

    @Test("Esc and a character sent together are two keys, in this order")
    func escapeThenCharacter() throws {
        var session = try ProbeSession()
        try session.report("ready")
        session.send("\u{1B}x")
        let reported = try session.nextReport()
        #expect(reported == "input key(Esc)")
        let next = try session.nextReport()
        #expect(next == "input key(x)")
    }

    @Test("Keys sent at one go arrive one by one")
    func burst() throws {
        var session = try ProbeSession()
        try session.report("ready")
        session.send("xy\u{1B}OAz")
        var reports: [String] = []
        for _ in 0..<4 { reports.append(try session.nextReport()) }
        #expect(reports == ["input key(x)", "input key(y)", "input key(Up)", "input key(z)"])
    }

    @Test("What is pasted arrives as one text, and none of it as a command")
    func paste() throws {
        var session = try ProbeSession()
        try session.report("ready")
        session.send("\u{1B}[200~quit q\rnow é\u{1B}[201~x")
        let reported = try session.nextReport()
        #expect(reported == #"input paste("quit q\nnow é")"#)
        let next = try session.nextReport()
        #expect(next == "input key(x)")
    }

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
